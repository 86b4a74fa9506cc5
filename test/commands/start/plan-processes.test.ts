import { expect, test } from 'vitest';
import { planDetectors, planProcesses } from '../../../src/commands/start/plan-processes.js';
import { loadConfig } from '../../../src/runtime/config/config.js';

const rooms = JSON.stringify(['kitchen', 'hall'].map((room) => ({ room, camera: { source: `${room}.mp4` } })));
const home = (env: Readonly<Record<string, string>>) => {
  const loaded = loadConfig({ file: undefined, env });
  if ('problems' in loaded) throw new Error(loaded.problems.join('\n'));
  return loaded;
};
const kinds = (plans: readonly { readonly kind: string }[]) => plans.map(({ kind }) => kind);

test('the detectors alone use the broker of mqtt.url, also where `roomwatch start` would run one', () => {
  const several = home({ ROOMWATCH_ROOMS: rooms, ROOMWATCH_BROKER_EMBEDDED: 'true', ROOMWATCH_HTTP_PASSWORD: 'p' });
  const plans = planDetectors(several, '/tmp/socket');
  expect(kinds(plans)).toEqual(['recogniser', 'detector', 'detector']);
  expect(plans.map(({ values }) => values)).toEqual([{}, {}, {}]);
  expect(kinds(planProcesses(several, '/tmp/socket'))).toEqual(
    expect.arrayContaining(['broker', 'uploader', 'page', ...kinds(plans)]),
  );
});

test('of one room they are one process', () => {
  expect(kinds(planDetectors(home({ ROOMWATCH_ROOM: 'kitchen' }), undefined))).toEqual(['detector']);
});
