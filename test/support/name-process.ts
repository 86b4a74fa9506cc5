import { expect } from 'vitest';

// `ps` and tools/hung-tests.mjs can tell which file a test process runs.
process.title = `test ${expect.getState().testPath ?? ''}`;
