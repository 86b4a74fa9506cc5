/** What is wrong with the disk, as its last answer showed. */
export type DiskTrouble = {
  /**
   * Takes note of an answer: an error, or undefined for success. Returns true if this is news of trouble, so that it is
   * logged once.
   */
  record(error: unknown): boolean;
  /** for people; undefined if the last write succeeded */
  readonly trouble: string | undefined;
};

/** Starts without trouble. */
export function createDiskTrouble(): DiskTrouble {
  let trouble: string | undefined;
  return {
    record(error) {
      const why = error === undefined ? undefined : error instanceof Error ? error.message : 'the disk does not answer';
      const isNews = why !== undefined && trouble === undefined;
      trouble = why;
      return isNews;
    },
    get trouble() {
      return trouble;
    },
  };
}
