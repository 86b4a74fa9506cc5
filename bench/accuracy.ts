import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  labelsPeople,
  labelsVehiclesAsVisitors,
  readLabels,
  score,
  type Score,
  type Visitors,
} from './accuracy-score.js';

/**
 * Replays every labelled clip below a folder, with the defaults and `vacancy_seconds: 20`, prints a table and writes it to
 * bench/out/accuracy.md: by recognition, by motion alone and by the tutorial's algorithm. A clip is a folder with `video.*`
 * and `frames.csv`.
 */
const vacancySeconds = 20;
/** A room may stay occupied this much longer than `vacancy_seconds` before it counts as wrong. */
const graceSeconds = 2;

/** One way to judge a clip: its configuration, and the labels that it is scored by. */
type Way = { readonly name: string; readonly visitors: Visitors; readonly config: object };

/** `[person, vehicle]` where the labels take vehicles for visitors; then people alone as well. */
function waysOf(csv: string): readonly Way[] {
  const vehicles = labelsVehiclesAsVisitors(csv);
  const occupied_by = vehicles ? ['person', 'vehicle'] : ['person'];
  const people: Way = { name: 'recognition, [person]', visitors: 'person', config: {} };
  return [
    {
      name: `recognition, [${occupied_by.join(', ')}]`,
      visitors: 'occupied',
      config: { recognition: { occupied_by } },
    },
    ...(vehicles && labelsPeople(csv) ? [people] : []),
    { name: 'motion alone', visitors: 'occupied', config: { recognition: { enabled: false } } },
    { name: 'tutorial', visitors: 'occupied', config: { motion: { detector: 'tutorial' } } },
  ];
}

const [root] = process.argv.slice(2);
if (root === undefined) {
  process.stderr.write('usage: npm run accuracy -- CLIPS_DIR\n');
  process.exit(2);
}

function clipsBelow(folder: string): string[] {
  const names = readdirSync(folder, { withFileTypes: true });
  const here = names.some(({ name }) => name === 'frames.csv') && names.some(({ name }) => name.startsWith('video.'));
  const below = names.filter((entry) => entry.isDirectory()).flatMap(({ name }) => clipsBelow(join(folder, name)));
  return here ? [folder, ...below] : below;
}

function rateOf(video: string): number {
  const args = ['-v', 'error', '-select_streams', 'v', '-show_entries', 'stream=r_frame_rate', '-of', 'csv=p=0', video];
  const [frames = 0, seconds = 1] = execFileSync('ffprobe', args, { encoding: 'utf8' })
    .trim()
    .split('/')
    .map(parseFloat);
  return frames / seconds;
}

/** Whether the room is reported occupied, frame by frame. */
function replay(video: string, config: object): boolean[] {
  const out = mkdtempSync(join(tmpdir(), 'accuracy-'));
  try {
    writeFileSync(
      join(out, 'conf.json'),
      JSON.stringify({ ...config, occupancy: { vacancy_seconds: vacancySeconds } }),
    );
    execFileSync(process.execPath, ['dist/cli.js', 'replay', video, '--conf', join(out, 'conf.json'), '--out', out], {
      stdio: ['ignore', 'ignore', 'inherit'],
    });
    const lines = readFileSync(join(out, 'frames.ndjson'), 'utf8').trim().split('\n');
    return lines.map((line) => (JSON.parse(line) as { status: string }).status === 'occupied');
  } finally {
    rmSync(out, { recursive: true, force: true });
  }
}

const table: string[] = [];
function addRow(cells: readonly (string | number)[]): void {
  table.push(`| ${cells.join(' | ')} |`);
  process.stdout.write(`${table.at(-1)}\n`);
}

function falseVisits({ falseVisits: count, falseVisitsBy }: Score): string {
  const by = Object.entries(falseVisitsBy).filter(([, visits]) => visits > 0);
  return count === 0 ? '0' : by.map(([there, visits]) => `${visits} ${there}`).join(', ');
}

const meanOf = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;

/** The mean of F1 and of the entries, and the sum of the rest. */
function addMean(name: string, way: string, by: Visitors, scores: readonly Score[]): void {
  const sum = (read: (s: Score) => number) => scores.reduce((total, s) => total + read(s), 0);
  const entries = scores.flatMap(({ entrySeconds }) => entrySeconds ?? []);
  const f1 = meanOf(scores.map((s) => s.f1)).toFixed(4);
  const seconds = [sum((s) => s.falseSeconds).toFixed(1), sum((s) => s.missedSeconds).toFixed(1)];
  const visits = [sum((s) => s.falseVisits), `${sum((s) => s.missedVisits)} of ${sum((s) => s.visits)}`];
  addRow([name, way, by, f1, ...seconds, ...visits, entries.length > 0 ? meanOf(entries).toFixed(2) : '-']);
}

addRow(['clip', 'detector', 'by', 'F1', 'false s', 'missed s', 'false visits', 'missed visits', 'entry s']);
addRow(['---', '---', '---', '---', '---', '---', '---', '---', '---']);
const all: { readonly way: Way; readonly people: boolean; readonly score: Score }[] = [];
for (const folder of clipsBelow(root).sort()) {
  const video = join(folder, readdirSync(folder).find((name) => name.startsWith('video.')) ?? '');
  const fps = rateOf(video);
  const csv = readFileSync(join(folder, 'frames.csv'), 'utf8');
  const clip = folder.slice(root.length).replace(/^\//, '');
  for (const way of waysOf(csv)) {
    const s = score(readLabels(csv, way.visitors), replay(video, way.config), fps, vacancySeconds + graceSeconds);
    all.push({ way, people: labelsPeople(csv), score: s });
    const seconds = [s.falseSeconds.toFixed(1), s.missedSeconds.toFixed(1)];
    const visits = [falseVisits(s), `${s.missedVisits} of ${s.visits}`];
    addRow([clip, way.name, way.visitors, s.f1.toFixed(4), ...seconds, ...visits, s.entrySeconds?.toFixed(2) ?? '-']);
  }
}
for (const kind of ['recognition', 'motion alone', 'tutorial']) {
  const rows = all.filter(({ way }) => way.name.startsWith(kind));
  const occupied = rows.filter(({ way }) => way.visitors === 'occupied');
  addMean(
    'mean',
    kind,
    'occupied',
    occupied.map((row) => row.score),
  );
  // Where vehicles are no visitors, both columns say the same.
  const people = rows.filter(
    (row) => row.people && (row.way.visitors === 'person' || !row.way.name.includes('vehicle')),
  );
  if (kind === 'recognition')
    addMean(
      'mean, clips that label people',
      kind,
      'person',
      people.map((row) => row.score),
    );
}
mkdirSync('bench/out', { recursive: true });
writeFileSync('bench/out/accuracy.md', `${table.join('\n')}\n`);
