import { configDefaults, defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    // needs minutes and a Python: `npm run test:home-assistant`
    exclude: [...configDefaults.exclude, 'test/home-assistant/**'],
    // opencv4nodejs may be loaded once a process: forks, not worker threads.
    pool: 'forks',
    maxWorkers: 2,
    testTimeout: 60_000,
    hookTimeout: 60_000,
    setupFiles: ['test/support/name-process.ts'],
  },
});
