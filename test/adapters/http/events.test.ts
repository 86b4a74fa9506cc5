import { expect, test } from 'vitest';
import { quietState } from '../../support/page-needs.js';
import { basic, servePage } from '../../support/page-server.js';

async function listen(url: string) {
  const answer = await fetch(`${url}/api/events`, { headers: basic });
  const reader = answer.body?.getReader();
  if (!reader) throw new Error('no body');
  let text = '';
  const next = async (name: string): Promise<unknown> => {
    for (;;) {
      const found = new RegExp(`event: ${name}\ndata: (.*)\n\n`).exec(text);
      if (found) {
        text = text.slice(found.index + found[0].length);
        return JSON.parse(found[1] ?? '');
      }
      const read = await reader.read();
      if (read.done) throw new Error('the stream ended');
      text += Buffer.from(read.value as Uint8Array).toString();
    }
  };
  return { answer, reader, next };
}

test('the whole state is sent first, then the events, then the state again after two seconds', async () => {
  const { url, page } = await servePage();
  const { answer, next, reader } = await listen(url);
  expect(answer.headers.get('content-type')).toBe('text/event-stream');
  expect(await next('state')).toEqual(quietState);
  page.sendEvent({ name: 'mark', data: { at: 1, kind: 'light_change' } });
  expect(await next('mark')).toEqual({ at: 1, kind: 'light_change' });
  expect(await next('state')).toEqual(quietState);
  await reader.cancel();
});

test('a listener that does not read is disconnected', async () => {
  const { url, page } = await servePage();
  const { reader } = await listen(url);
  const regions = Array.from({ length: 400 }, () => ({ x: 0, y: 0, width: 1, height: 1 }));
  const data = { at: 1, level: 0, threshold: 0, state: 1, moving: false, regions };
  while (page.listenerCount() > 0) {
    page.sendEvent({ name: 'moment', data });
    await new Promise(setImmediate);
  }
  await reader.cancel().catch(() => undefined);
});
