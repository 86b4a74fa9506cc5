import { expect, test } from 'vitest';
import { pageState } from '../../../src/domain/page/payloads.js';
import { quietState } from '../../support/page-needs.js';
import { basic, servePage } from '../../support/page-server.js';

const send = (url: string, method: string, body?: unknown) =>
  fetch(url, {
    method,
    headers: { ...basic, ...(body !== undefined && { 'content-type': 'application/json' }) },
    ...(body !== undefined && { body: JSON.stringify(body) }),
  });

const desk = { name: 'desk', polygon: [[0, 0], [1, 1], [0, 1]] }; // prettier-ignore

test('the state fits its schema', async () => {
  const { url } = await servePage();
  expect(pageState.parse(await (await send(`${url}/api/state`, 'GET')).json())).toEqual(quietState);
});

test('settings are changed as requested, and the answer has all settings after the change', async () => {
  const changes: unknown[] = [];
  const { url } = await servePage({
    changeSettings: (change) => {
      changes.push(change);
      return Promise.resolve({ ...quietState.settings, min_area: 900 });
    },
  });
  const answer = await send(`${url}/api/settings`, 'PATCH', { min_area: 900 });
  expect(await answer.json()).toMatchObject({ min_area: 900, delta_thresh: 5 });
  expect(changes).toEqual([{ min_area: 900 }]);
});

test.each([
  ['an unknown setting', '/api/settings', 'PATCH', { volume: 11 }],
  ['a value out of range', '/api/settings', 'PATCH', { delta_thresh: 0 }],
  ['no setting at all', '/api/settings', 'PATCH', {}],
  ['a mask of two corners', '/api/masks', 'PUT', { masks: [[[0, 0], [1, 1]]] }], // prettier-ignore
  ['two zones with one name', '/api/zones', 'PUT', { zones: [desk, desk] }],
  ['a bad name of a zone', '/api/zones', 'PUT', { zones: [{ ...desk, name: 'My desk' }] }],
  ['a corner outside the picture', '/api/masks', 'PUT', { masks: [[[0, 0], [1, 1], [0, 1.1]]] }], // prettier-ignore
  ['a room that nothing occupies', '/api/occupied-by', 'PUT', { occupied_by: [] }],
  ['an unknown occupant', '/api/occupied-by', 'PUT', { occupied_by: ['ghost'] }],
  ['a rehearsal with an unknown occupant', '/api/rehearsal', 'POST', { occupied_by: ['ghost'] }],
  ['a rehearsal with a setting of the wrong type', '/api/rehearsal', 'POST', { settings: { armed: 'yes' } }],
])('%s is refused with a reason, and nothing is changed', async (_what, path, method, body) => {
  const notCalled = () => Promise.reject(new Error('must not be called'));
  const needs = { changeSettings: notCalled, changeMasks: notCalled, changeOccupants: notCalled, rehearse: notCalled };
  const { url, logged } = await servePage(needs);
  const answer = await send(url + path, method, body);
  expect(answer.status).toBe(400);
  expect(await answer.json()).toMatchObject({ message: expect.any(String) as string });
  expect(logged).toEqual([]);
});

test('what occupies the room is changed as requested, and refused where nothing is recognised', async () => {
  const changes: unknown[] = [];
  let recognises = true;
  const { url } = await servePage({
    changeOccupants: (occupants) => {
      changes.push(occupants);
      return Promise.resolve(recognises);
    },
  });
  const wanted = { occupied_by: ['person', 'animal'] };
  const answer = await send(`${url}/api/occupied-by`, 'PUT', wanted);
  expect(await answer.json()).toEqual(wanted);
  expect(changes).toEqual([wanted.occupied_by]);
  recognises = false;
  expect((await send(`${url}/api/occupied-by`, 'PUT', wanted)).status).toBe(409);
});

test('the visits are asked for in parts, and a query that does not fit is refused', async () => {
  const asked: unknown[] = [];
  const { url } = await servePage({
    visits: (query) => {
      asked.push(query);
      return { visits: [], more: true };
    },
  });
  const before = '2026-11-22T10:15:30.123Z';
  expect(await (await send(`${url}/api/visits?before=${before}&limit=20`, 'GET')).json()).toEqual({
    visits: [],
    more: true,
  });
  await send(`${url}/api/visits`, 'GET');
  expect(asked).toEqual([{ before, limit: 20 }, {}]);
  for (const wrong of ['limit=0', 'limit=101', 'limit=all', 'before=yesterday', 'page=2'])
    expect((await send(`${url}/api/visits?${wrong}`, 'GET')).status).toBe(400);
});

test('the configuration and the log are shown; an unknown level is refused', async () => {
  const entry = {
    key: 'mqtt.url',
    value: 'mqtt://[secret]@h',
    source: 'environment',
    name: 'ROOMWATCH_MQTT_URL',
  } as const;
  const levels: string[] = [];
  const { url } = await servePage({
    configuration: () => [entry],
    logLines: (level) => {
      levels.push(level);
      return [{ at: '2026-11-22T10:15:30.123Z', level: 'warn', message: 'camera lost', fields: { room: 'hall' } }];
    },
  });
  expect(await (await send(`${url}/api/configuration`, 'GET')).json()).toEqual({ configuration: [entry] });
  expect(await (await send(`${url}/api/log?level=warn`, 'GET')).json()).toMatchObject({ lines: [{ level: 'warn' }] });
  await send(`${url}/api/log`, 'GET');
  expect(levels).toEqual(['warn', 'trace']);
  expect((await send(`${url}/api/log?level=loud`, 'GET')).status).toBe(400);
});

test('a snapshot without a camera is refused', async () => {
  const { url } = await servePage({ takeSnapshot: () => false });
  expect((await send(`${url}/api/snapshot`, 'POST')).status).toBe(409);
});

test('the OpenAPI document describes every route', async () => {
  const { url } = await servePage();
  const document = (await (await send(`${url}/api/openapi.json`, 'GET')).json()) as {
    openapi: string;
    info: { version: string };
    paths: Record<string, Record<string, { responses: Record<string, unknown> }>>;
  };
  expect(document.openapi).toBe('3.1.0');
  expect(document.info.version).toBe('1.2.3');
  const routes = Object.entries(document.paths).flatMap(([path, methods]) =>
    Object.keys(methods).map((method) => `${method} ${path}`),
  );
  expect(routes.sort()).toEqual([
    'delete /api/session',
    'get /api/configuration',
    'get /api/events',
    'get /api/history',
    'get /api/log',
    'get /api/snapshots/{id}.jpg',
    'get /api/state',
    'get /api/visits',
    'get /live.mjpg',
    'patch /api/settings',
    'post /api/rehearsal',
    'post /api/session',
    'post /api/snapshot',
    'put /api/masks',
    'put /api/occupied-by',
    'put /api/zones',
  ]);
  expect(JSON.stringify(document)).toContain('min_motion_frames');
});
