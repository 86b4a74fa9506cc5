import { expect, test } from 'vitest';
import { effectiveSettings, readKeptSettings, readSettingsChange } from '../../../src/domain/room/live-settings.js';

const config = {
  motion: { delta_thresh: 5, min_area: 5000, min_motion_frames: 8 },
  occupancy: { vacancy_seconds: 30 },
  snapshots: { min_upload_seconds: 3 },
};

test('settings begin as configured, with what was kept on top', () => {
  expect(effectiveSettings(config, {})).toEqual({
    armed: true,
    delta_thresh: 5,
    min_area: 5000,
    min_motion_frames: 8,
    vacancy_seconds: 30,
    min_upload_seconds: 3,
  });
  expect(effectiveSettings(config, { armed: false, min_area: 900 })).toMatchObject({ armed: false, min_area: 900 });
});

test('a change may name one setting or several', () => {
  expect(readSettingsChange('{"armed":false,"vacancy_seconds":12.5}')).toEqual({
    kind: 'change',
    change: { armed: false, vacancy_seconds: 12.5 },
  });
});

const refused = [
  ['an unknown name', '{"min_area":900,"volume":11}', /volume/],
  ['a value out of range', '{"delta_thresh":0}', /delta_thresh/],
  ['a wrong type', '{"armed":"yes"}', /armed/],
  ['no setting at all', '{}', /empty/],
  ['something else than an object', '[1]', /object/],
  ['no JSON', 'armed', /not JSON/],
] as const;

test.each(refused)('%s changes nothing and says why', (_, payload, why) => {
  const answer = readSettingsChange(payload);
  expect(answer).toMatchObject({ kind: 'refused' });
  expect(answer.kind === 'refused' && answer.why).toMatch(why);
});

test('of kept settings, what no longer fits is left out', () => {
  expect(readKeptSettings({ armed: false, delta_thresh: 999, gone: 1 })).toEqual({ armed: false });
  expect(readKeptSettings('nonsense')).toEqual({});
});
