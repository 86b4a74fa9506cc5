import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { runChaos } from '../chaos/chaos.js';

// A short run of `npm run chaos`; seeds that failed there are added to this list.
test.each([1, 3, 7])(
  'seed %i: every snapshot is archived once or reported, whichever process dies',
  async (seed) => {
    const outcome = await runChaos(join(import.meta.dirname, '../..'), seed, 30, 1, 90);
    const { missing, doubled, different, contradicted, unjustified, falseStates, waiting, malformed, crashes } =
      outcome;
    expect({
      missing,
      doubled,
      different,
      contradicted,
      unjustified,
      falseStates,
      waiting,
      malformed,
      crashes,
      dir: outcome.dir,
    }).toEqual({
      ...{
        missing: [],
        doubled: [],
        different: [],
        contradicted: [],
        unjustified: [],
        falseStates: [],
        waiting: [],
        malformed: 0,
        crashes: 0,
      },
      dir: outcome.dir,
    });
    expect(outcome.archived).toBeGreaterThan(0);
    await rm(outcome.dir, { recursive: true, force: true });
  },
  240_000,
);
