import { mkdtempSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { cpus, tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { openMosquitto } from '../test/support/mosquitto.js';
import { type Asked, askedTable } from './asked.js';
import { vtestClip } from './bench-clips.js';
import { measureBurst } from './burst.js';
import { contestants } from './cost.js';
import { measureDrain } from './drain.js';
import { measureHome } from './home.js';
import { measureLatency } from './latency.js';
import { measureMemory } from './memory.js';
import { measureSnapshotSource } from './snapshot-source.js';
import { measureStart } from './start-time.js';
import { shown, spread } from './statistics.js';

// What Roomwatch costs beside its peers, whole processes on the same clip, alternating; how fast it is; what it holds.
// Prints Markdown, and writes it to bench/out/bench.md: the details, then every figure beside what is asked. `npm run
// build` first. --only cost|latency|burst|start|drain|memory|home|snapshot-source, --rounds N (3), --frames N (1000000),
// --receipts N (10000).
const { values } = parseArgs({
  options: {
    rounds: { type: 'string', default: '3' },
    frames: { type: 'string', default: '1000000' },
    receipts: { type: 'string', default: '10000' },
    only: { type: 'string' },
  },
});
const wanted = (part: string) => values.only === undefined || values.only === part;
const folder = mkdtempSync(join(tmpdir(), 'roomwatch-bench-'));
const broker = await openMosquitto();
const lines: string[] = [];
const asked: Asked[] = [];
const say = (line: string) => {
  lines.push(line);
  process.stdout.write(`${line}\n`);
};
const progress = (words: string) => process.stderr.write(`${words}\n`);

try {
  if (wanted('cost')) await cost(Number(values.rounds));
  if (wanted('latency')) await latency();
  if (wanted('burst')) for (const qos of [0, 1] as const) await burst(qos);
  if (wanted('start')) await start(Number(values.rounds));
  if (wanted('drain')) await drain(Number(values.receipts));
  if (wanted('home')) await home();
  if (wanted('snapshot-source')) await snapshotSource();
  if (wanted('memory')) await memory(Number(values.frames));
  for (const line of askedTable(asked)) say(line);
  mkdirSync('bench/out', { recursive: true });
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
  for (const { name, atMost } of contestants) {
    const result = results.get(name);
    if (result === undefined) continue;
    // Round by round: what else the machine does weighs on both.
    const ratios = spread(result.cpu.map((theirs, round) => mine.cpu[round]! / theirs));
    const megabytes = spread(result.rss.map((bytes) => bytes / 1e6));
    say(`| ${name} | ${shown(spread(result.cpu))} | ${shown(ratios)} | ${shown(megabytes, 0)} |`);
    if (atMost === undefined) continue;
    const holds = ratios.median <= atMost;
    asked.push({ what: `CPU a frame / ${name}`, measured: shown(ratios), limit: `<= ${atMost}`, holds });
  }
  say('');
}

async function latency(): Promise<void> {
  const { events, receipts, archived } = await measureLatency({ folder, brokerUrl: broker.url, progress });
  say('| | number | middle | p95 | p99 | greatest |');
  say('|---|---|---|---|---|---|');
  const frameToEvent = 'frame in -> motion event at a subscriber, ms';
  const toArchive = 'snapshot decided -> file complete in a local Dropbox server, ms';
  for (const [name, { count, median, p95, p99, max }] of [
    [frameToEvent, events],
    ['snapshot decided -> receipt at a subscriber, ms', receipts],
    [toArchive, archived],
  ] as const) {
    say(`| ${name} | ${count} | ${median} | ${p95} | ${p99} | ${max} |`);
  }
  say('');
  const eventsHold = events.p99 <= 40;
  asked.push({
    what: frameToEvent,
    measured: `p99 ${events.p99} of ${events.count}`,
    limit: '<= 40',
    holds: eventsHold,
  });
  const fast = archived.p95 <= 250;
  asked.push({ what: toArchive, measured: `p95 ${archived.p95} of ${archived.count}`, limit: '<= 250', holds: fast });
}

async function burst(qos: 0 | 1): Promise<void> {
  const { before, after } = await measureBurst(qos, { folder, brokerUrl: broker.url, progress });
  const more = after.rss - before.rss;
  asked.push({
    what: `burst of 60,000 commands and settings, QoS ${qos}: room status at a subscriber, ms`,
    measured: `at most ${after.late} (before it ${before.late})`,
    limit: '<= 1000',
    holds: after.late <= 1000,
  });
  asked.push({
    what: `the same burst: RSS of the detector, MB`,
    measured: `at most ${after.rss.toFixed(0)} (before it ${before.rss.toFixed(0)})`,
    limit: '<= 20 more',
    holds: more <= 20,
  });
}

async function start(rounds: number): Promise<void> {
  const seconds = spread(await measureStart({ folder, rounds, progress }));
  const what = 'a second `npm start` -> first status message at a subscriber, s';
  asked.push({ what, measured: shown(seconds), limit: '<= 3', holds: seconds.max <= 3 });
}

async function drain(receipts: number): Promise<void> {
  const { takenInPerSecond, archivedPerSecond, cpu, idle, rss } = await measureDrain({ folder, receipts, progress });
  const [early, late] = rss;
  say(`| a backlog of ${receipts} receipts, pictures of 50 kB | |`);
  say('|---|---|');
  say(`| receipts taken in, a second | ${takenInPerSecond.toFixed(0)} |`);
  say(`| pictures archived in a folder, a second | ${archivedPerSecond.toFixed(0)} |`);
  say(`| CPU of the uploader for a picture, ms | ${cpu.toFixed(2)} |`);
  say(`| RSS of the uploader while idle, MB | ${idle.toFixed(0)} |`);
  say(`| in the second quarter of the time | ${shown(early, 0)} |`);
  say(`| in the last quarter | ${shown(late, 0)} |`);
  say('');
  // Pictures that are done with come and go by the dozen.
  const flat = late.max <= early.max * 1.1;
  const growth = `RSS at most ${early.max.toFixed(0)} MB, at last ${late.max.toFixed(0)}`;
  asked.push({
    what: `uploader: receipts a second into a folder archive, queue of ${receipts}`,
    measured: `${archivedPerSecond.toFixed(0)}; ${growth}`,
    limit: '>= 300, RSS flat',
    holds: archivedPerSecond >= 300 && flat,
  });
}

async function memory(frames: number): Promise<void> {
  const { early, late, greatest } = await measureMemory(frames, { folder, brokerUrl: broker.url, progress });
  const ratio = late.rss / early.rss;
  const [before, after, most] = [early.rss, late.rss, greatest].map((megabytes) => megabytes.toFixed(0));
  asked.push({
    what: `RSS of the detector after ${late.frames} frames, against after ${early.frames}`,
    measured: `${ratio.toFixed(3)} (${after} MB, ${before} MB; at a moment ${most} MB)`,
    limit: '<= 1.05, below 150 MB',
    holds: ratio <= 1.05 && late.rss < 150,
  });
}

async function home(): Promise<void> {
  const shares = await measureHome({ folder, progress });
  const total = (read: (share: (typeof shares)[number]) => number) => shares.reduce((sum, one) => sum + read(one), 0);
  say('| four rooms, one `roomwatch start` | processes | PSS MB | CPU % of a core |');
  say('|---|---|---|---|');
  for (const { kind, processes, pssMb, cpuPercent } of shares)
    say(`| ${kind} | ${processes} | ${pssMb.toFixed(0)} | ${cpuPercent.toFixed(1)} |`);
  const memory = total(({ pssMb }) => pssMb);
  say(
    `| together | ${total(({ processes }) => processes)} | ${memory.toFixed(0)} | ${total(({ cpuPercent }) => cpuPercent).toFixed(1)} |\n`,
  );
  asked.push({ what: 'PSS of four rooms, MB', measured: memory.toFixed(0), limit: '<= 450', holds: memory <= 450 });
}

async function snapshotSource(): Promise<void> {
  const { without, added, addedMb } = await measureSnapshotSource({ folder, brokerUrl: broker.url, progress });
  const measured = `${added.toFixed(2)} (${without.toFixed(2)} without it; ${addedMb.toFixed(0)} MB more)`;
  asked.push({ what: 'snapshot_source without a snapshot, % of a core', measured, limit: '<= 1', holds: added <= 1 });
}
