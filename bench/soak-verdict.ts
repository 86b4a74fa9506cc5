import { quantile } from './statistics.js';

type Seen = { readonly rssMb: number; readonly threads: number; readonly handles: number };

/** What two processes and their data directory held at one time. */
export type Sample = {
  readonly detector: Seen;
  readonly uploader: Seen;
  /** files and directories, the pictures that are kept among them */
  readonly files: number;
  /** the outbox and the queue together */
  readonly spoolKb: number;
};

/**
 * What has grown between the second quarter of the samples and the last; the first is for warming up. RSS by the middle
 * value and 5 %, everything else by the greatest and a little play. The uploader is restarted, so its RSS is its youth's.
 */
export function compareHalves(samples: readonly Sample[]): readonly string[] {
  const quarter = Math.floor(samples.length / 4);
  const before = samples.slice(quarter, 2 * quarter);
  const after = samples.slice(-quarter);
  const rise = (name: string, read: (sample: Sample) => number, allowed: (before: number) => number, share: number) => {
    const [first, last] = [before, after].map((part) => quantile(part.map(read), share)) as [number, number];
    return last > allowed(first) ? [`${name} rose from ${first.toFixed(1)} to ${last.toFixed(1)}`] : [];
  };
  const most = 1;
  return [
    ...rise(
      "the detector's RSS",
      (one) => one.detector.rssMb,
      (rss) => rss * 1.05,
      0.5,
    ),
    ...rise(
      "the uploader's RSS",
      (one) => one.uploader.rssMb,
      (rss) => rss * 1.15,
      0.5,
    ),
    ...rise(
      "the detector's handles",
      (one) => one.detector.handles,
      (handles) => handles + 4,
      most,
    ),
    ...rise(
      "the uploader's handles",
      (one) => one.uploader.handles,
      (handles) => handles + 4,
      most,
    ),
    ...rise(
      "the detector's threads",
      (one) => one.detector.threads,
      (threads) => threads + 2,
      most,
    ),
    // A megabyte of pictures is kept, and what comes until the next sweep; a short run does not get there.
    ...rise(
      'files in the data directory',
      (one) => one.files,
      (files) => Math.max(files + 20, 100),
      most,
    ),
    // Each is written anew once a megabyte of it is waste.
    ...rise(
      'kB in outbox and queue',
      (one) => one.spoolKb,
      (kilobytes) => Math.max(kilobytes + 100, 2200),
      most,
    ),
  ];
}
