import { expect, test } from 'vitest';
import { createCloseStack } from '../../src/runtime/close-stack.js';

test('closes in reverse, each after the one before it is done', async () => {
  const said: string[] = [];
  const stack = createCloseStack();
  const thing = { close: () => said.push('thing') };
  expect(stack.use(thing)).toBe(thing);
  stack.defer(async () => {
    said.push('begins');
    await Promise.resolve();
    said.push('ends');
  });
  await stack.close();
  expect(said).toEqual(['begins', 'ends', 'thing']);
});

test('what fails keeps nothing else open, and is told', async () => {
  const said: string[] = [];
  const stack = createCloseStack();
  stack.defer(() => said.push('first'));
  stack.defer(() => Promise.reject(new Error('stuck')));
  await expect(stack.close()).rejects.toThrow('stuck');
  expect(said).toEqual(['first']);
  stack.defer(() => Promise.reject(new Error('one')));
  stack.defer(() => Promise.reject(new Error('two')));
  await expect(stack.close()).rejects.toHaveProperty('errors.length', 2);
});
