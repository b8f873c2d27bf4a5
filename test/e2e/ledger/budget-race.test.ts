import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { expect, onTestFinished, test } from 'vitest';
import { decimal } from '../../../src/decimal.ts';
import { periodSpans } from '../../../src/core/time/periods.ts';
import { openLedger } from '../../../src/storage/ledger/open-ledger.ts';
import { bundleWorker } from '../../support/bundle-worker.ts';
import { IS_LONG } from '../../support/long-tests.ts';
import { serveSandbox } from '../../support/sandbox.ts';
import { tempFolder } from '../../support/temp-home.ts';

const PROCESSES = 16;
/** Far more than the budget allows: about half of them are refused. */
const [REQUESTS, LIMIT] = IS_LONG ? [60, '0.03'] : [30, '0.015'];
const KEY = { authorization: 'Bearer any' };

test('16 processes with one budget: spent and reserved never exceed the limit, and nothing stays reserved', async () => {
  const served = await serveSandbox(['-q', '--no-ledger']);
  const folder = tempFolder();
  const ledger = await openLedger({ folder, name: 'ledger' });
  onTestFinished(() => ledger.close());
  ledger.setBudget({ period: 'day', limit: LIMIT, warnAt: 0.8 });
  const standing = () => {
    const now = Date.now();
    const [match] = ledger.standings({
      conversation: '',
      profile: '',
      project: '',
      models: [],
      vendor: 'openrouter',
      tags: [],
      spans: periodSpans(now),
      now,
    });
    return match!;
  };

  const worker = await bundleWorker('spend-worker', tempFolder());
  const run = promisify(execFile);
  const race = { isRunning: true };
  const finished = Promise.all(
    Array.from({ length: PROCESSES }, () => run(process.execPath, [worker, served.url, folder, String(REQUESTS)])),
  ).finally(() => (race.isRunning = false));
  let highest = decimal(0);
  while (race.isRunning) {
    const { spent, reserved } = standing();
    const taken = decimal(spent).plus(reserved);
    expect(taken.lte(LIMIT)).toBe(true);
    if (taken.gt(highest)) highest = taken;
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
  const results = (await finished).map(({ stdout }) => JSON.parse(stdout) as Record<string, any>);

  expect(results.flatMap(({ unexpected }) => unexpected)).toEqual([]);
  const answered = results.reduce((sum, result) => sum + result['answered'], 0);
  const refused = results.reduce((sum, result) => sum + result['refused'], 0);
  expect(answered + refused).toBe(PROCESSES * REQUESTS);
  // The budget was the limit: many requests were answered, and many failed.
  expect(answered).toBeGreaterThan(100);
  expect(refused).toBeGreaterThan(100);
  expect(highest.gt(decimal(LIMIT).times('0.9'))).toBe(true);

  const { spent, reserved, reservations } = standing();
  expect({ reserved, reservations }).toEqual({ reserved: '0', reservations: 0 });
  expect(decimal(spent).lte(LIMIT)).toBe(true);
  // All sums agree: those of the processes, the ledger and the API.
  const told = results.map((result) => decimal(result['spent'])).reduce((sum, one) => sum.plus(one));
  expect(spent).toBe(told.toFixed());
  const key = (await (await fetch(`${served.url}/key`, { headers: KEY })).json()) as { data: { usage: number } };
  expect(decimal(spent).minus(String(key.data.usage)).abs().lt('0.000000001')).toBe(true);
  expect(ledger.sums({}).requests).toBe(answered);
  expect(ledger.check().problems).toEqual([]);
});
