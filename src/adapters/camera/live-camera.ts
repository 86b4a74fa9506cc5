import type { CameraEvent } from '../../domain/camera/camera-event.js';
import type { LoanedImage } from '../../domain/camera/loaned-image.js';
import { backoffSeconds, type Backoff } from '../../domain/backoff.js';
import { createFramePace } from '../../domain/camera/frame-pace.js';
import { monotonicSeconds, wallSeconds } from '../../async/clock.js';
import { pause } from '../../async/pause.js';
import { LoginRefusedError } from './trouble.js';

/** An open connection to a camera of any kind. */
export type Connection<Image> = {
  readonly width: number;
  readonly height: number;
  /** Waits for the next frame and receives it; false at the end of the stream, rejects when it breaks. May hang. */
  grab(): Promise<boolean>;
  /** The frame that was grabbed last; call it at most once for each `grab`. */
  take(): Image;
  /** Frees everything, also while `grab` hangs. */
  close(): void;
};

/** How a live camera is watched. */
export type LiveRule = {
  /** At most this many frames per second are passed on; the others are counted as dropped. */
  readonly fps: number;
  /** If no frame arrives for this long, the camera is lost; a shorter break is no event. */
  readonly stallSeconds: number;
};

/** The pauses before a camera is opened again; the jitter keeps ten detectors from coming back at the same moment. */
const reconnectPauses = { floorSeconds: 0.5, ceilingSeconds: 30, jitter: 0.5 };
/** Cameras lock an account for half an hour after some wrong passwords; each try may begin that anew. */
const refusedLoginPauses = { floorSeconds: 120, ceilingSeconds: 1800, jitter: 0.2 };
/** A connection that lasted this long (beyond the stall time) worked: the next pause is short again. */
const provenSeconds = 10;

/** What the caller knows of the camera; times are those of a clock that is never set. */
type Known = { open: boolean; width: number; height: number; lastFrameAt: number };

/**
 * Watches a camera until the signal is aborted: opens it, yields its newest frame whenever the caller asks (frames that arrive
 * in between are dropped and counted), and opens it again after growing pauses when it fails. Yields `lost` with the reason if
 * it cannot be opened, or once no frame has come for `stallSeconds`; after a shorter break the frames simply go on.
 * If several attempts in a row fail for the same reason, `lost` is yielded once.
 * @param random a number from 0 to 1 for the jitter of the pauses
 */
export async function* watchCamera<Image extends LoanedImage>(
  connect: (signal: AbortSignal) => Promise<Connection<Image>>,
  rule: LiveRule,
  signal: AbortSignal,
  random: () => number = Math.random,
): AsyncGenerator<CameraEvent<Image>, void, undefined> {
  let failures = 0;
  let lastReason: string | undefined;
  let lastPauses: Backoff | undefined;
  const known: Known = { open: false, width: 0, height: 0, lastFrameAt: -Infinity };
  const meanwhile = <T>(work: Promise<T>) => lostMeanwhile(work, known, rule, lastReason ?? '');
  while (!signal.aborted) {
    const startedAt = monotonicSeconds();
    let why: string;
    let pauses: Backoff = reconnectPauses;
    try {
      const connection = yield* meanwhile(connect(signal));
      if (!known.open) lastReason = undefined;
      why = yield* readFrames(connection, known, rule, signal, meanwhile);
    } catch (error) {
      why = error instanceof Error ? error.message : String(error);
      if (error instanceof LoginRefusedError) pauses = refusedLoginPauses;
    }
    if (signal.aborted) return;
    if (!known.open && why !== lastReason) yield { kind: 'lost', at: wallSeconds(), why };
    lastReason = why;
    const worked = monotonicSeconds() - startedAt > provenSeconds + rule.stallSeconds;
    failures = worked || pauses !== lastPauses ? 1 : failures + 1;
    lastPauses = pauses;
    yield* meanwhile(pause(backoffSeconds(failures, pauses, random()), signal));
  }
}

