import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['test/**/*.test.{ts,tsx}'],
    globalSetup: ['test/support/build-once.ts'],
    // Most files wait for the programs that they start: without this one processor of two would stay idle.
    maxWorkers: '100%',
    // Tests wait for conditions; this only ends one that hangs, on a machine that is busy with twenty other things as well.
    testTimeout: 240_000,
    hookTimeout: 240_000,
  },
});
