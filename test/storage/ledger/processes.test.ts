import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest';
import { decimal, decimalText } from '../../../src/decimal.ts';
import { openLedger } from '../../../src/storage/ledger/open-ledger.ts';
import { bundleWorker } from '../../support/bundle-worker.ts';
import { entryOf, NOW, resultOf, scopeOf } from '../../support/ledger-entries.ts';
import { testLedger } from '../../support/ledger.ts';
import { tempFolder } from '../../support/temp-home.ts';
import { IS_LONG } from '../../support/long-tests.ts';

let program = '';
let home = '';
beforeAll(async () => {
  home = mkdtempSync(join(tmpdir(), 'orx-worker-'));
  chmodSync(home, 0o755);
  program = await bundleWorker('ledger-worker', home);
});
afterAll(() => rmSync(home, { recursive: true }));

/** As many as the check has time for; `npm run test:long` runs more. */
const KILLS = IS_LONG ? 200 : 40;

/** Starts a process that does not outlive its test. */
function start(args: readonly string[]): ChildProcess {
  const child = spawn(process.execPath, [program, ...args], { stdio: ['ignore', 'pipe', 'inherit'], env: {} });
  onTestFinished(() => void child.kill('SIGKILL'));
  return child;
}

async function outputOf(child: ChildProcess): Promise<Record<string, unknown>> {
  let text = '';
  child.stdout?.on('data', (piece) => (text += piece));
  await once(child, 'close');
  return JSON.parse(text) as Record<string, unknown>;
}

test('8 processes create one ledger at once, and all write to it', async () => {
  const folder = tempFolder();
  const runs = await Promise.all(Array.from({ length: 8 }, (_, index) => outputOf(start(['write', folder, `w${index}`, '5']))));
  expect(runs).toEqual(Array.from({ length: 8 }, () => ({ written: 5, notices: [] })));
  expect((await testLedger({ folder })).check()).toMatchObject({ entries: 40, open: 40, problems: [] });
});

test('16 processes spend from one budget at once, and never exceed it', async () => {
  const folder = tempFolder();
  const [requests, limit] = IS_LONG ? [150, '5'] : [60, '2'];
  const budget = { period: 'month', limit, warnAt: 0.8 } as const;
  const ledger = await testLedger({ folder });
  ledger.setBudget(budget);
  const runs = await Promise.all(
    Array.from({ length: 16 }, (_, index) => outputOf(start(['spend', folder, `p${index}`, String(requests)]))),
  );
  const spent = runs.reduce((sum, run) => sum.plus(String(run['spent'])), decimal(0));
  for (const run of runs) expect(decimal(String(run['highest'])).lte(limit)).toBe(true);
  const refused = runs.reduce((sum, run) => sum + Number(run['refused']), 0);
  expect(refused).toBeGreaterThan(0);
  const [standing] = ledger.standings(scopeOf());
  expect(standing).toMatchObject({ spent: decimalText(spent), reserved: '0', reservations: 0 });
  // The whole budget has been spent.
  expect(decimal(standing!.left).lt('0.011')).toBe(true);
  expect(ledger.sums({})).toMatchObject({ requests: 16 * requests - refused, cost: decimalText(spent) });
  expect(ledger.check()).toMatchObject({ open: 0, reservations: 0, problems: [] });
});

test(`${KILLS} processes are killed at random moments, and the ledger is whole`, async () => {
  const folder = tempFolder();
  const ledger = await testLedger({ folder });
  for (const period of ['day', 'month'] as const) ledger.setBudget({ period, limit: '100000', warnAt: 0.8 });
  let kills = 0;
  const killMany = async (lane: number): Promise<void> => {
    for (let index = 0; index < KILLS / 4; index += 1) {
      const child = start(['crash', folder, `k${lane}-${index}`]);
      await once(child.stdout!, 'data');
      await wait(Math.random() * 12);
      child.kill('SIGKILL');
      const [, signal] = (await once(child, 'exit')) as [number | null, string | null];
      if (signal === 'SIGKILL') kills += 1;
    }
  };
  await Promise.all([0, 1, 2, 3].map(killMany));
  expect(kills).toBe(KILLS);
  ledger.closeLost(NOW);
  // A reservation that remains after an estimate does not belong to a dead process: it expires by itself.
  ledger.closeLost(NOW + 1000);
  expect(ledger.check()).toMatchObject({ open: 0, reservations: 0, problems: [] });
  const sums = ledger.sums({});
  expect(sums).toMatchObject({ unknown: 0, requests: sums.complete + sums.failed });
  expect(sums.requests).toBeGreaterThanOrEqual(KILLS);
  const lost = [...ledger.entries({})].filter(({ outcome }) => outcome === 'lost');
  for (const { cost, costSource } of lost) expect([cost, costSource]).toEqual(['0.002', 'estimated']);
  for (const { spent, reserved } of ledger.standings(scopeOf())) expect([spent, reserved]).toEqual([sums.cost, '0']);
  // Every entry that had a generation id when its process died can be looked up and settled with the billed cost.
  for (const { id } of ledger.unbilled({ since: 0, limit: Infinity })) {
    ledger.settle(id, resultOf('0.0015', { costSource: 'looked-up' }));
  }
  for (const { spent } of ledger.standings(scopeOf())) expect(spent).toBe(ledger.sums({}).cost);
  expect(ledger.check().problems).toEqual([]);
});

test('a full disk has its own error, and earlier data can be read', async () => {
  const folder = tempFolder();
  const run = (blocks: number): Promise<Record<string, unknown>> =>
    outputOf(
      spawn(
        'sh',
        ['-c', `trap '' XFSZ; ulimit -f ${blocks}; exec "$@"`, 'sh', process.execPath, program, 'write', folder, 'w', '2000'],
        {
          stdio: ['ignore', 'pipe', 'inherit'],
        },
      ),
    );
  const { written, code, requests, notices } = await run(4000);
  expect({ code, requests, notices }).toEqual({ code: 'ledger-unwritable', requests: written, notices: [] });
  expect(written).toBeGreaterThan(10);
  const ledger = await testLedger({ folder });
  ledger.open(entryOf('after'));
  expect(ledger.check()).toMatchObject({ entries: Number(written) + 1, problems: [] });
});

test('a folder that cannot be created has its own error', async () => {
  const file = join(tempFolder(), 'file');
  writeFileSync(file, '');
  await expect(openLedger({ folder: join(file, 'data'), name: 'ledger' })).rejects.toMatchObject({
    name: 'OrxError',
    code: 'ledger-unwritable',
  });
  const folder = tempFolder();
  mkdirSync(join(folder, 'ledger.db'));
  await expect(openLedger({ folder, name: 'ledger' })).rejects.toMatchObject({ code: 'ledger-unwritable' });
});

test("another user's ledger can be read, and reports that it cannot be written", async () => {
  const folder = tempFolder();
  await outputOf(start(['write', folder, 'mine', '3']));
  chmodSync(join(folder, 'ledger.db'), 0o444);
  chmodSync(folder, 0o555);
  const { code, requests, notices } = await outputOf(start(['write', folder, 'w', '1', 'nobody']));
  chmodSync(folder, 0o755);
  expect({ code, requests }).toEqual({ code: 'ledger-unwritable', requests: 3 });
  expect(notices).toEqual([expect.stringContaining('cannot write the ledger')]);
});
