import { execFileSync } from 'node:child_process';
import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** JPEGs of ffmpeg's test pattern, each of them different, with a clock in it. */
export function testJpegs(count: number, size = '320x240'): Buffer[] {
  const options = ['-f', 'lavfi', '-i', `testsrc=size=${size}:rate=10`, '-frames:v', String(count), '-q:v', '4'];
  const bytes = execFileSync('ffmpeg', ['-v', 'error', ...options, '-f', 'image2pipe', '-c:v', 'mjpeg', '-'], {
    maxBuffer: 1e8,
  });
  const starts = [...bytes.keys()].filter(
    (at) => bytes[at] === 0xff && bytes[at + 1] === 0xd8 && bytes[at + 2] === 0xff,
  );
  return starts.map((at, n) => bytes.subarray(at, starts[n + 1]));
}

/** Serves HTTP on loopback as `answer` says; knows every request. */
export async function startHttpCamera(answer: (request: IncomingMessage, response: ServerResponse) => void) {
  const requests: IncomingMessage[] = [];
  const server: Server = createServer((request, response) => {
    requests.push(request);
    answer(request, response);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  let connections = 0;
  server.on('connection', () => connections++);
  return {
    port,
    url: new URL(`http://127.0.0.1:${port}/video`),
    requests,
    connections: () => connections,
    async close() {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}

/** How a dialect of MJPEG writes picture `n`; undefined ends the stream. */
export type Dialect = { readonly type: string; part(jpeg: Buffer, n: number): Buffer };

const part = (head: string, jpeg: Buffer, after = '\r\n') =>
  Buffer.concat([Buffer.from(head), jpeg, Buffer.from(after)]);
const mixed = 'multipart/x-mixed-replace; boundary=frame';
const usual = (jpeg: Buffer, type = 'image/jpeg', length = jpeg.length) =>
  part(`--frame\r\nContent-Type: ${type}\r\nContent-Length: ${length}\r\n\r\n`, jpeg);
const text = Buffer.from('--frame\r\nContent-Type: text/plain\r\nContent-Length: 5\r\n\r\nhello\r\n');
/** Each third one. */
const sometimes = (n: number) => n % 3 === 2;

/** As cheap cameras send it. Where a part is broken, it is each third. */
export const dialects: Readonly<Record<string, Dialect>> = {
  'as it should be': { type: mixed, part: (jpeg) => usual(jpeg) },
  'no first boundary': {
    type: mixed,
    part: (jpeg) => part('Content-Type: image/jpeg\r\n\r\n', jpeg, '\r\n--frame\r\n'),
  },
  'image/jpg': { type: mixed, part: (jpeg) => usual(jpeg, 'image/jpg') },
  'a charset': { type: mixed, part: (jpeg) => usual(jpeg, 'image/jpeg; charset=utf-8') },
  'octet-stream': { type: mixed, part: (jpeg) => usual(jpeg, 'application/octet-stream') },
  'no part headers': { type: mixed, part: (jpeg) => part('--frame\r\n\r\n', jpeg) },
  'dashes in the header': { type: 'multipart/x-mixed-replace;boundary=--frame', part: (jpeg) => usual(jpeg) },
  'a boundary in quotes': { type: 'multipart/x-mixed-replace; boundary="frame"', part: (jpeg) => usual(jpeg) },
  'no boundary in the header': { type: 'multipart/x-mixed-replace', part: (jpeg) => usual(jpeg) },
  'another boundary than in the header': { type: 'multipart/mixed; boundary=other', part: (jpeg) => usual(jpeg) },
  'no length': { type: mixed, part: (jpeg) => part('--frame\r\nContent-Type: image/jpeg\r\n\r\n', jpeg) },
  'a length too small': { type: mixed, part: (jpeg) => usual(jpeg, 'image/jpeg', 100) },
  'a length too large': { type: mixed, part: (jpeg) => usual(jpeg, 'image/jpeg', jpeg.length + 5000) },
  'bare line feeds': { type: mixed, part: (jpeg) => part('--frame\nContent-Type: image/jpeg\n\n', jpeg, '\n') },
  'no line ends after a picture': { type: mixed, part: (jpeg) => part('--frame\r\n\r\n', jpeg, '') },
  'other parts between': { type: mixed, part: (jpeg) => Buffer.concat([text, usual(jpeg)]) },
  'empty parts between': { type: mixed, part: (jpeg) => Buffer.concat([usual(Buffer.alloc(0)), usual(jpeg)]) },
  'padding after a picture': { type: mixed, part: (jpeg) => usual(Buffer.concat([jpeg, Buffer.alloc(777)])) },
  'pictures without a frame around them': { type: 'video/x-motion-jpeg', part: (jpeg) => jpeg },
  'image/jpeg without an end': { type: 'image/jpeg', part: (jpeg) => jpeg },
  'no content type': { type: '', part: (jpeg) => usual(jpeg) },
  'no marker at the end': { type: mixed, part: (jpeg) => usual(jpeg.subarray(0, -2)) },
  'a broken picture: cut': {
    type: mixed,
    part: (jpeg, n) => usual(sometimes(n) ? jpeg.subarray(0, jpeg.length / 2) : jpeg),
  },
  'a broken picture: cut in its header': {
    type: mixed,
    part: (jpeg, n) => usual(sometimes(n) ? jpeg.subarray(0, 100) : jpeg),
  },
  'a broken picture: its middle is missing': {
    type: mixed,
    part: (jpeg, n) => usual(sometimes(n) ? Buffer.concat([jpeg.subarray(0, 2000), jpeg.subarray(-500)]) : jpeg),
  },
  'a broken picture: zeros': {
    type: mixed,
    part: (jpeg, n) => usual(sometimes(n) ? Buffer.alloc(jpeg.length) : jpeg),
  },
};
