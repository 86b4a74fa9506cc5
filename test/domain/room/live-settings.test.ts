import { expect, test } from 'vitest';
import { effectiveSettings, parseStoredSettings, readSettingsChange } from '../../../src/domain/room/live-settings.js';

const config = {
  motion: { delta_thresh: 5, min_area: 5000, min_motion_frames: 8 },
  occupancy: { vacancy_seconds: 30 },
  snapshots: { min_upload_seconds: 3 },
};

test('settings start as configured, overridden by the stored ones', () => {
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

test.each(refused)('%s is refused with a reason', (_, payload, why) => {
  const answer = readSettingsChange(payload);
  expect(answer).toMatchObject({ kind: 'refused' });
  expect(answer.kind === 'refused' && answer.why).toMatch(why);
});

test('of stored settings, those that are no longer valid are left out', () => {
  expect(parseStoredSettings({ armed: false, delta_thresh: 999, gone: 1 })).toEqual({ armed: false });
  expect(parseStoredSettings('nonsense')).toEqual({});
});
