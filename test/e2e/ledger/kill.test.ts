import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { decimal } from '../../../src/decimal.ts';
import { openLedger } from '../../../src/storage/ledger/open-ledger.ts';
import { cleanEnvironment, ORX, runOrx } from '../../support/run-orx.ts';
import { serveSandbox } from '../../support/sandbox.ts';
import { tempFolder } from '../../support/temp-home.ts';

/** As many as the check has time for; `npm run test:long` runs more. */
const KILLS = process.env['ORX_LONG_TESTS'] === undefined ? 40 : 200;
const AT_ONCE = 8;
const LIMIT = '5';

test(`${KILLS} kills at random moments and in the middle of answers: the ledger is whole, every bill of the API is found, and no money stays reserved`, async () => {
  // Slow enough for answers to be cut mid-stream.
  const served = await serveSandbox(['-q', '--no-ledger'], { env: { ORX_SANDBOX_SPEED: '8' } });
  const home = tempFolder();
  const env = { OPENROUTER_API_KEY: 'any', OPENROUTER_BASE_URL: served.url };
  await runOrx(['budget', 'add', '--day', LIMIT], { home, env });

  const chatAndKill = (index: number, when?: number | 'answering'): Promise<void> =>
    new Promise((resolve) => {
      const child = spawn(process.execPath, [ORX, 'chat', `question ${index}`, '-m', 'openai/gpt-4o-mini'], {
        env: cleanEnvironment(home, env),
        cwd: home,
        stdio: ['ignore', 'pipe', 'ignore'],
      });
      if (when === 'answering') child.stdout.once('data', () => child.kill('SIGKILL'));
      else child.stdout.resume();
      const timer = typeof when === 'number' ? setTimeout(() => child.kill('SIGKILL'), Math.random() * when) : undefined;
      child.on('close', () => {
        clearTimeout(timer);
        resolve();
      });
    });
  // From before anything is loaded until after the answer, however busy this machine is.
  const start = performance.now();
  await Promise.all(Array.from({ length: AT_ONCE }, (_, index) => chatAndKill(-index)));
  const longestMs = performance.now() - start;
  let next = 0;
  const lane = async (): Promise<void> => {
    // Every second kill certainly hits an answer; the machine decides where the others hit.
    while (next < KILLS) await chatAndKill((next += 1), next % 2 === 0 ? 'answering' : longestMs);
  };
  await Promise.all(Array.from({ length: AT_ONCE }, lane));

  const { code } = await runOrx(['ledger', 'reconcile'], { home, env });
  expect(code).toBe(0);
  const ledger = await openLedger({ folder: join(home, 'data'), name: 'ledger' });
  onTestFinished(() => ledger.close());
  expect(ledger.check()).toMatchObject({ problems: [], open: 0, reservations: 0 });
  const entries = [...ledger.entries({})];
  const outcomes = new Set(entries.map(({ outcome }) => outcome));
  // The kills came before, during and after the answers.
  expect([...outcomes].toSorted()).toEqual(['complete', 'lost']);
  expect(entries.filter(({ costSource }) => costSource === 'unknown')).toEqual([]);

  // If the ledger has the generation id of an answer, its cost is exactly what the API billed.
  const known = entries.filter(({ generationId }) => generationId !== undefined);
  const bills = await Promise.all(
    known.map(async ({ generationId }) => {
      const reply = await fetch(`${served.url}/generation?id=${generationId}`, { headers: { authorization: 'Bearer any' } });
      return ((await reply.json()) as { data: { total_cost: number } }).data.total_cost;
    }),
  );
  expect(known.map(({ cost }) => decimal(cost!).toFixed(12))).toEqual(bills.map((bill) => decimal(String(bill)).toFixed(12)));
  expect(known.length).toBeGreaterThanOrEqual(KILLS / 2);
  // Whatever else the API billed is no more than the entries without a generation id can account for.
  const key = (await (await fetch(`${served.url}/key`, { headers: { authorization: 'Bearer any' } })).json()) as any;
  const sum = entries.map(({ cost }) => decimal(cost!)).reduce((total, cost) => total.plus(cost), decimal(0));
  expect(decimal(String(key.data.usage)).lte(sum.plus('0.000001'))).toBe(true);
  expect(ledger.sums({}).cost).toBe(sum.toFixed());
});
