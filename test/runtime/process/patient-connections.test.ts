import { getDefaultAutoSelectFamilyAttemptTimeout } from 'node:net';
import { expect, test } from 'vitest';
import { sourceFiles } from '../../support/source-tree.js';
import '../../../src/runtime/process/patient-connections.js';

test('each of several addresses gets 2.5 s to connect, in every process', () => {
  expect(getDefaultAutoSelectFamilyAttemptTimeout()).toBe(2500);
  const cli = sourceFiles('src').find(({ path }) => path === 'src/cli.ts');
  expect(cli?.imports.map(({ from }) => from)).toContain('./runtime/process/patient-connections.js');
});
