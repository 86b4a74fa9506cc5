import { once } from 'node:events';
import { connect } from 'node:net';
import { expect, test } from 'vitest';
import { basic, servePage } from '../../support/page-server.js';

async function until(claim: () => boolean): Promise<void> {
  while (!claim()) await new Promise(setImmediate);
}

const watch = async (url: string, view: string) => {
  const answer = await fetch(`${url}/live.mjpg?view=${view}`, { headers: basic });
  const reader = answer.body?.getReader();
  if (!reader) throw new Error('no body');
  return { answer, reader };
};

test('a picture is sent whole to the viewers of its view, and only watched views are wanted', async () => {
  const { url, page } = await servePage();
  expect([...page.wantedViews()]).toEqual([]);
  const { answer, reader } = await watch(url, 'foreground');
  expect(answer.headers.get('content-type')).toBe('multipart/x-mixed-replace; boundary=frame');
  expect(answer.headers.get('content-security-policy')).toContain("default-src 'none'");
  await until(() => page.wantedViews().size > 0);
  expect([...page.wantedViews()]).toEqual(['foreground']);

  page.sendPicture('picture', Buffer.from('another view'));
  page.sendPicture('foreground', Buffer.from('JPEG'));
  let text = '';
  while (!text.includes('JPEG')) {
    const read = await reader.read();
    if (read.done) throw new Error('the stream ended');
    text += Buffer.from(read.value as Uint8Array).toString();
  }
  expect(text).toBe('--frame\r\nContent-Type: image/jpeg\r\nContent-Length: 4\r\n\r\nJPEG\r\n--frame\r\n');

  await reader.cancel();
  await until(() => page.wantedViews().size === 0);
});

test('a request for one picture waits for the next one of its view', async () => {
  const { url, page } = await servePage();
  const picture = (view: string) => fetch(`${url}/api/picture.jpg?view=${view}`, { headers: basic });
  const asked = picture('foreground');
  await until(() => page.wantedViews().size > 0);
  expect([...page.wantedViews()]).toEqual(['foreground']);
  page.sendPicture('picture', Buffer.from('another view'));
  page.sendPicture('foreground', Buffer.from('JPEG'));
  expect(await (await asked).text()).toBe('JPEG');
  expect(page.wantedViews().size).toBe(0);
  expect((await picture('nothing')).status).toBe(400);
});

test('a viewer that does not read is sent no further pictures, and none is wanted for it', async () => {
  const { port, page } = await servePage();
  const socket = connect(port, '127.0.0.1');
  socket.write(`GET /live.mjpg HTTP/1.1\r\nHost: localhost\r\nAuthorization: ${basic.authorization}\r\n\r\n`);
  await once(socket, 'readable');
  socket.pause();
  await until(() => page.wantedViews().size > 0);
  const before = process.memoryUsage().arrayBuffers;
  const jpeg = Buffer.alloc(200_000, 1);
  for (let sent = 0; sent < 2000; sent++) {
    page.sendPicture('picture', jpeg);
    if (sent % 20 === 0) await new Promise(setImmediate);
  }
  expect([...page.wantedViews()]).toEqual([]);
  expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(20_000_000);
  socket.destroy();
});

test('the number of viewers has a limit, and a viewer that leaves makes room', async () => {
  const { url, page } = await servePage();
  const viewers = await Promise.all(Array.from({ length: 24 }, () => watch(url, 'picture')));
  const late = await watch(url, 'picture');
  expect(late.answer.status).toBe(503);
  await viewers[0]?.reader.cancel();
  let status = 503;
  let next = late;
  while (status === 503) {
    next = await watch(url, 'picture');
    status = next.answer.status;
  }
  expect(status).toBe(200);
  for (const { reader } of [...viewers.slice(1), next]) await reader.cancel();
  await until(() => page.wantedViews().size === 0);
});

test.each(['/live.mjpg', '/api/events'])('HEAD of %s answers and ends, and nobody watches', async (path) => {
  const { url, page } = await servePage();
  const answer = await fetch(url + path, { method: 'HEAD', headers: basic });
  expect([answer.status, await answer.text()]).toEqual([200, '']);
  expect(answer.headers.get('content-type')).toMatch(/^(multipart\/x-mixed-replace|text\/event-stream)/);
  expect([page.wantedViews().size, page.listenerCount()]).toEqual([0, 0]);
});

test('an unknown view is refused', async () => {
  const { url } = await servePage();
  const answer = await fetch(`${url}/live.mjpg?view=through-the-wall`, { headers: basic });
  expect(answer.status).toBe(400);
});
