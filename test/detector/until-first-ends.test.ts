import { expect, test } from 'vitest';
import { untilFirstEnds } from '../../src/detector/until-first-ends.js';
import { createCloseStack } from '../../src/runtime/process/close-stack.js';

const never = new Promise<never>(() => undefined);

/** A store, the loops over it, and notes of the order in which they end. */
function scene() {
  const notes: string[] = [];
  const opened = createCloseStack();
  opened.defer(() => notes.push('store closed'));
  let end: () => void = () => undefined;
  const watching = new Promise<void>((resolve) => (end = resolve)).then(() => void notes.push('frame loop ended'));
  return { notes, opened, watching, end: () => end() };
}

test('nothing is closed under the frame loop when the other loop ends first', async () => {
  const { notes, opened, watching, end } = scene();
  await untilFirstEnds({ watching, delivering: Promise.resolve(), failures: [never] }, opened);
  const closed = opened.close();
  setImmediate(end);
  await closed;
  expect(notes).toEqual(['frame loop ended', 'store closed']);
});

test('nor when something fails; the failure is reported', async () => {
  const { notes, opened, watching, end } = scene();
  const failures = [Promise.reject<never>(new Error('another detector'))];
  await expect(untilFirstEnds({ watching, delivering: never, failures }, opened)).rejects.toThrow('another detector');
  const closed = opened.close();
  setImmediate(end);
  await closed;
  expect(notes).toEqual(['frame loop ended', 'store closed']);
});

test('the error of the frame loop is reported, and does not disturb the closing', async () => {
  const { notes, opened } = scene();
  const watching = Promise.reject(new Error('the camera'));
  await expect(untilFirstEnds({ watching, delivering: never, failures: [] }, opened)).rejects.toThrow('the camera');
  await opened.close();
  expect(notes).toEqual(['store closed']);
});
