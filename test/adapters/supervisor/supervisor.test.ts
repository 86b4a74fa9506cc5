import { expect, test } from 'vitest';
import { connectSupervisor } from '../../../src/adapters/supervisor/supervisor.js';
import { supervisorToken } from '../../support/supervisor-server.js';
import { openSupervisor } from '../../support/supervisor.js';

const mosquitto = {
  ...{ addon: 'core_mosquitto', app: 'core_mosquitto', host: 'core-mosquitto', port: 1883, ssl: false },
  ...{ protocol: '3.1.1', username: 'addons', password: 'p' },
};

test('the broker and its credentials come from the Supervisor', async () => {
  const supervisor = connectSupervisor(await openSupervisor({ mqtt: mosquitto }), supervisorToken);
  const { addon: _addon, app: _app, ...known } = mosquitto;
  expect(await supervisor.mqtt()).toEqual({ value: known });
  expect(await supervisor.self()).toEqual({ value: { slug: 'a1b2c3d4_roomwatch' } });
});

test('what it does not give is explained in its own words', async () => {
  const services = { mqtt: undefined as object | undefined };
  const url = await openSupervisor(services as { mqtt: undefined });
  expect(await connectSupervisor(url, supervisorToken).mqtt()).toEqual({ why: 'Service not enabled' });
  services.mqtt = { host: 'core-mosquitto' };
  expect(await connectSupervisor(url, supervisorToken).mqtt()).toEqual({
    why: 'the answer is not what was expected',
  });
  expect(await connectSupervisor(url, 'another token').mqtt()).toEqual({ why: 'status 401' });
  const nobody = await connectSupervisor('http://127.0.0.1:9', supervisorToken).mqtt();
  expect(nobody).toEqual({ why: expect.stringMatching(/^no answer: /) as unknown });
});