/** Waits for `work`; yields `lost` if no frame has come for too long before it ends. */
async function* lostMeanwhile<T>(
  work: Promise<T>,
  known: Known,
  { stallSeconds }: LiveRule,
  why: string,
): AsyncGenerator<CameraEvent<never>, T, undefined> {
  if (known.open) {
    const done = new AbortController();
    const end = () => done.abort();
    work.then(end, end);
    await pause(known.lastFrameAt + stallSeconds - monotonicSeconds(), done.signal);
    if (!done.signal.aborted) {
      known.open = false;
      yield { kind: 'lost', at: wallSeconds(), why };
    }
  }
  return work;
}

/** Yields the events of one connection and closes it; returns why it ended. */
async function* readFrames<Image extends LoanedImage>(
  connection: Connection<Image>,
  known: Known,
  rule: LiveRule,
  signal: AbortSignal,
  meanwhile: <T>(work: Promise<T>) => AsyncGenerator<CameraEvent<never>, T, undefined>,
): AsyncGenerator<CameraEvent<Image>, string, undefined> {
  const newest = grabNewest(connection, rule, signal);
  const open = ({ width, height }: { width: number; height: number }) => {
    Object.assign(known, { open: true, width, height });
    return { kind: 'opened', at: wallSeconds(), width, height } as const;
  };
  let inBreak = known.open;
  try {
    if (!inBreak) {
      known.lastFrameAt = monotonicSeconds();
      yield open(connection);
    }
    for (;;) {
      const next = inBreak ? yield* meanwhile(newest.take()) : await newest.take();
      if (typeof next === 'string') return next;
      inBreak = false;
      try {
        known.lastFrameAt = monotonicSeconds();
        const { width, height } = next.image;
        if (!known.open) yield open(next.image);
        if (width !== known.width || height !== known.height) {
          Object.assign(known, { width, height });
          yield { kind: 'resized', at: next.at, width, height };
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

type Frame<Image> = { readonly at: number; readonly image: Image };

/** Grabs without a pause, so that no frame ages in a buffer of the driver, and holds the newest frame until it is taken. */
function grabNewest<Image extends LoanedImage>(connection: Connection<Image>, rule: LiveRule, signal: AbortSignal) {
  const isDue = createFramePace(rule.fps);
  let held: Frame<Image> | undefined;
  let dropped = 0;
  let endReason: string | undefined;
  let wake = () => {};

  const end = (why: string) => {
    endReason ??= why;
    wake();
  };
  const stop = () => end('stopped');
  const watchdog = setTimeout(() => end(`no frame for ${rule.stallSeconds} s`), rule.stallSeconds * 1000);
  if (signal.aborted) stop();
  signal.addEventListener('abort', stop, { once: true });

  const receive = () => {
    const at = wallSeconds();
    watchdog.refresh();
    const due = isDue(at);
    if (!due || held !== undefined) dropped++;
    if (!due) return;
    held?.image.release();
    held = { at, image: connection.take() };
    wake();
  };
  const grabAll = async () => {
    while (endReason === undefined) {
      if (!(await connection.grab())) return end('the stream ended');
      if (endReason === undefined) receive();
    }
  };
  grabAll().catch((error: unknown) => end(error instanceof Error ? error.message : String(error)));

  return {
    /** Waits for the newest frame; a string is the reason why no more frames come. */
    async take(): Promise<(Frame<Image> & { readonly dropped: number }) | string> {
      if (held === undefined && endReason === undefined) await new Promise<void>((resolve) => (wake = resolve));
      if (held === undefined || signal.aborted) return endReason ?? 'stopped';
      const taken = { ...held, dropped };
      held = undefined;
      dropped = 0;
      return taken;
    },
    close() {
      end('closed');
      clearTimeout(watchdog);
      signal.removeEventListener('abort', stop);
      held?.image.release();
      held = undefined;
    },
  };
}
