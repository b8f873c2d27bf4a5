import { join } from 'node:path';
import { expect, test } from 'vitest';
import type { ChatRequest } from '../../../src/apis/completion.ts';
import { messageText } from '../../../src/apis/message.ts';
import { EMPTY_ANSWER } from '../../../src/core/answer/answer.ts';
import type { Outcome } from '../../../src/core/answer/collect.ts';
import type { TestCase } from '../../../src/core/evaluation/test-case.ts';
import type { MatrixLane } from '../../../src/core/matrix/cell.ts';
import type { CellResult } from '../../../src/core/matrix/cell-result.ts';
import { MatrixRun } from '../../../src/core/matrix/matrix-run.ts';
import { RequestRunner, type RequestRunnerOptions } from '../../../src/core/matrix/requests/request-runner.ts';
import { SpendingLimit } from '../../../src/core/matrix/requests/spending-limit.ts';
import { SETTINGS } from '../../../src/core/settings/settings.ts';
import { decimal } from '../../../src/decimal.ts';
import { OrxError } from '../../../src/errors.ts';
import { MatrixJournal } from '../../../src/storage/matrix/journal.ts';
import { tempFolder } from '../../support/temp-home.ts';
import { virtualSleep } from '../../support/virtual-time.ts';

function testCase(id: string, prompt: string, more: Partial<TestCase> = {}): TestCase {
  return {
    id,
    testId: id,
    tags: [],
    metadata: {},
    vars: {},
    prompt: [{ role: 'user', text: prompt }],
    followUps: [],
    expectations: [],
    origin: { file: 'cases.csv' },
    ...more,
  };
}

const CONTAINS = [{ type: 'contains', isNegated: false, value: 'ok', weight: 1 }];

function cases(count: number): TestCase[] {
  return Array.from({ length: count }, (_, index) =>
    testCase(`${index + 1}`, `question ${index + 1}`, { expectations: CONTAINS }),
  );
}

function lane(name: string, more: Partial<MatrixLane> = {}): MatrixLane {
  const settings = Object.fromEntries(
    Object.entries(SETTINGS).map(([key, spec]) => [key, 'default' in spec ? spec.default : undefined]),
  );
  return {
    name,
    model: name,
    settings: settings as unknown as MatrixLane['settings'],
    overrides: {},
    address: 'https://api.example',
    connection: 'api',
    takes: () => true,
    ...more,
  };
}

function answered(text: string, cost?: string): Outcome {
  const usage = { promptTokens: 1, completionTokens: 1, totalTokens: 2, cost, wire: {} };
  return { answer: { ...EMPTY_ANSWER, id: 'gen', text, finishReason: 'stop', usage } };
}

function refused(kind: 'rate-limit' | 'provider' | 'network' | 'authentication' | 'no-endpoint', more = {}): Outcome {
  return { answer: EMPTY_ANSWER, error: new OrxError(`refused: ${kind}`, { kind, ...more }) };
}

function question({ messages }: ChatRequest): string {
  return messages.map(({ role, content }) => `${role}: ${messageText({ content })}`).join(' | ');
}

interface Setup {
  cases: readonly TestCase[];
  lanes?: readonly MatrixLane[];
  repetitions?: number;
  path?: string;
  attempt: (request: ChatRequest, signal: AbortSignal, nth: number, runner: RequestRunner) => Outcome | Promise<Outcome>;
  options?: Partial<RequestRunnerOptions>;
}

