import { defineConfig } from 'vitest/config';

/** Tests wait for conditions; this only ends what hangs, on a machine that is busy with twenty other things as well. */
const HANGS_MS = 240_000;

export default defineConfig({
  test: {
    include: ['test/**/*.test.{ts,tsx}'],
    globalSetup: ['test/support/build-once.ts'],
    // Most files wait for the programs that they start: without this one processor of two would stay idle.
    maxWorkers: '100%',
    testTimeout: HANGS_MS,
    hookTimeout: HANGS_MS,
    expect: { poll: { timeout: HANGS_MS / 2, interval: 20 } },
  },
});
