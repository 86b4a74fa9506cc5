const width = 40;

/** A line of a terminal that shows how far something is. */
export type ProgressBar = {
  /** @param share 0 to 1 */
  show(share: number): void;
  /** Takes the line away again. */
  clear(): void;
};

/** Draws on the terminal's current line, and only when there is something new to see. */
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
