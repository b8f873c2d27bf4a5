import { availableParallelism } from 'node:os';
import { defineConfig } from 'vitest/config';
import { BaseSequencer, type TestSpecification } from 'vitest/node';
import { V8_FLAGS } from './test/support/v8-flags.ts';

/** Tests wait for conditions; this only ends what hangs, on a machine that is busy with twenty other things as well. */
const HANGS_MS = 240_000;

/**
 * Which files wait for programs, those that take longest first. They start in turn with the others, which keep the processors busy meanwhile;
 * and the longest ones start early, so that no processor is idle at the end.
 */
const WAITING = [
  /hostile-terminal|long-answers|budget-race|market\/open-market|kill|processes|process\/docs|failover|client-keys/,
  /terminal|session|ledger\/damage/,
  /e2e|suite|storage/,
  /switching|sdk-types|markdown-rows|architecture|write-json/,
];

class InTurn extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const rank = ({ moduleId }: TestSpecification): number => WAITING.findIndex((pattern) => pattern.test(moduleId));
    const sorted = (await super.sort(files)).toSorted((one, other) => rank(one) - rank(other));
    const others = sorted.filter((file) => rank(file) === -1);
    const place = (index: number, count: number): number => (index + 0.5) / count;
    const places = new Map([
      ...others.map((file, index) => [file, place(index, others.length)] as const),
      ...sorted.slice(others.length).map((file, index) => [file, place(index, sorted.length - others.length)] as const),
    ]);
    return sorted.toSorted((one, other) => places.get(one)! - places.get(other)!);
  }
}

export default defineConfig({
  test: {
    include: ['test/**/*.test.{ts,tsx}'],
    globalSetup: ['test/support/build-once.ts'],
    // Most files wait for the programs that they start: with a worker for each processor half of the time would be idle.
    maxWorkers: Math.ceil(availableParallelism() * 2),
    execArgv: V8_FLAGS,
    // No test changes a module, and starting a process and reading all modules takes longer than most files.
    isolate: false,
    sequence: { sequencer: InTurn },
    testTimeout: HANGS_MS,
    hookTimeout: HANGS_MS,
    expect: { poll: { timeout: HANGS_MS / 2, interval: 20 } },
  },
});
