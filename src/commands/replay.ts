import type { Given } from './run-command.js';
import { runReplay } from '../replay/replay-clip.js';
import { progressBar } from '../runtime/progress-bar.js';

/** What `roomwatch replay` takes besides its configuration. */
export type ReplayArguments = { readonly out?: string; readonly video?: boolean; readonly plot?: boolean };

/** `roomwatch replay`: shows how far it is where stderr is a terminal, and says on stdout what was seen. */
export async function replayWithProgress(clip: string, asked: ReplayArguments, given: Given): Promise<void> {
  const bar = process.stderr.isTTY ? progressBar((text) => process.stderr.write(text)) : undefined;
  const { out, video = false, plot = false } = asked;
  const options = { clip, out, video, plot, ...(bar === undefined ? {} : { progress: bar.show }) };
  try {
    const report = await runReplay(options, given.config, given.signal);
    bar?.clear();
    process.stdout.write(`${report.trimEnd()}\n`);
  } finally {
    bar?.clear();
  }
}
