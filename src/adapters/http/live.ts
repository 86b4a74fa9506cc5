import type { ServerResponse } from 'node:http';
import type { FastifyInstance, FastifyReply } from 'fastify';
import { type LiveView, liveView } from '../../domain/page/payloads.js';
import { beginStream } from './stream.js';

const maxViewers = 24;
const stuckAfterMs = 20_000;

const noViews: ReadonlySet<LiveView> = new Set();

type Waiting = { readonly view: LiveView; answer(jpeg: Buffer | undefined): void };
type Viewer = { readonly view: LiveView; readonly out: ServerResponse; waitingSince: number | undefined };

/** How long a request for one picture waits for the next frame. */
const pictureWaitMs = 5_000;

/** The live pictures of `/live.mjpg` (multipart/x-mixed-replace). */
export type LiveStreams = {
  /** The views with at least one viewer that can receive a picture now. */
  wantedViews(): ReadonlySet<LiveView>;
  /** Sends one JPEG to all viewers of a view; a viewer that has not received the one before skips this one. */
  sendPicture(view: LiveView, jpeg: Uint8Array): void;
};

/**
 * Serves `/live.mjpg?view=…`, and the next picture alone as `/api/picture.jpg?view=…`. A slow viewer costs the memory of one picture,
 * and a stuck viewer is disconnected.
 */
export function registerLive(app: FastifyInstance): LiveStreams {
  const viewers = new Set<Viewer>();
  const waiting = new Set<Waiting>();

  app.get<{ Querystring: { view?: string } }>('/live.mjpg', (request, reply) => {
    const view = liveView.safeParse(request.query.view ?? 'picture');
    if (!view.success) return refuseView(reply);
    if (viewers.size >= maxViewers)
      return reply.code(503).header('retry-after', 10).send({ error: 'full', message: 'There are too many viewers.' });
    const out = beginStream(reply, { 'content-type': 'multipart/x-mixed-replace; boundary=frame' });
    if (out === undefined) return undefined;
    out.write('--frame\r\n');
    const viewer: Viewer = { view: view.data, out, waitingSince: undefined };
    viewers.add(viewer);
    out.on('drain', () => (viewer.waitingSince = undefined));
    out.on('close', () => viewers.delete(viewer));
    out.on('error', () => viewers.delete(viewer));
    return undefined;
  });

  app.get<{ Querystring: { view?: string } }>('/api/picture.jpg', async (request, reply) => {
    const view = liveView.safeParse(request.query.view ?? 'picture');
    if (!view.success) return refuseView(reply);
    if (waiting.size >= maxViewers)
      return reply.code(503).header('retry-after', 10).send({ error: 'full', message: 'There are too many viewers.' });
    const jpeg = await nextPicture(waiting, view.data);
    if (jpeg === undefined)
      return reply.code(503).send({ error: 'no_picture', message: 'The camera sends no picture at the moment.' });
    return reply.type('image/jpeg').send(jpeg);
  });

  return {
    wantedViews() {
      if (viewers.size === 0 && waiting.size === 0) return noViews;
      const views = new Set<LiveView>();
      for (const { view } of waiting) views.add(view);
      const now = performance.now();
      for (const viewer of viewers) {
        if (viewer.waitingSince === undefined) views.add(viewer.view);
        else if (now - viewer.waitingSince > stuckAfterMs) viewer.out.destroy();
      }
      return views;
    },
    sendPicture(view, jpeg) {
      for (const one of [...waiting]) if (one.view === view) one.answer(Buffer.from(jpeg));
      const ready = [...viewers].filter((viewer) => viewer.view === view && viewer.waitingSince === undefined);
      if (ready.length === 0) return;
      const head = Buffer.from(`Content-Type: image/jpeg\r\nContent-Length: ${jpeg.length}\r\n\r\n`);
      // The next boundary follows at once: a browser shows a part only after its end.
      const part = Buffer.concat([head, jpeg, Buffer.from('\r\n--frame\r\n')]);
      for (const viewer of ready) if (!viewer.out.write(part)) viewer.waitingSince = performance.now();
    },
  };
}

function refuseView(reply: FastifyReply) {
  const message = `view is one of ${liveView.options.join(', ')}`;
  return reply.code(400).send({ error: 'bad_request', message });
}

/** Resolves with the next picture of a view, or with undefined if none comes in time. */
function nextPicture(waiting: Set<Waiting>, view: LiveView): Promise<Buffer | undefined> {
  return new Promise((resolve) => {
    const one: Waiting = {
      view,
      answer(jpeg) {
        clearTimeout(timer);
        waiting.delete(one);
        resolve(jpeg);
      },
    };
    const timer = setTimeout(() => one.answer(undefined), pictureWaitMs);
    waiting.add(one);
  });
}
