import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: { include: ['test/home-assistant/*.test.ts'], pool: 'forks', testTimeout: 180_000, hookTimeout: 900_000 },
});
