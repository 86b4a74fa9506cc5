import { createRandom } from '../chaos/random.js';
import { makeReceipt, makeResult, makeSignedResult } from './receipt.js';

/** What a stranger might send, the same for the same seed: bytes, JSON, forgeries and near misses. */
export function createStranger(seed: number, origin: string) {
  const random = createRandom(seed);
  const bytes = (length: number) => Buffer.from(Array.from({ length }, () => Math.floor(random.next() * 256)));
  const odd = [null, true, -1, 1e308, '', '../../etc/passwd', '\u0000', 'x'.repeat(3000), [], {}, [[]], '__proto__'];
  const pristine = makeReceipt(Buffer.from('x'), origin);
  const stray = makeReceipt(Buffer.from('y'), origin);
  const report = makeSignedResult(pristine);
  const forged = { ...pristine, signature: '0'.repeat(64) };
  const names = [...Object.keys(forged), '__proto__', 'constructor', 'extra'];
  const settings = ['armed', 'delta_thresh', 'min_area', 'min_motion_frames', 'vacancy_seconds', 'min_upload_seconds'];
  const kinds: readonly (() => Buffer | string)[] = [
    () => bytes(Math.floor(random.next() * 300)),
    () => JSON.stringify(forged),
    () => JSON.stringify({ ...forged, [random.pick(names)]: random.pick(odd) }),
    // The URL and the signature of a true receipt, around other facts.
    () => JSON.stringify({ ...pristine, id: stray.id, room: 'hall' }),
    () => JSON.stringify({ ...pristine, sha256: stray.sha256.replace(/^../, '00') }),
    () => JSON.stringify({ ...pristine, url: stray.url }),
    () => JSON.stringify({ ...forged, url: `${random.pick(['file:///etc/passwd', 'http://[::1]/', 'javascript:0'])}` }),
    () => JSON.stringify({ ...report, [random.pick(Object.keys(report))]: random.pick(odd) }),
    () => JSON.stringify({ ...report, snapshot: stray.id }),
    () => JSON.stringify(makeResult(stray, { result: random.pick(['uploaded', 'rejected', 'lost'] as const) })),
    () => JSON.stringify({ [random.pick(settings)]: random.pick(odd) }),
    () => JSON.stringify(random.pick(odd)),
    () => JSON.stringify(forged).slice(0, Math.floor(random.next() * 400)),
    () => '['.repeat(Math.floor(random.next() * 5000)),
    () => (random.next() < 0.02 ? bytes(40_000) : ''),
    () => random.pick(['announce', 'snapshots', 'SNAPSHOT', ' snapshot', 'offline']),
  ];
  const topics = ['snapshot', 'settings/set', 'command', 'upload', 'snapshot/x', 'availability/x'];
  const rooms = ['kitchen', 'hall', 'uploaders', 'KITCHEN', '..', ' '];
  return {
    message: () => ({
      topic: `roomwatch/${random.next() < 0.7 ? 'kitchen' : random.pick(rooms)}/${random.pick(topics)}`,
      payload: random.pick(kinds)(),
    }),
    /** A whole HTTP request; `id` is one of a snapshot that exists. */
    request(id: string): Buffer {
      const path = random.pick([
        ...[`/snapshots/${id}.jpg`, `/snapshots/${id}.jpg?expires=9999999999&signature=${'0'.repeat(64)}`, '/healthz'],
        ...['/snapshots/..%2f..%2fsigning-secret', '/snapshots/%00', '/api/settings', '/metrics', '/', '/live.mjpg'],
        ...[`/snapshots/${'a'.repeat(5000)}.jpg`, '/../../etc/passwd', '//evil/', `/?${'q=1&'.repeat(500)}`, '*'],
      ]);
      const method = random.pick(['GET', 'GET', 'GET', 'HEAD', 'POST', 'PUT', 'DELETE', 'PATCH', 'OPTIONS', 'BREW']);
      const header = random.pick([
        ...['', 'Range: bytes=0-', 'Content-Length: 5', 'Transfer-Encoding: chunked', 'Expect: 100-continue'],
        ...[`X: ${'x'.repeat(9000)}`, 'Content-Type: application/json', 'Host: evil', 'Connection: upgrade'],
      ]);
      const body = random.next() < 0.2 ? bytes(Math.floor(random.next() * 2000)) : Buffer.alloc(0);
      if (random.next() < 0.1) return bytes(200);
      const head = `${method} ${path} HTTP/1.1\r\nHost: 127.0.0.1\r\n${header === '' ? '' : `${header}\r\n`}\r\n`;
      return Buffer.concat([Buffer.from(head, 'latin1'), body]);
    },
  };
}