/** Runs a matrix over a journal file, with virtual time. */
async function runMatrix(setup: Setup) {
  const path = setup.path ?? join(tempFolder(), 'run.jsonl');
  const journal = new MatrixJournal(path, 'a+');
  const sleep = virtualSleep();
  const sent: string[] = [];
  let now = 0;
  let [running, mostRunning] = [0, 0];
  const runner: RequestRunner = new RequestRunner({
    journal,
    async attempt(request, signal) {
      const nth = sent.push(`${request.model} ${question(request)}`);
      running += 1;
      mostRunning = Math.max(mostRunning, running);
      await new Promise((resolve) => setImmediate(resolve));
      const outcome = await setup.attempt(request, signal, nth, runner);
      running -= 1;
      return outcome;
    },
    limitOf: () => ({ start: 4, most: 8 }),
    retries: 2,
    patienceMs: 1e9,
    mostCost: async () => decimal('0.01'),
    now: () => 1,
    monotonic: () => now,
    // Only pauses move the clock: deadlines are not reached by waiting for them.
    sleep: async (ms, signal) => {
      if (ms > 5e8) return new Promise((_, reject) => signal?.addEventListener('abort', () => reject(signal.reason as Error)));
      await sleep(ms, signal);
      now += ms;
    },
    random: () => 0.5,
    ...setup.options,
  });
  const results: CellResult[] = [];
  const run = new MatrixRun({
    plan: {
      cases: async function* () {
        yield* setup.cases;
      },
      lanes: setup.lanes ?? [lane('m')],
      repetitions: setup.repetitions ?? 1,
    },
    journal,
    runner,
    check: async (_, answers) => {
      const isPassed = answers.at(-1)!.text.includes('ok');
      return { outcome: { verdict: isPassed ? 'pass' : 'fail', score: Number(isPassed), checks: [] }, isFinal: true };
    },
    checkVersionOf: () => '1',
    onResult: (result) => void results.push(result),
    breathe: async () => undefined,
  });
  let failure: unknown;
  await run.run().catch((error: unknown) => (failure = error));
  const final: CellResult[] = [];
  for await (const result of run.results()) final.push(result);
  const totals = journal.totals();
  journal.close();
  return { path, runner, sent, results, final, totals, failure, mostRunning };
}

const states = (results: readonly CellResult[]) => results.map(({ state, outcome }) => `${state} ${outcome?.verdict}`);

test('asks every cell once, checks its answer, and reads the results back in the order of the plan', async () => {
  const lanes = [lane('a'), lane('b', { takes: ({ id }) => id !== '2' }), lane('c', { connection: 'other' })];
  const { sent, final, results, mostRunning } = await runMatrix({
    cases: cases(10),
    lanes,
    repetitions: 2,
    attempt: ({ model }) => answered(model === 'a' ? 'ok' : 'no'),
  });
  expect(sent).toHaveLength(10 * 2 * 3 - 2);
  expect(results).toHaveLength(58);
  expect(
    final.slice(0, 7).map(
      ({
        cell: {
          testCase: { id },
          lane: index,
          repetition,
        },
      }) => `${id}${lanes[index]!.name}${repetition}`,
    ),
  ).toEqual(['1a1', '1b1', '1c1', '1a2', '1b2', '1c2', '2a1']);
  expect(new Set(states(final))).toEqual(new Set(['answered pass', 'answered fail']));
  expect(mostRunning).toBeLessThanOrEqual(16);
});

test('a second run asks only what has no answer, also after the cases moved, changed and grew', async () => {
  const first = await runMatrix({
    cases: cases(6),
    attempt: (request) =>
      question(request).includes('question 3')
        ? refused('no-endpoint')
        : question(request).includes('question 4')
          ? answered('')
          : answered('ok', '0.1'),
  });
  expect(states(first.final)).toEqual([
    'answered pass',
    'answered pass',
    'failed undefined',
    'empty undefined',
    'answered pass',
    'answered pass',
  ]);
  const changed = [...cases(7).toReversed(), testCase('2', 'another question 2')].filter(
    ({ prompt }) => prompt[0]!.text !== 'question 1',
  );
  const second = await runMatrix({ cases: changed, path: first.path, attempt: () => answered('ok', '0.1') });
  expect(second.sent.map((text) => text.replace('m user: ', '')).sort()).toEqual([
    'another question 2',
    'question 3',
    'question 4',
    'question 7',
  ]);
  expect(second.totals.cost).toBe('0.8');
  const third = await runMatrix({ cases: changed, path: first.path, attempt: () => answered('ok', '0.1') });
  expect(third.sent).toEqual([]);
  expect(new Set(states(third.final))).toEqual(new Set(['answered pass', 'answered none']));
});

