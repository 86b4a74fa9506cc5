import type { Given } from './run-command.js';
import { runReplay } from '../replay/replay-clip.js';
import { progressBar } from '../runtime/progress-bar.js';

/** The options of `roomwatch replay` besides its configuration. */
export type ReplayArguments = { readonly out?: string; readonly video?: boolean; readonly plot?: boolean };

/** `roomwatch replay`: shows the progress if stderr is a terminal, and prints a report on stdout. */
export async function replayWithProgress(clip: string, options: ReplayArguments, given: Given): Promise<void> {
  const bar = process.stderr.isTTY ? progressBar((text) => process.stderr.write(text)) : undefined;
  const { out, video = false, plot = false } = options;
  const run = { clip, out, video, plot, ...(bar === undefined ? {} : { progress: bar.show }) };
  try {
    const report = await runReplay(run, given.config, given.signal);
    bar?.clear();
    process.stdout.write(`${report.trimEnd()}\n`);
  } finally {
    bar?.clear();
  }
}
