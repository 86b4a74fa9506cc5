const width = 40;

/** A progress bar on one line of a terminal. */
export type ProgressBar = {
  /** @param share 0 to 1 */
  show(share: number): void;
  /** Removes the line. */
  clear(): void;
};

/** Draws on the current line of the terminal, and only if the line changes. */
export function progressBar(write: (text: string) => void): ProgressBar {
  let shown: string | undefined;
  return {
    show(share) {
      const done = Math.min(1, Math.max(0, share));
      const bar = '█'.repeat(Math.round(done * width)).padEnd(width, '░');
      const line = `${bar} ${String(Math.floor(done * 100)).padStart(3)} %`;
      if (line === shown) return;
      shown = line;
      write(`\r${line}`);
    },
    clear() {
      if (shown !== undefined) write('\r\x1b[K');
      shown = undefined;
    },
  };
}
