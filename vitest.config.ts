import { availableParallelism } from 'node:os';
import { defineConfig } from 'vitest/config';
import { BaseSequencer, type TestSpecification } from 'vitest/node';

/** Tests wait for conditions; this only ends what hangs, on a machine that is busy with twenty other things as well. */
const HANGS_MS = 240_000;

/** Which files take long: those that start programs, above all on terminals, and those that try a great deal. They come first, so that no processor is idle at the end. */
const LONGEST_FIRST = [
  /hostile-terminal|long-answers|budget-race|market\/open-market|kill|processes/,
  /terminal|session|ledger\/damage/,
  /e2e|suite|storage/,
  /switching|sdk-types|markdown-rows|architecture|write-json/,
];

class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const rank = ({ moduleId }: TestSpecification): number => {
      const index = LONGEST_FIRST.findIndex((pattern) => pattern.test(moduleId));
      return index === -1 ? LONGEST_FIRST.length : index;
    };
    return (await super.sort(files)).toSorted((one, other) => rank(one) - rank(other));
  }
}

export default defineConfig({
  test: {
    include: ['test/**/*.test.{ts,tsx}'],
    globalSetup: ['test/support/build-once.ts'],
    // Most files wait for the programs that they start: with a worker for each processor half of the time would be idle.
    maxWorkers: Math.ceil(availableParallelism() * 2.5),
    // No test changes a module, and starting a process and reading all modules takes longer than most files.
    isolate: false,
    sequence: { sequencer: LongestFirst },
    testTimeout: HANGS_MS,
    hookTimeout: HANGS_MS,
    expect: { poll: { timeout: HANGS_MS / 2, interval: 20 } },
  },
});
