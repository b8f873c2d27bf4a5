/**
 * Flags of the processes that run the code of many tests. Most of it runs once or a few times: V8 collects young objects less often, and on Node 20
 * it optimizes later (0.84 of the processor time of the tests of src/core, gateway and apis).
 */
export const V8_FLAGS = [
  '--max-semi-space-size=64',
  ...(process.version.startsWith('v20.') ? ['--interrupt-budget=2000000'] : []),
];
