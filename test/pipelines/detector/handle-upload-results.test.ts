import { expect, test } from 'vitest';
import { openResultTrust } from '../../../src/detector/result-trust.js';
import type { UploadResult } from '../../../src/domain/contract/payloads.js';
import { handleUploadResults } from '../../../src/pipelines/detector/handle-upload-results.js';
import { isSignedDocument } from '../../../src/runtime/signed-receipt.js';
import { makeReceipt, makeResult, makeSignedResult, testSecret } from '../../support/receipt.js';
import { temporaryFolder } from '../../support/temporary-folder.js';

/** Starts the handler of a room's results, and notes what it does. */
async function start(folder = temporaryFolder()) {
  const settled: string[] = [];
  const logged: string[] = [];
  let ignored = 0;
  const archived: (string | undefined)[] = [];
  const settle = (one: string) => Promise.resolve(void settled.push(one));
  const settleSnapshot = (one: string, where?: string) => {
    archived.push(where);
    return settle(one);
  };
  const note = (_: unknown, words = '') => void logged.push(words);
  const trust = await openResultTrust(folder);
  const kinds = new Set<string>();
  const handle = handleUploadResults({
    ...{ base: 'b', snapshots: { settle: settleSnapshot }, outbox: { settle }, trust, ended: () => undefined },
    ...{ ignored: () => void (ignored += 1), log: { warn: note, error: note } },
    throttle: (kind) => (kinds.has(kind) ? undefined : kinds.add(kind).size),
    isSigned: (document) => isSignedDocument(document, testSecret),
  });
  const receive = (payload: object) =>
    handle({ topic: 'b/kitchen/upload', payload: Buffer.from(JSON.stringify(payload)) });
  return { receive, settled, archived, logged, ignored: () => ignored, trust };
}

const receipt = makeReceipt(Buffer.from('picture'), 'http://detector');
const { id } = receipt;
const failed = (result: UploadResult['result'], code: string) => ({ result, error: { code, message: 'm' } });

const cases = [
  ['an uploaded snapshot', {}, true],
  ['a lost snapshot', failed('lost', 'gone'), true],
  ['a refused name', failed('rejected', 'disallowed_name'), true],
  ['a receipt with a forged signature', failed('rejected', 'bad_signature'), false],
  ['a receipt that was not understood', failed('rejected', 'bad_receipt'), false],
] as const satisfies readonly (readonly [string, Partial<UploadResult>, boolean])[];
test.each(cases)('%s ends it, or not: signed or, before the first signed result, unsigned', async (_, change, ends) => {
  for (const make of [makeSignedResult, makeResult]) {
    const { receive, settled } = await start();
    await receive(make(receipt, change));
    expect(settled).toEqual(ends ? [id, id] : []);
  }
});

test('anything else ends nothing', async () => {
  const { receive, settled, ignored } = await start();
  await receive({ snapshot: id });
  expect([settled, ignored()]).toEqual([[], 0]);
});

test('after a signed result, in this run or an earlier one, unsigned results end nothing; deleting the file resets it', async () => {
  const folder = temporaryFolder();
  const other = makeReceipt(Buffer.from('another'), 'http://detector');
  const first = await start(folder);
  expect(first.trust.needsSignature).toBe(false);
  await first.receive(makeSignedResult(receipt));
  expect(first.settled).toEqual([id, id]);
  const later = await start(folder);
  for (const { receive, settled } of [first, later]) {
    settled.length = 0;
    for (const result of ['uploaded', 'rejected', 'lost'] as const) await receive(makeResult(other, { result }));
    expect(settled).toEqual([]);
  }
  expect(later.ignored()).toBe(3);
  expect(later.logged).toEqual([expect.stringContaining(`delete ${later.trust.file}`)]);
});

test('a result with a wrong signature never ends anything, and is no reason to require one', async () => {
  const { receive, settled, ignored, logged, trust } = await start();
  await receive(makeSignedResult(receipt, {}, 'another secret of thirty-two characters'));
  await receive({ ...makeSignedResult(receipt), ...failed('lost', 'gone') });
  expect([settled, ignored(), trust.needsSignature]).toEqual([[], 2, false]);
  expect(logged).toEqual([expect.stringContaining('compare secret_from')]);
  await receive(makeResult(receipt));
  expect(settled).toEqual([id, id]);
});

test('a result that cannot be remembered as signed settles nothing yet; unsigned ones count no more', async () => {
  const { receive, settled } = await start('/nowhere');
  await expect(receive(makeSignedResult(receipt))).rejects.toThrow('ENOENT');
  await receive(makeResult(receipt));
  expect(settled).toEqual([]);
});

test('a snapshot is known as archived only by a signed result that says so', async () => {
  const { receive, archived } = await start();
  await receive(makeResult(receipt));
  await receive(makeSignedResult(receipt, { result: 'lost' }));
  await receive(makeSignedResult(receipt, { archive: 'dropbox' }));
  expect(archived).toEqual([undefined, undefined, 'dropbox']);
});
