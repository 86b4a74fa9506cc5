import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readLabels, score, type Score } from './accuracy-score.js';

/**
 * Replays every labelled clip below a folder with both detectors, with one configuration for all, prints a table and writes
 * it to bench/out/accuracy.md. A clip is a folder with `video.*` and `frames.csv`.
 */
const vacancySeconds = 20;
/** A room may stay occupied this much longer than `vacancy_seconds` before it counts as wrong. */
const graceSeconds = 2;
const judgedFps = 16;

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

function replay(video: string, fps: number, detector: string): boolean[] {
  const out = mkdtempSync(join(tmpdir(), 'accuracy-'));
  try {
    const frames = Math.max(1, Math.round(Math.min(fps, judgedFps) / 2));
    const config = { motion: { detector, min_motion_frames: frames }, occupancy: { vacancy_seconds: vacancySeconds } };
    writeFileSync(join(out, 'conf.json'), JSON.stringify(config));
    execFileSync(process.execPath, ['dist/cli.js', 'replay', video, '--conf', join(out, 'conf.json'), '--out', out], {
      stdio: ['ignore', 'ignore', 'inherit'],
    });
    const lines = readFileSync(join(out, 'frames.ndjson'), 'utf8').trim().split('\n');
    return lines.map((line) => (JSON.parse(line) as { status: string }).status === 'occupied');
  } finally {
    rmSync(out, { recursive: true, force: true });
  }
}

function row(clip: string, detector: string, s: Score): string {
  const cells = [clip, detector, s.f1.toFixed(4), s.falseSeconds.toFixed(1), s.missedSeconds.toFixed(1)];
  return `| ${[...cells, s.falseVisits, `${s.missedVisits} of ${s.visits}`, s.entrySeconds?.toFixed(2) ?? '-'].join(' | ')} |`;
}

const table = [
  '| clip | detector | F1 | false s | missed s | false visits | missed visits | entry s |',
  '|---|---|---|---|---|---|---|---|',
];
for (const folder of clipsBelow(root).sort()) {
  const video = join(folder, readdirSync(folder).find((name) => name.startsWith('video.')) ?? '');
  const fps = rateOf(video);
  const labels = readLabels(readFileSync(join(folder, 'frames.csv'), 'utf8'));
  for (const detector of ['adaptive', 'tutorial']) {
    const reported = replay(video, fps, detector);
    table.push(
      row(
        folder.slice(root.length).replace(/^\//, ''),
        detector,
        score(labels, reported, fps, vacancySeconds + graceSeconds),
      ),
    );
    process.stdout.write(`${table.at(-1)}\n`);
  }
}
if (!existsSync('bench/out')) mkdirSync('bench/out', { recursive: true });
writeFileSync('bench/out/accuracy.md', `${table.join('\n')}\n`);
