import { expect, test } from 'vitest';
import { createCloseStack, withCloseStack } from '../../../src/runtime/process/close-stack.js';

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

test('work that fails or stops itself has its signal aborted first, and then everything closed', async () => {
  const said: string[] = [];
  const failing = withCloseStack(new AbortController().signal, (opened, stopping) => {
    stopping.signal.addEventListener('abort', () => said.push('stopped'));
    opened.defer(() => said.push('closed'));
    return Promise.reject(new Error('no camera'));
  });
  await expect(failing).rejects.toThrow('no camera');
  expect(said).toEqual(['stopped', 'closed']);
});

test('work sees the signal it was given, also one that was aborted before', async () => {
  await withCloseStack(AbortSignal.abort(), (_opened, stopping) => {
    expect(stopping.signal.aborted).toBe(true);
    return Promise.resolve();
  });
});
