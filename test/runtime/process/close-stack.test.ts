import { expect, test } from 'vitest';
import { createCloseStack, withCloseStack } from '../../../src/runtime/process/close-stack.js';

test('closes in reverse, each after the one before it is done', async () => {
  const order: string[] = [];
  const stack = createCloseStack();
  const thing = { close: () => order.push('thing') };
  expect(stack.use(thing)).toBe(thing);
  stack.defer(async () => {
    order.push('begins');
    await Promise.resolve();
    order.push('ends');
  });
  await stack.close();
  expect(order).toEqual(['begins', 'ends', 'thing']);
});

test('closes everything else after an error, then throws it', async () => {
  const order: string[] = [];
  const stack = createCloseStack();
  stack.defer(() => order.push('first'));
  stack.defer(() => Promise.reject(new Error('stuck')));
  await expect(stack.close()).rejects.toThrow('stuck');
  expect(order).toEqual(['first']);
  stack.defer(() => Promise.reject(new Error('one')));
  stack.defer(() => Promise.reject(new Error('two')));
  await expect(stack.close()).rejects.toHaveProperty('errors.length', 2);
});

test('after failed work, aborts the signal first, then closes everything', async () => {
  const order: string[] = [];
  const failing = withCloseStack(new AbortController().signal, (opened, stopping) => {
    stopping.signal.addEventListener('abort', () => order.push('stopped'));
    opened.defer(() => order.push('closed'));
    return Promise.reject(new Error('no camera'));
  });
  await expect(failing).rejects.toThrow('no camera');
  expect(order).toEqual(['stopped', 'closed']);
});

test('the work sees a signal that was aborted before', async () => {
  await withCloseStack(AbortSignal.abort(), (_opened, stopping) => {
    expect(stopping.signal.aborted).toBe(true);
    return Promise.resolve();
  });
});
