// A camera that speaks MJPEG over HTTP (multipart/x-mixed-replace) on loopback: mjpeg-server.mjs FPS PORT.
// Prints its port, then a line for every connection. Lines on stdin: `send WIDTHxHEIGHT`, `send a clip's path`, `send nothing`,
// `send garbage`, `hang up`.
import { execFileSync } from 'node:child_process';
import { createServer } from 'node:http';
import { createInterface } from 'node:readline';

const [fps, port] = process.argv.slice(2).map(Number);
const clients = new Set();
const server = createServer((request, response) => {
  process.stdout.write('connection\n');
  response.writeHead(200, { 'content-type': 'multipart/x-mixed-replace; boundary=frame' });
  response.flushHeaders();
  clients.add(response);
  request.on('close', () => clients.delete(response));
});

let parts = pictures('320x240');
let n = 0;
setInterval(() => {
  const part = parts[n++ % parts.length];
  if (part !== undefined) for (const client of clients) client.write(part);
}, 1000 / fps);

createInterface({ input: process.stdin }).on('line', (line) => {
  if (line === 'hang up') for (const client of clients) client.destroy();
  else if (line === 'send nothing') parts = [];
  else if (line === 'send garbage') parts = [Buffer.from(Array.from({ length: 4096 }, (_, i) => (i * 7919) % 251))];
  else parts = pictures(line.replace('send ', ''));
});
server.listen(port, '127.0.0.1', () => process.stdout.write(`${server.address().port}\n`));

function pictures(what) {
  const test = /^\d+x\d+$/.test(what);
  const source = test ? ['-f', 'lavfi', '-i', `testsrc=size=${what}:rate=10:duration=1`] : ['-i', what];
  const stream = execFileSync('ffmpeg', ['-v', 'error', ...source, '-c:v', 'mjpeg', '-q:v', '4', '-f', 'mjpeg', '-'], {
    maxBuffer: 1e9,
  });
  const starts = [];
  const start = Buffer.from([0xff, 0xd8]);
  for (let at = 0; (at = stream.indexOf(start, at)) >= 0; at += 2) starts.push(at);
  return starts.map((at, i) => {
    const jpeg = stream.subarray(at, starts[i + 1]);
    const head = `--frame\r\nContent-Type: image/jpeg\r\nContent-Length: ${jpeg.length}\r\n\r\n`;
    return Buffer.concat([Buffer.from(head), jpeg, Buffer.from('\r\n')]);
  });
}
