import type { ServerResponse } from 'node:http';
import type { FastifyInstance } from 'fastify';
import { type LiveView, liveView } from '../../domain/page/payloads.js';

const maxViewers = 24;
const stuckAfterMs = 20_000;

const nobody: ReadonlySet<LiveView> = new Set();

type Viewer = { readonly view: LiveView; readonly out: ServerResponse; waitingSince: number | undefined };

/** The pictures people watch as `/live.mjpg` (multipart/x-mixed-replace). */
export type LiveStreams = {
  /** The views that somebody watches and could take a picture of now. */
  wantedViews(): ReadonlySet<LiveView>;
  /** Shows one JPEG to all viewers of a view; who has not yet taken the one before skips this one. */
  sendPicture(view: LiveView, jpeg: Uint8Array): void;
};

/** Serves `/live.mjpg?view=…`. A slow viewer costs one picture of memory, and one that is stuck is let go. */
export function registerLive(app: FastifyInstance): LiveStreams {
  const viewers = new Set<Viewer>();

  app.get<{ Querystring: { view?: string } }>('/live.mjpg', (request, reply) => {
    const view = liveView.safeParse(request.query.view ?? 'picture');
    if (!view.success) {
      const message = `view is one of ${liveView.options.join(', ')}`;
      return reply.code(400).send({ error: 'bad_request', message });
    }
    if (viewers.size >= maxViewers)
      return reply.code(503).header('retry-after', 10).send({ error: 'full', message: 'Too many people watch.' });
    reply.hijack();
    const out = reply.raw;
    // Ends with the connection, so that a picture is one write instead of a chunk's three pieces.
    out.useChunkedEncodingByDefault = false;
    out.writeHead(200, {
      ...(reply.getHeaders() as Record<string, string>),
      'content-type': 'multipart/x-mixed-replace; boundary=frame',
    });
    out.write('--frame\r\n');
    const viewer: Viewer = { view: view.data, out, waitingSince: undefined };
    viewers.add(viewer);
    out.on('drain', () => (viewer.waitingSince = undefined));
    out.on('close', () => viewers.delete(viewer));
    out.on('error', () => viewers.delete(viewer));
    return undefined;
  });

  return {
    wantedViews() {
      if (viewers.size === 0) return nobody;
      const views = new Set<LiveView>();
      const now = performance.now();
      for (const viewer of viewers) {
        if (viewer.waitingSince === undefined) views.add(viewer.view);
        else if (now - viewer.waitingSince > stuckAfterMs) viewer.out.destroy();
      }
      return views;
    },
    sendPicture(view, jpeg) {
      const ready = [...viewers].filter((viewer) => viewer.view === view && viewer.waitingSince === undefined);
      if (ready.length === 0) return;
      const head = Buffer.from(`Content-Type: image/jpeg\r\nContent-Length: ${jpeg.length}\r\n\r\n`);
      // With the next boundary at once: a browser shows a part only when it sees where it ends.
      const part = Buffer.concat([head, jpeg, Buffer.from('\r\n--frame\r\n')]);
      for (const viewer of ready) if (!viewer.out.write(part)) viewer.waitingSince = performance.now();
    },
  };
}
