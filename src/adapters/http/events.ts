import type { ServerResponse } from 'node:http';
import type { FastifyInstance } from 'fastify';
import type { Mark, Moment, PageState, Visit } from '../../domain/page/payloads.js';
import { beginStream } from './stream.js';

const maxListeners = 32;
const stateIntervalMs = 2000;
/** A listener with more unsent bytes is disconnected; it reconnects and begins again with the whole state. */
const maxBacklogBytes = 256 * 1024;

/** The server-sent events by name. */
export type PageEvent =
  | { readonly name: 'state'; readonly data: PageState }
  | { readonly name: 'moment'; readonly data: Moment }
  | { readonly name: 'mark'; readonly data: Mark }
  | { readonly name: 'visit'; readonly data: Visit };

/** Sends events to all open pages. */
export type EventStream = {
  listenerCount(): number;
  sendEvent(event: PageEvent): void;
};

/**
 * Serves `/api/events`: server-sent events. The whole state is sent first and then every two seconds, so that a page that
 * receives nothing for longer knows that the detector does not answer. No timer runs while no page is open.
 */
export function registerEvents(app: FastifyInstance, state: () => PageState): EventStream {
  const listeners = new Set<ServerResponse>();
  let timer: NodeJS.Timeout | undefined;

  const remove = (out: ServerResponse) => {
    listeners.delete(out);
    if (listeners.size > 0) return;
    clearInterval(timer);
    timer = undefined;
  };
  const say = ({ name, data }: PageEvent) => {
    if (listeners.size === 0) return;
    const text = `event: ${name}\ndata: ${JSON.stringify(data)}\n\n`;
    for (const out of listeners) {
      if (out.writableLength > maxBacklogBytes) out.destroy();
      else out.write(text);
    }
  };

  app.get('/api/events', (_request, reply) => {
    if (listeners.size >= maxListeners)
      return reply.code(503).header('retry-after', 10).send({ error: 'full', message: 'Too many pages are open.' });
    const out = beginStream(reply, { 'content-type': 'text/event-stream', 'x-accel-buffering': 'no' });
    if (out === undefined) return undefined;
    out.write(`retry: 2000\nevent: state\ndata: ${JSON.stringify(state())}\n\n`);
    listeners.add(out);
    timer ??= setInterval(() => say({ name: 'state', data: state() }), stateIntervalMs);
    out.on('close', () => remove(out));
    out.on('error', () => remove(out));
    return undefined;
  });
  app.addHook('onClose', () => clearInterval(timer));
  return { listenerCount: () => listeners.size, sendEvent: say };
}
