import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, onTestFinished, test, vi } from 'vitest';
import { entryRecord } from '../../../src/core/ledger/record.ts';
import type { Ledger } from '../../../src/storage/ledger/ledger.ts';
import { openLedger } from '../../../src/storage/ledger/open-ledger.ts';
import { entryOf, NOW, resultOf } from '../../support/ledger-entries.ts';
import { cleanEnvironment, ORX, runOrx } from '../../support/run-orx.ts';
import { tempFolder } from '../../support/temp-home.ts';

/** Their file is large enough for a thread of its own, and their rows do not fit into SQLite's cache. */
const ENTRIES = 10_000;
const LONG = 'x'.repeat(800);
const MB = 1024 * 1024;

function largeFile(): string {
  const path = join(tempFolder(), 'entries.jsonl');
  writeFileSync(path, linesOf(ENTRIES).join(''));
  return path;
}

function linesOf(count: number): string[] {
  return Array.from({ length: count }, (_, index) => {
    const entry = entryOf(`entry ${index} of ${count} ${LONG}`, {
      openedAt: NOW - index * 1000,
      conversation: `conversation ${index % 999} ${LONG}`,
    });
    const result = resultOf('0.25', { provider: 'Größe', generationId: `generation ${index} ${LONG}` });
    return `${JSON.stringify(entryRecord({ ...entry, ...result, state: 'settled' }))}\n`;
  });
}

async function ledgerIn(home: string): Promise<Ledger> {
  const ledger = await openLedger({ folder: join(home, 'data'), name: 'ledger' });
  onTestFinished(() => ledger.close());
  return ledger;
}

test('a large file is imported completely, and adds nothing the second time', async () => {
  const [home, file] = [tempFolder(), largeFile()];
  const run = () => runOrx(['ledger', 'import', file], { home });
  expect(await run()).toMatchObject({ code: 0, stderr: `${ENTRIES} added, 0 known already\n` });
  expect(await run()).toMatchObject({ code: 0, stderr: `0 added, ${ENTRIES} known already\n` });
  const ledger = await ledgerIn(home);
  expect(ledger.check()).toMatchObject({ problems: [], open: 0, reservations: 0 });
  expect(ledger.sums({ provider: 'Größe' })).toMatchObject({ requests: ENTRIES, cost: String(ENTRIES / 4) });
});

test('a damaged line at the end of a large file is named, and nothing is imported', async () => {
  const [home, damaged] = [tempFolder(), join(tempFolder(), 'damaged.jsonl')];
  const lines = linesOf(5000);
  writeFileSync(damaged, [...lines, '{"id":"cut'].join(''));
  const { code, stderr } = await runOrx(['ledger', 'import', damaged], { home });
  expect({ code, stderr }).toEqual({
    code: 2,
    stderr: 'error: line 5001 is not JSON\nhint: import a file written by: orx ledger export\n',
  });
  const ledger = await ledgerIn(home);
  expect(ledger.check()).toMatchObject({ problems: [] });
  expect(ledger.sums({}).requests).toBe(0);
});

test.each([
  // SQLite writes rows, and then indexes, into the log before the transaction ends.
  ['SIGKILL', 'rows', 1],
  ['SIGKILL', 'indexes', 30],
  ['SIGINT', 'rows', 1],
] as const)('%s while %s are written leaves a sound ledger', async (signal, _, size) => {
  const [home, file] = [tempFolder(), largeFile()];
  (await openLedger({ folder: join(home, 'data'), name: 'ledger' })).close();
  const child = spawn(process.execPath, [ORX, 'ledger', 'import', file], { env: cleanEnvironment(home), stdio: 'ignore' });
  const closed = once(child, 'close');
  const log = join(home, 'data', 'ledger.db-wal');
  await vi.waitFor(() => expect(statSync(log).size).toBeGreaterThan(size * MB), { timeout: 60_000, interval: 2 });
  child.kill(signal);
  const [code] = await closed;
  const ledger = await ledgerIn(home);
  expect(ledger.check()).toMatchObject({ problems: [], open: 0 });
  // All or nothing.
  expect(ledger.sums({}).requests).toBe(code === 0 ? ENTRIES : 0);
  ledger.close();
  expect(await runOrx(['ledger', 'import', file], { home })).toMatchObject({ code: 0 });
  expect((await ledgerIn(home)).sums({}).requests).toBe(ENTRIES);
});
