/**
 * `npm run chaos -- --seed N --events 300 [--runs 10] [--pace 2]`: runs the whole system through a seeded schedule of kills, cut
 * connections, Dropbox faults, full disks and clock jumps, then checks every snapshot. Ends with status 1 if one is missing,
 * doubled or different.
 * A busy machine, on which processes start slowly, needs a slower pace; the schedule is the same.
 */
import { rmSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { type Outcome, runChaos } from './chaos.js';

const { values } = parseArgs({
  options: {
    seed: { type: 'string', default: '1' },
    events: { type: 'string', default: '300' },
    runs: { type: 'string', default: '1' },
    pace: { type: 'string', default: '1' },
  },
});

const bad = (outcome: Outcome) =>
  [
    outcome.missing,
    outcome.doubled,
    outcome.different,
    outcome.contradicted,
    outcome.unjustified,
    outcome.falseStates,
    outcome.waiting,
  ].some((list) => list.length > 0) ||
  outcome.malformed > 0 ||
  outcome.crashes > 0;

for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => process.exit(130));
process.setMaxListeners(0);
let failed = false;
for (let run = 0; run < Number(values.runs); run += 1) {
  const outcome = await runChaos(process.cwd(), Number(values.seed) + run, Number(values.events), Number(values.pace));
  const { seed, announced, archived, reported, missing, doubled, different, crashes, seconds } = outcome;
  failed ||= bad(outcome);
  process.stdout.write(
    `seed ${seed}: ${announced} announced, ${archived} archived, ${reported} reported lost or rejected, ` +
      `${missing.length} missing, ${doubled.length} doubled, ${different.length} different, ${crashes} crashes, ` +
      `${outcome.falseStates.length} false states (${seconds} s)\n`,
  );
  if (bad(outcome)) process.stdout.write(`${JSON.stringify(outcome, undefined, 2)}\n`);
  else rmSync(outcome.dir, { recursive: true, force: true });
}
process.exit(failed ? 1 : 0);