test('a changed expectation is checked again without a request; a changed parameter is another request', async () => {
  const first = await runMatrix({ cases: [testCase('1', 'q', { expectations: CONTAINS })], attempt: () => answered('ok') });
  const stricter = [testCase('1', 'q', { expectations: [{ ...CONTAINS[0]!, value: 'other' }] })];
  const second = await runMatrix({ cases: stricter, path: first.path, attempt: () => answered('no') });
  expect([second.sent.length, states(second.final)]).toEqual([0, ['answered pass']]);
  const warm = lane('m');
  const lanes = [{ ...warm, settings: { ...warm.settings, temperature: 0.7 } }];
  const third = await runMatrix({ cases: stricter, lanes, path: first.path, attempt: () => answered('no') });
  expect([third.sent.length, states(third.final)]).toEqual([1, ['answered fail']]);
});

test('equal requests of a run are sent once, and each cell gets the answer', async () => {
  const same = ['1', '2', '3'].map((id) => testCase(id, 'same', { expectations: id === '3' ? [] : CONTAINS }));
  const { sent, final } = await runMatrix({ cases: same, attempt: () => answered('ok') });
  expect(sent).toHaveLength(1);
  expect(states(final)).toEqual(['answered pass', 'answered pass', 'answered none']);
});

test('questions of one case are asked in sequence with the answers before them, and continue where a run ended', async () => {
  const chat = [testCase('1', 'first', { followUps: ['second', 'third'] })];
  const attempt = (request: ChatRequest): Outcome =>
    request.messages.length === 5 ? refused('no-endpoint') : answered(`answer ${request.messages.length}`);
  const first = await runMatrix({ cases: chat, attempt });
  expect(first.sent).toEqual([
    'm user: first',
    'm user: first | assistant: answer 1 | user: second',
    'm user: first | assistant: answer 1 | user: second | assistant: answer 3 | user: third',
  ]);
  expect(first.final[0]).toMatchObject({
    state: 'failed',
    answers: [{ text: 'answer 1' }, { text: 'answer 3' }, { state: 'failed' }],
  });
  const second = await runMatrix({ cases: chat, path: first.path, attempt: () => answered('done') });
  expect(second.sent).toHaveLength(1);
  expect(second.final[0]).toMatchObject({ state: 'answered', answers: [{}, {}, { text: 'done' }] });
});

test('a storm of refusals for the rate fails nothing: every cell is answered in the end', async () => {
  let refusals = 0;
  const { final, sent } = await runMatrix({
    cases: cases(60),
    attempt: (_, __, nth) =>
      nth % 3 === 0
        ? answered('ok')
        : ((refusals += 1),
          refused('rate-limit', { isRetryable: true, status: 429, retryAfterMs: nth % 2 === 0 ? 1_000 : undefined })),
  });
  expect(refusals).toBeGreaterThan(100);
  expect(sent).toHaveLength(60 + refusals);
  expect(new Set(states(final))).toEqual(new Set(['answered pass']));
});

test(
  'a server that refuses for ever ends the run: cells fail after their patience, then the lane is left',
  { timeout: 60_000 },
  async () => {
    const { final } = await runMatrix({
      cases: cases(200),
      options: { patienceMs: 600_000 },
      attempt: () => refused('rate-limit', { isRetryable: true, status: 429, retryAfterMs: 20_000 }),
    });
    const failed = final.filter(({ state }) => state === 'failed').length;
    expect(failed).toBeGreaterThanOrEqual(20);
    expect(failed).toBeLessThan(40);
    expect(final.filter(({ state }) => state === 'not-asked')).toHaveLength(200 - failed);
    expect(final.at(-1)?.error).toMatchObject({ message: 'refused: rate-limit', kind: 'rate-limit' });
  },
);

