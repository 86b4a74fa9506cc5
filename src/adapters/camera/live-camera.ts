import { setTimeout as sleep } from 'node:timers/promises';
import type { CameraEvent } from '../../domain/camera/camera-event.js';
import type { LoanedImage } from '../../domain/camera/loaned-image.js';
import { createFramePace } from '../../domain/camera/frame-pace.js';
import { wallSeconds } from '../../async/clock.js';

/** What a camera of any kind is while it works. */
export type Connection<Image> = {
  readonly width: number;
  readonly height: number;
  /** Waits for the next frame and takes it in; false at the end of the stream, rejects when it broke. May hang. */
  grab(): Promise<boolean>;
  /** The frame that was grabbed last, once; before the next `grab`. */
  take(): Image;
  /** Lets go of everything, also while `grab` hangs. */
  close(): void;
};

/** How a live camera is watched. */
export type LiveRule = {
  /** Frames given on a second, at most; the others are counted as dropped. */
  readonly fps: number;
  /** Without a frame for so long the camera is lost. */
  readonly stallSeconds: number;
};

const longestPause = 30;
/** A connection that held for so long was a good one: the next pause is short again. */
const provenSeconds = 10;

/**
 * Watches a camera for as long as the signal lets it: opens it, gives on its newest frame whenever asked (frames that come
 * meanwhile are dropped and counted), says why it was lost, and opens it again after growing pauses (0.5 to 30 s, with
 * jitter, so that ten detectors do not come back at once). The same reason is said once, however many attempts fail of it.
 */
export async function* watchCamera<Image extends LoanedImage>(
  connect: (signal: AbortSignal) => Promise<Connection<Image>>,
  rule: LiveRule,
  signal: AbortSignal,
): AsyncGenerator<CameraEvent<Image>, void, undefined> {
  let failures = 0;
  let said: string | undefined;
  while (!signal.aborted) {
    const startedAt = wallSeconds();
    let why: string;
    try {
      const connection = await connect(signal);
      said = undefined;
      why = yield* framesOf(connection, rule, signal);
    } catch (error) {
      why = error instanceof Error ? error.message : String(error);
    }
    if (signal.aborted) return;
    if (why !== said) yield { kind: 'lost', at: wallSeconds(), why };
    said = why;
    failures = wallSeconds() - startedAt > provenSeconds + rule.stallSeconds ? 1 : failures + 1;
    await pause(failures, signal);
  }
}

async function* framesOf<Image extends LoanedImage>(
  connection: Connection<Image>,
  rule: LiveRule,
  signal: AbortSignal,
): AsyncGenerator<CameraEvent<Image>, string, undefined> {
  const newest = keepNewest(connection, rule, signal);
  let { width, height } = connection;
  try {
    yield { kind: 'opened', at: wallSeconds(), width, height };
    for (;;) {
      const next = await newest.take();
      if (typeof next === 'string') return next;
      try {
        if (next.image.width !== width || next.image.height !== height) {
          ({ width, height } = next.image);
          yield { kind: 'opened', at: next.at, width, height };
        }
        yield { kind: 'frame', ...next };
      } finally {
        next.image.release();
      }
    }
  } finally {
    newest.close();
    connection.close();
  }
}

type Taken<Image> = { readonly at: number; readonly image: Image; readonly dropped: number };

/** Grabs without pause, so that no buffer before us ages, and keeps the newest frame until it is taken. */
function keepNewest<Image extends LoanedImage>(connection: Connection<Image>, rule: LiveRule, signal: AbortSignal) {
  const due = createFramePace(rule.fps);
  let kept: { readonly at: number; readonly image: Image } | undefined;
  let dropped = 0;
  let over: string | undefined;
  let wake = () => {};

  const end = (why: string) => {
    over ??= why;
    wake();
  };
  const stop = () => end('stopped');
  const watchdog = setTimeout(() => end(`no frame for ${rule.stallSeconds} s`), rule.stallSeconds * 1000);
  if (signal.aborted) stop();
  signal.addEventListener('abort', stop, { once: true });

  const receive = () => {
    const at = wallSeconds();
    watchdog.refresh();
    const wanted = due(at);
    if (!wanted || kept !== undefined) dropped++;
    if (!wanted) return;
    kept?.image.release();
    kept = { at, image: connection.take() };
    wake();
  };
  const grabOn = async () => {
    while (over === undefined) {
      if (!(await connection.grab())) return end('the stream ended');
      if (over === undefined) receive();
    }
  };
  grabOn().catch((error: unknown) => end(error instanceof Error ? error.message : String(error)));

  return {
    /** The newest frame, once there is one; a string says why there will be none. */
    async take(): Promise<Taken<Image> | string> {
      if (kept === undefined && over === undefined) await new Promise<void>((resolve) => (wake = resolve));
      if (kept === undefined || signal.aborted) return over ?? 'stopped';
      const taken = { ...kept, dropped };
      kept = undefined;
      dropped = 0;
      return taken;
    },
    close() {
      end('closed');
      clearTimeout(watchdog);
      signal.removeEventListener('abort', stop);
      kept?.image.release();
      kept = undefined;
    },
  };
}

/** Waits 0.5, 1, 2, ... 30 s, of which up to half are left to chance; returns at once when the signal says so. */
async function pause(failures: number, signal: AbortSignal): Promise<void> {
  const longest = Math.min(longestPause, 0.5 * 2 ** (failures - 1));
  const seconds = longest * (0.5 + 0.5 * Math.random());
  await sleep(seconds * 1000, undefined, { signal }).catch(() => {});
}
