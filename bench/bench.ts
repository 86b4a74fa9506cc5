import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { cpus, tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { openMosquitto } from '../test/support/mosquitto.js';
import { vtestClip } from './bench-clips.js';
import { contestants } from './cost.js';
import { measureLatency } from './latency.js';
import { measureMemory } from './memory.js';
import { shown, spread } from './statistics.js';

// What Roomwatch costs beside its peers, whole processes on the same clip, alternating. Prints Markdown, and writes it to
// bench/out/bench.md. `npm run build` first. --rounds N (3), --frames N (100000), --only cost|latency|memory.
const { values } = parseArgs({
  options: {
    rounds: { type: 'string', default: '3' },
    frames: { type: 'string', default: '100000' },
    only: { type: 'string' },
  },
});
const wanted = (part: string) => values.only === undefined || values.only === part;
const folder = mkdtempSync(join(tmpdir(), 'roomwatch-bench-'));
const broker = await openMosquitto();
const lines: string[] = [];
const say = (line: string) => {
  lines.push(line);
  process.stdout.write(`${line}\n`);
};
const progress = (words: string) => process.stderr.write(`${words}\n`);

try {
  if (wanted('cost')) await cost(Number(values.rounds));
  if (wanted('latency')) await latency();
  if (wanted('memory')) await memory(Number(values.frames));
  writeFileSync('bench/out/bench.md', `${lines.join('\n')}\n`);
} finally {
  await broker.close();
  rmSync(folder, { recursive: true, force: true });
}

async function cost(rounds: number): Promise<void> {
  const clip = vtestClip();
  const results = new Map<string, { cpu: number[]; rss: number[] }>();
  for (let round = 1; round <= rounds; round++) {
    for (const contestant of contestants) {
      const result = await contestant.run({ clip, folder, brokerUrl: broker.url });
      if (result === undefined) continue;
      const { cpu, rss } = results.get(contestant.name) ?? { cpu: [], rss: [] };
      results.set(contestant.name, { cpu: [...cpu, result.cpu], rss: [...rss, result.rss] });
      progress(`round ${round} of ${rounds}: ${contestant.name}: ${result.cpu.toFixed(2)} ms a frame`);
    }
  }
  const mine = results.get('roomwatch detect, adaptive')!;
  const processor = cpus()[0]?.model ?? 'unknown processor';
  say(`${clip.frames} frames, 768x576 H.264, ${rounds} rounds, ${processor}; middle (least-greatest).\n`);
  say('| | CPU ms a frame | adaptive is | RSS MB |');
  say('|---|---|---|---|');
  for (const [name, { cpu, rss }] of results) {
    // Round by round: what else the machine does weighs on both.
    const ratios = spread(cpu.map((theirs, round) => mine.cpu[round]! / theirs));
    const megabytes = spread(rss.map((bytes) => bytes / 1e6));
    say(`| ${name} | ${shown(spread(cpu))} | ${shown(ratios)} | ${shown(megabytes, 0)} |`);
  }
  say('');
}

async function latency(): Promise<void> {
  const { events, receipts, archived, started } = await measureLatency({ folder, brokerUrl: broker.url, progress });
  say('| | number | middle | p95 | p99 |');
  say('|---|---|---|---|---|');
  for (const [name, summary] of [
    ['frame in -> motion event at a subscriber, ms', events],
    ['snapshot decided -> receipt at a subscriber, ms', receipts],
    ['snapshot decided -> file complete in a local Dropbox server, ms', archived],
    ['process start -> first status message, ms', started],
  ] as const) {
    say(`| ${name} | ${summary.count} | ${summary.median} | ${summary.p95} | ${summary.p99} |`);
  }
}

async function memory(frames: number): Promise<void> {
  const { early, late } = await measureMemory(frames, { folder, brokerUrl: broker.url, progress });
  say('');
  say("| the detector's RSS | frames | MB |");
  say('|---|---|---|');
  for (const { frames: after, rss } of [early, late]) say(`| | ${after} | ${rss.toFixed(0)} |`);
  say(`| ratio | | ${(late.rss / early.rss).toFixed(3)} |`);
}