test.each([
  ['a daily quota', refused('rate-limit', { isRetryable: false, status: 429 }), 8],
  ['a wait of hours', refused('rate-limit', { isRetryable: true, retryAfterMs: 2e9 }), 8],
  ['a wrong key', refused('authentication', { status: 401 }), 8],
])('%s is not tried again for each cell, and other connections continue', async (_, outcome, most) => {
  const { sent, final } = await runMatrix({
    cases: cases(50),
    lanes: [lane('bad'), lane('good', { connection: 'other' })],
    attempt: ({ model }) => (model === 'bad' ? outcome : answered('ok')),
  });
  expect(sent.filter((text) => text.startsWith('bad')).length).toBeLessThanOrEqual(most);
  expect(final.filter(({ state }) => state === 'answered')).toHaveLength(50);
  expect(final.filter(({ state }) => state === 'not-asked').length).toBeGreaterThan(40);
});

test('failures in a row leave their lane; refusals of single prompts do not', async () => {
  const { sent, final } = await runMatrix({
    cases: cases(100),
    lanes: [lane('down'), lane('strict')],
    attempt: ({ model }) =>
      model === 'down' ? refused('network', { isRetryable: true }) : refused('no-endpoint', { reason: 'content-policy' }),
  });
  const cells = (index: number, state: string) => final.filter((one) => one.cell.lane === index && one.state === state).length;
  expect(cells(0, 'failed')).toBeGreaterThanOrEqual(20);
  expect(cells(0, 'failed')).toBeLessThanOrEqual(28);
  expect(cells(0, 'not-asked')).toBeGreaterThan(60);
  expect(cells(1, 'failed')).toBe(100);
  expect(sent.filter((text) => text.startsWith('down')).length).toBeLessThanOrEqual(3 * 28);
});

test('a failed attempt that was charged is not repeated, and its cost is part of the totals', async () => {
  const { totals, final, sent } = await runMatrix({
    cases: cases(1),
    attempt: () => ({
      answer: { ...answered('cut', '0.05').answer },
      error: new OrxError('cut', { kind: 'network', isRetryable: true }),
    }),
  });
  expect(totals.cost).toBe('0.05');
  expect(sent).toHaveLength(1);
  expect(final[0]?.state).toBe('failed');
});

test('a limit of the cost is never exceeded by requests that run at once, and stops the run before it', async () => {
  const spending = new SpendingLimit(decimal('0.1'), decimal('0.02'));
  let [spent, reserved] = [0.02, 0];
  let highest = 0;
  const { final, runner, totals } = await runMatrix({
    cases: cases(100),
    options: { spending, limitOf: () => ({ start: 50, most: 50 }) },
    attempt: async () => {
      reserved += 0.01;
      highest = Math.max(highest, spent + reserved);
      await new Promise((resolve) => setImmediate(resolve));
      reserved -= 0.01;
      spent += 0.004;
      return answered('ok', '0.004');
    },
  });
  expect(highest).toBeLessThanOrEqual(0.1 + 1e-9);
  expect(Number(totals.cost) + 0.02).toBeLessThanOrEqual(0.1);
  expect(Number(totals.cost)).toBeGreaterThan(0.06);
  expect(runner.stopped?.code).toBe('max-cost');
  expect(final.filter(({ state }) => state === 'not-asked').length).toBe(100 - Number(totals.cost) / 0.004);
});

test('an answer of unknown cost counts with its upper bound', async () => {
  const spending = new SpendingLimit(decimal('0.05'), decimal(0));
  const { final } = await runMatrix({ cases: cases(20), options: { spending }, attempt: () => answered('ok') });
  expect(final.filter(({ state }) => state === 'answered')).toHaveLength(5);
});

