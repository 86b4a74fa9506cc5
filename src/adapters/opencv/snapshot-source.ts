import { monotonicSeconds, wallSeconds } from '../../async/clock.js';
import { createNotifier, waitAtMost } from '../../async/notifier.js';
import type { LoanedImage } from '../../domain/camera/loaned-image.js';
import { createRecentPackets } from '../../domain/camera/recent-packets.js';
import { watchCamera, type Connection } from '../camera/live-camera.js';
import { keyFrameAdvice, noKeyFrame, withName } from '../camera/trouble.js';
import type { Transport } from '../libav/stream.js';
import { createImagePool } from './image-pool.js';
import { decodedPicture, type Picture } from './picture.js';
import { turnedPicture } from './turned-picture.js';
import { createGroupDecoder, createUndecodedConnector, type Undecoded } from './undecoded.js';

/** `camera.*` of the configuration (docs/contract.md §6), as far as it concerns pictures from another stream. */
export type SnapshotSourceOptions = {
  /** The address of a stream, or of a still picture. */
  readonly source: string;
  readonly stallSeconds: number;
  readonly transport: Transport;
};

/** Why no picture comes from a snapshot source: it is not connected, or has none of the wanted moment. */
export type SnapshotSourceTrouble = { readonly kind: 'lost' | 'late'; readonly why: string };

/** A stream that is received all the time, and decoded only where a picture is wanted. */
export type SnapshotSource = {
  /**
   * The picture of that moment (seconds since the Unix epoch), by when its packets arrived; waits for it a little. Whoever gets it
   * releases it. Undefined where there is none.
   */
  pictureAt(at: number): Promise<Picture | undefined>;
  /** Resolves once the signal is aborted; rejects only if the program has a bug. */
  readonly ended: Promise<void>;
};

/** A picture this much earlier or later than the wanted moment shows another one. */
const offsetSeconds = 0.3;
/** Cameras take their time for a still picture; it is one of the moment at which it was asked for. */
const stillSeconds = 1;
/** At least this often a still picture is fetched to see that the camera is there. */
const stillEverySeconds = 5;
/** So many packets a second are taken as a sign of life: with fewer, the stream is lost earlier than `stallSeconds` after its last. */
const signsOfLifePerSecond = 2;
/** A snapshot may wait for the one before it. The bounds are those of 4K at 24 Mbit/s with a key frame every six seconds. */
const kept = { seconds: 2, bytes: 24e6, packets: 600 };

/**
 * Receives a stream until the signal is aborted, and keeps its newest packets. Reconnects as `watchCamera` does.
 * @param onTrouble receives each change between trouble and none
 */
export function openSnapshotSource(
  { source, stallSeconds, transport }: SnapshotSourceOptions,
  onTrouble: (trouble: SnapshotSourceTrouble | undefined) => void,
  signal: AbortSignal,
): SnapshotSource {
  const recent = createRecentPackets<Undecoded>(kept);
  const arrival = createNotifier();
  const stills = createStillRequests(Math.min(stillEverySeconds, stallSeconds / 2));
  const decode = createGroupDecoder();
  const url = new URL(source);
  let trouble: SnapshotSourceTrouble | undefined;
  let isOpen = false;

  const report = (found: SnapshotSourceTrouble | undefined) => {
    const isNews = found?.kind !== trouble?.kind;
    trouble = found;
    if (isNews) onTrouble(found);
  };
  /** Whoever waited for a picture while the stream was lost has no news: it stays lost until it is open again. */
  const reportOfPicture = (found: SnapshotSourceTrouble | undefined) => {
    if (isOpen) report(found);
  };
  const late = (why: string) => {
    reportOfPicture({ kind: 'late', why: withName(url, why).message });
    return undefined;
  };
  const rule = { transport, patienceSeconds: stallSeconds, ...stills };
  const connect = createUndecodedConnector(source, rule);
  const keep = (packet: Undecoded) => {
    recent.push(packet);
    arrival.notify();
  };
  const connectAndKeep = async (stop: AbortSignal) => {
    const connection = await connect(stop);
    // A new connection may have another clock.
    recent.clear();
    return keepingAll(connection, keep);
  };
  const watch = async () => {
    for await (const event of watchCamera(connectAndKeep, { fps: signsOfLifePerSecond, stallSeconds }, signal)) {
      isOpen = event.kind !== 'lost';
      if (event.kind === 'opened') report(undefined);
      if (event.kind !== 'lost') continue;
      recent.clear();
      report({ kind: 'lost', why: event.why });
    }
    isOpen = false;
    recent.clear();
  };
  /** Waits until a packet has come that is not older than `at`. */
  const untilArrived = async (at: number) => {
    const isStill = stills.ask();
    const until = monotonicSeconds() + (isStill ? stillSeconds : Math.max(0, at + offsetSeconds - wallSeconds()));
    while ((recent.newestAt ?? -Infinity) < at && monotonicSeconds() < until && !signal.aborted)
      await waitAtMost(arrival, until - monotonicSeconds(), signal);
  };

  return {
    ended: watch(),
    async pictureAt(at) {
      if (!isOpen) return undefined;
      await untilArrived(at);
      const found = recent.upTo(at);
      if (found === undefined) return late(recent.tooLong ? `sends too few key frames: ${keyFrameAdvice}` : noKeyFrame);
      if (found.offset > offsetSeconds) return late(`has no picture within ${offsetSeconds} s of the wanted moment`);
      const frame = await decode(found.packets).catch((error: unknown) =>
        error instanceof Error ? error.message : 'unknown',
      );
      if (typeof frame !== 'object') return late(`sends pictures that cannot be decoded${frame ? ` (${frame})` : ''}`);
      reportOfPicture(undefined);
      const images = createImagePool();
      // Its one image is freed instead of being kept for another picture.
      images.close();
      return turnedPicture(decodedPicture(frame, images), frame.turns);
    },
  };
}

/** Passes every packet on as soon as it is there; what is left of a connection is its events. */
function keepingAll(connection: Connection<Undecoded>, keep: (packet: Undecoded) => void): Connection<LoanedImage> {
  const { width, height } = connection;
  let closed = false;
  return {
    width,
    height,
    async grab() {
      const found = await connection.grab();
      if (found && closed) connection.take().release();
      else if (found) keep(connection.take());
      return found;
    },
    take: () => ({ width, height, release: () => undefined }),
    close() {
      closed = true;
      connection.close();
    },
  };
}

/** Says when a still picture is to be fetched: when one is asked for, and at least every `seconds`. */
function createStillRequests(seconds: number) {
  const request = createNotifier();
  let requested = false;
  let askedAt: number | undefined;
  let isStill = false;
  return {
    /** Asks for a picture of now; whether the source has still pictures. */
    ask() {
      requested = true;
      request.notify();
      return isStill;
    },
    async untilStillDue(signal: AbortSignal) {
      isStill = true;
      if (!requested) await waitAtMost(request, seconds, signal);
      requested = false;
      askedAt = wallSeconds();
    },
    stillAskedAt: () => askedAt,
  };
}
