import { expect, test } from 'vitest';
import type { LiveSettings } from '../../../src/domain/contract/payloads.js';
import { openSettingsKeeper } from '../../../src/pipelines/detector/settings.js';

const config = {
  motion: { delta_thresh: 5, min_area: 5000, min_motion_frames: 8 },
  occupancy: { vacancy_seconds: 30 },
  snapshots: { min_upload_seconds: 3 },
};

function disk(full = false) {
  const state = { file: {} as unknown, told: [] as LiveSettings[], failures: 0 };
  return {
    state,
    needs: {
      load: () => Promise.resolve(state.file),
      save: (kept: Partial<LiveSettings>) =>
        full ? Promise.reject(new Error('ENOSPC')) : Promise.resolve(void (state.file = { ...kept })),
      changed: (settings: LiveSettings) => void state.told.push(settings),
      failed: () => void state.failures++,
    },
  };
}

test('what was set overrides the configuration, also in the next run; the configuration decides the rest', async () => {
  const { state, needs } = disk();
  const keeper = await openSettingsKeeper(config, needs);
  await keeper.change({ armed: false });
  await keeper.change({ vacancy_seconds: 60 });
  expect(state.file).toEqual({ armed: false, vacancy_seconds: 60 });
  expect(state.told.at(-1)).toMatchObject({ armed: false, vacancy_seconds: 60, min_area: 5000 });
  const next = await openSettingsKeeper({ ...config, motion: { ...config.motion, min_area: 900 } }, needs);
  expect(next.now()).toMatchObject({ armed: false, vacancy_seconds: 60, min_area: 900 });
});

test('a change applies even if the disk is full', async () => {
  const { state, needs } = disk(true);
  const keeper = await openSettingsKeeper(config, needs);
  await keeper.change({ armed: false });
  expect(keeper.now().armed).toBe(false);
  expect(state.failures).toBe(1);
});
