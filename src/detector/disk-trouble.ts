import { wallSeconds } from '../async/clock.js';

/** What is wrong with the disk, as its last answer showed. */
export type DiskTrouble = {
  /**
   * Takes note of an answer: an error, or undefined for success. Returns true if this is news of trouble, so that it is
   * logged once.
   */
  record(error: unknown): boolean;
  /** for people; undefined if the last write succeeded */
  readonly trouble: string | undefined;
  /** when the trouble began, in seconds since the Unix epoch; means nothing without trouble */
  readonly troubleSince: number;
};

/** Starts without trouble. */
export function createDiskTrouble(): DiskTrouble {
  let trouble: string | undefined;
  let since = 0;
  return {
    record(error) {
      const why = error === undefined ? undefined : error instanceof Error ? error.message : 'the disk does not answer';
      const isNews = why !== undefined && trouble === undefined;
      if (isNews) since = wallSeconds();
      trouble = why;
      return isNews;
    },
    get trouble() {
      return trouble;
    },
    get troubleSince() {
      return since;
    },
  };
}
