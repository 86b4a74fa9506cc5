import { expect, test } from 'vitest';
import { flagProblems } from '../../../src/commands/init/flags.js';

test('the services of the Debian package run no broker, so none is offered for their file', () => {
  const flags = { broker: 'embedded' };
  expect(flagProblems('home.yaml', flags)).toEqual([]);
  expect(flagProblems('/etc/roomwatch/roomwatch.yaml', flags)).toEqual([
    '--broker: only roomwatch start runs a broker, the services do not: sudo apt install mosquitto',
  ]);
});
