import { expect } from 'vitest';

// `ps` and hung-tests.ts can tell which file a test process runs.
process.title = `test ${expect.getState().testPath ?? ''}`;