test.each([false, true])('after a stop nothing new starts and running requests end (canceled: %s)', async (isCanceled) => {
  const { final, sent, failure } = await runMatrix({
    cases: cases(50),
    options: { limitOf: () => ({ start: 4, most: 4 }) },
    attempt: async (_, signal, nth, runner) => {
      if (nth < 10) return answered('ok');
      runner.stop(new OrxError('stopped', { kind: 'interrupted' }));
      if (isCanceled) runner.cancel();
      return signal.aborted ? { answer: EMPTY_ANSWER, error: signal.reason as Error } : answered('ok');
    },
  });
  expect(failure).toBeUndefined();
  expect(sent.length).toBeLessThanOrEqual(13);
  const count = final.filter(({ state }) => state === 'answered').length;
  expect(count).toBe(isCanceled ? 9 : sent.length);
  expect(final.filter(({ state }) => state === 'not-asked')).toHaveLength(50 - count);
});

test('a journal that cannot be written stops the run with its error', async () => {
  const { failure, sent } = await runMatrix({
    cases: cases(50),
    options: {
      journal: {
        has: () => false,
        read: () => undefined,
        append: () => {
          throw new OrxError('cannot write', { kind: 'unexpected', code: 'journal-unwritable' });
        },
      },
    },
    attempt: () => answered('ok'),
  });
  expect((failure as OrxError).code).toBe('journal-unwritable');
  expect(sent.length).toBeLessThanOrEqual(8);
});

test('several requests that never end are stopped together, later ones after them', async () => {
  const { final } = await runMatrix({
    cases: cases(20),
    options: { patienceMs: 1_000 },
    attempt: (_, signal, nth) =>
      nth % 3 === 0
        ? new Promise((resolve) => {
            signal.addEventListener('abort', () => resolve({ answer: EMPTY_ANSWER, error: signal.reason as Error }));
          })
        : answered('ok'),
  });
  expect(new Set(states(final))).toEqual(new Set(['answered pass', 'failed undefined']));
  expect(states(final).filter((state) => state.startsWith('failed')).length).toBeGreaterThanOrEqual(6);
});

test('a request that never ends is stopped at its deadline, and the next ones continue', async () => {
  const { final } = await runMatrix({
    cases: cases(3),
    options: { patienceMs: 1_000 },
    attempt: (request, signal) =>
      question(request).includes('question 2')
        ? new Promise((resolve) => {
            signal.addEventListener('abort', () => resolve({ answer: EMPTY_ANSWER, error: signal.reason as Error }));
          })
        : answered('ok'),
  });
  expect(states(final)).toEqual(['answered pass', 'failed undefined', 'answered pass']);
  expect(final[1]?.error?.message).toBe('no complete answer within 1 s');
});

test('requests that follow each other share a signal', async () => {
  const signals = new Set<AbortSignal>();
  const { sent } = await runMatrix({
    cases: cases(20),
    options: { limitOf: () => ({ start: 1, most: 1 }) },
    attempt: (_, signal) => {
      signals.add(signal);
      return answered('ok');
    },
  });
  expect(sent).toHaveLength(20);
  expect(signals.size).toBe(1);
});

test('the signal of a request that was stopped is not used again', async () => {
  const aborted = new Set<AbortSignal>();
  const isReused: boolean[] = [];
  await runMatrix({
    cases: cases(10),
    options: { patienceMs: 1_000, limitOf: () => ({ start: 1, most: 1 }) },
    attempt: async (_, signal) => {
      isReused.push(aborted.has(signal));
      return new Promise((resolve) => {
        const stop = (): void => {
          aborted.add(signal);
          resolve({ answer: EMPTY_ANSWER, error: signal.reason as Error });
        };
        if (signal.aborted) stop();
        else signal.addEventListener('abort', stop);
      });
    },
  });
  expect(isReused.length).toBeGreaterThanOrEqual(10);
  expect(isReused).not.toContain(true);
});
