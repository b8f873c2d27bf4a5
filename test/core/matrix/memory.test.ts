import { join } from 'node:path';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { expect, test } from 'vitest';
import { decimal } from '../../../src/decimal.ts';
import { EMPTY_ANSWER } from '../../../src/core/answer/answer.ts';
import { MatrixRun } from '../../../src/core/matrix/matrix-run.ts';
import { RequestRunner } from '../../../src/core/matrix/requests/request-runner.ts';
import { MatrixSummary } from '../../../src/core/matrix/summarize.ts';
import { MatrixJournal } from '../../../src/storage/matrix/journal.ts';
import { EXPECTED, testCase } from '../../support/matrix-report.ts';
import { tempFolder } from '../../support/temp-home.ts';

const CELLS = 5_000;
const ANSWER = 'word '.repeat(400);
/** Per cell: the journal keeps where each record is. An answer alone would be 2 kB, a case more than that. */
const MOST_BYTES = 1_000;

setFlagsFromString('--expose-gc');
const collect = runInNewContext('gc') as () => void;

function heapUsed(): number {
  collect();
  return process.memoryUsage().heapUsed;
}

test('nothing of a finished cell stays in memory but its place in the journal', { timeout: 60_000 }, async () => {
  const journal = new MatrixJournal(join(tempFolder(), 'run.jsonl'), 'a+');
  const marks: { nth: number; bytes: number }[] = [];
  let nth = 0;
  const never = async (_: number, signal?: AbortSignal): Promise<void> =>
    new Promise((_resolve, reject) => signal?.addEventListener('abort', () => reject(signal.reason as Error), { once: true }));
  const runner = new RequestRunner({
    journal,
    async attempt() {
      nth += 1;
      if (nth === 500 || nth === CELLS - 100) marks.push({ nth, bytes: heapUsed() });
      await new Promise((resolve) => setImmediate(resolve));
      const usage = { promptTokens: 1, completionTokens: 1, totalTokens: 2, cost: '0.001', wire: {} };
      return { answer: { ...EMPTY_ANSWER, id: `gen-${nth}`, text: `${nth} ${ANSWER}`, finishReason: 'stop', usage } };
    },
    limitOf: () => ({ start: 32, most: 32 }),
    retries: 0,
    patienceMs: 1e6,
    mostCost: async () => decimal('0.01'),
    now: () => 1,
    monotonic: () => 0,
    sleep: never,
    random: () => 0.5,
  });
  const lane = { name: 'm', model: 'm', settings: {}, overrides: {}, address: 'https://x/v1', connection: 'x' };
  const run = new MatrixRun({
    plan: {
      async *cases() {
        for (let id = 1; id <= CELLS; id += 1)
          yield testCase(`${id}`, { expectations: EXPECTED, vars: { text: `${id} ${ANSWER}` } });
      },
      lanes: [{ ...lane, takes: () => true } as never],
      repetitions: 1,
    },
    journal,
    runner,
    check: async () => ({ outcome: { verdict: 'pass', score: 1, checks: [] }, isFinal: true }),
    checkVersionOf: () => '1',
    onResult: () => undefined,
    breathe: async () => new Promise((resolve) => setImmediate(resolve)),
  });
  await run.run();
  const [first, last] = marks;
  expect((last!.bytes - first!.bytes) / (last!.nth - first!.nth)).toBeLessThan(MOST_BYTES);
  const summary = new MatrixSummary([lane]);
  const before = heapUsed();
  for await (const result of run.results()) summary.add(result);
  expect((heapUsed() - before) / CELLS).toBeLessThan(MOST_BYTES);
  expect(summary.lanes()[0]).toMatchObject({ passed: CELLS, cells: { answered: CELLS } });
  journal.close();
});
