import { chmodSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import Libsql from 'libsql';
import { describe, expect, onTestFinished, test } from 'vitest';
import { openLedger } from '../../../src/storage/ledger/open-ledger.ts';
import { startBillingServer } from '../../support/billing-server.ts';
import { addTurn, newConversation } from '../../support/conversation-entries.ts';
import { testConversations } from '../../support/conversations.ts';
import { entryOf, resultOf } from '../../support/ledger-entries.ts';
import { runOrx, type RunResult } from '../../support/run-orx.ts';
import { tempFolder } from '../../support/temp-home.ts';

const PAGE = 4096;
const COUNT = 400;
const MODEL = { in: '0.000001', out: '0.000002', maxOutput: 4000 };

interface Home {
  folder: string;
  path: string;
  run: (...args: string[]) => Promise<RunResult>;
}

/** A home with a ledger of several hundred entries of today, which cost $0.001 each, and a budget of $10 a day. */
async function homeWithLedger(url = 'http://127.0.0.1:9/api/v1'): Promise<Home> {
  const folder = tempFolder();
  const data = join(folder, 'data');
  const ledger = await openLedger({ folder: data, name: 'ledger' });
  const now = Date.now();
  ledger.import(
    Array.from({ length: COUNT }, (_, index) => ({
      ...entryOf(`entry-${index}`, { openedAt: now - COUNT + index, conversation: `c${index % 9}`, project: '/wörk' }),
      ...resultOf('0.001', { generationId: `gen-${index}`, promptTokens: 10, completionTokens: 5 }),
      state: 'settled' as const,
    })),
  );
  ledger.setBudget({ period: 'day', limit: '10', warnAt: 0.8 });
  ledger.close();
  const path = join(data, 'ledger.db');
  intoFile(path);
  return {
    folder,
    path,
    run: (...args) =>
      runOrx(args, {
        home: folder,
        env: { OPENROUTER_API_KEY: 'sk-or-v1-00000000', OPENROUTER_BASE_URL: url, ORX_RETRIES: '0' },
      }),
  };
}

function intoFile(path: string): void {
  const database = new Libsql(path);
  database.pragma('wal_checkpoint(TRUNCATE)');
  database.close();
}

function change(path: string, work: (bytes: Buffer) => Buffer): void {
  const bytes = work(readFileSync(path));
  for (const log of ['-wal', '-shm']) rmSync(path + log, { force: true });
  writeFileSync(path, bytes);
}

const flipped =
  (at: number, mask = 0xff) =>
  (bytes: Buffer): Buffer => {
    bytes[at]! ^= mask;
    return bytes;
  };

// Where the schema has grown, old copies of it are left next to it.
function inSchema(bytes: Buffer): Buffer {
  for (let at = bytes.indexOf('INDEX entry_time'); at >= 0; at = bytes.indexOf('INDEX entry_time', at + 1))
    bytes[at + 8]! ^= 0xff;
  return bytes;
}

const COMMANDS = [['ledger', 'export'], ['ledger', 'check'], ['budget'], ['cost', 'today'], ['usage', '--static']];

describe('a damaged ledger', { timeout: 120_000 }, () => {
  test.each([
    ['one byte of its name', flipped(3)],
    ['one byte of its page size', flipped(16)],
    ['the encoding of its texts', flipped(59, 3)],
    ['one byte of its schema', inSchema],
    ['its first page', (bytes: Buffer) => bytes.fill(0, 0, PAGE)],
    ['a page in its middle', (bytes: Buffer) => bytes.fill(7, 12 * PAGE, 13 * PAGE)],
    ['all but its first half', (bytes: Buffer) => bytes.subarray(0, Math.floor(bytes.length / 2))],
    ['everything', () => Buffer.alloc(0)],
  ])('that lost %s is reported by every command, with exit 1 if data is missing', async (_, damage) => {
    for (const command of COMMANDS) {
      const { folder, path, run } = await homeWithLedger();
      change(path, damage);
      const { code, stdout, stderr } = await run(...command);
      expect([command, stderr]).toEqual([command, expect.stringMatching(/^warning: the ledger was damaged: /)]);
      const entries = (await run('ledger', 'export')).stdout.split('\n').length - 1;
      const isWhole = stderr.includes('nothing is missing');
      expect([command, entries === COUNT || !isWhole]).toEqual([command, true]);
      expect([command, code]).toEqual([command, isWhole && command[1] !== 'check' ? 0 : 1]);
      // The copy has the budgets, whatever the file has lost.
      expect((await run('budget', '--json')).stdout).toContain('"limit": "10"');
      expect(readdirSync(join(folder, 'data')).some((name) => name.startsWith('ledger.damaged-'))).toBe(true);
      // The figures of a new ledger must not look complete either.
      expect((await run('ledger', 'check')).stderr.includes('may be missing')).toBe(!isWhole);
      expect(stdout).not.toContain('undefined');
    }
  });

  test('is reported with -q too, and its spending counts toward the budget', async () => {
    const server = await startBillingServer({ 'a/model': MODEL });
    const { path, run } = await homeWithLedger(server.url);
    await run('budget', 'add', '--day', '0.4');
    change(path, () => Buffer.alloc(0));
    const { code, stdout, stderr } = await run('chat', '-q', 'hi', '-m', 'a/model');
    expect([code, stdout]).toEqual([4, '']);
    expect(stderr).toMatch(/^warning: the ledger was damaged: /);
    expect(server.completions()).toHaveLength(0);
    const [{ spent }] = JSON.parse((await run('budget', '--json')).stdout);
    expect(Number(spent)).toBeCloseTo(0.4);
  });

  test('with a text that is not UTF-8 is exported completely', async () => {
    const { path, run } = await homeWithLedger();
    const database = new Libsql(path);
    database.exec(`UPDATE entry SET generation_id = CAST(x'67656e2dff' AS TEXT) WHERE row IN (100, 300)`);
    database.close();
    intoFile(path);
    const { code, stdout, stderr } = await run('ledger', 'export');
    expect([code, stdout.split('\n').length - 1]).toEqual([1, COUNT]);
    expect(stderr).toMatch(/^warning: the ledger was damaged: 2 texts of entry.generation_id are not UTF-8/);
    expect((await run('ledger', 'check')).stdout).toContain(`${COUNT}`);
  });

  test('restores a changed cost from its second copy', async () => {
    const { path, run } = await homeWithLedger();
    const at = readFileSync(path).indexOf('gen-123') + 'gen-123'.length;
    change(path, (bytes) => {
      const cost = bytes.indexOf('0.001', at);
      bytes.write('0.901', cost);
      return bytes;
    });
    const { code, stderr, stdout } = await run('cost', 'today', '--json');
    expect([code, stderr]).toEqual([0, expect.stringContaining('the ledger was damaged')]);
    expect(JSON.parse(stdout).total.cost).toBe('0.4');
  });
});

describe('a ledger that cannot be opened', { timeout: 60_000 }, () => {
  const blocked = (path: string): void => {
    rmSync(path);
    for (const log of ['-wal', '-shm']) rmSync(path + log, { force: true });
    mkdirSync(path);
  };

  test.each([[[]], [['-q']], [['--json']]])('blocks a request if there are budgets: %j', async (flags) => {
    const server = await startBillingServer({ 'a/model': MODEL });
    const { path, run } = await homeWithLedger(server.url);
    blocked(path);
    const { code, stderr } = await run('chat', ...flags, 'hi', '-m', 'a/model');
    expect([code, stderr]).toEqual([4, expect.stringContaining('cannot read the remaining budgets from the ledger')]);
    for (const command of [
      ['compare', 'hi', '-m', 'a/model,a/model'],
      ['chat', 'hi', '-m', 'a/model', '--no-ledger'],
    ]) {
      const { code: other } = await run(...command);
      expect(other).not.toBe(0);
    }
    expect(server.completions()).toHaveLength(0);
  });

  test('does not lose the answer if there are none', async () => {
    const server = await startBillingServer({ 'a/model': MODEL });
    const { path, run } = await homeWithLedger(server.url);
    const [{ number }] = JSON.parse((await run('budget', '--json')).stdout);
    expect(await run('budget', 'remove', String(number))).toMatchObject({ code: 0, stderr: '' });
    blocked(path);
    expect(await run('chat', 'hi', '-m', 'a/model')).toMatchObject({ code: 0, stdout: 'two words\n' });
  });
});

describe('damaged conversations', { timeout: 60_000 }, () => {
  test('with a text that is not UTF-8 end no process, and the others stay readable', async () => {
    const home = tempFolder();
    const data = join(home, 'data');
    mkdirSync(data);
    const store = await testConversations({ folder: data });
    for (let index = 0; index < 60; index += 1) addTurn(store, newConversation(`c${index}`), `question ${index}`);
    store.close();
    const path = join(data, 'conversations.db');
    const database = new Libsql(path);
    database.exec(`UPDATE message SET text = CAST(x'c3287175657374696f6e' AS TEXT) WHERE row = 21`);
    database.exec(`UPDATE conversation SET title = CAST(x'ff' AS TEXT) WHERE row = 40`);
    database.close();
    intoFile(path);
    const run = (...args: string[]): Promise<RunResult> => runOrx(args, { home });
    // The first command that finds the damage reports it; the next one recovers.
    const codes = [(await run('history', 'list')).code, (await run('history', 'show', 'c10')).code];
    for (const code of codes) expect([0, 1]).toContain(code);
    const { code, stdout } = await run('history', 'list', '--json', '--limit', '100');
    expect([code, JSON.parse(stdout).length]).toEqual([0, 60]);
    expect((await run('history', 'show', 'c10')).stdout).toContain('question');
    expect(existsSync(path)).toBe(true);
    expect(readdirSync(data).some((name) => name.startsWith('conversations.damaged-'))).toBe(true);
  });
});

test('only the owner can read files that orx writes', async () => {
  const { folder, run } = await homeWithLedger();
  const store = await testConversations({ folder: join(folder, 'data') });
  addTurn(store, newConversation('c1'), 'a question');
  store.close();
  chmodSync(folder, 0o755);
  const written = [
    ['usage', '--out', join(folder, 'usage.html')],
    ['usage', '--out', join(folder, 'usage.csv')],
    ['history', 'export', 'c1', '--out', join(folder, 'chat.md')],
  ];
  for (const command of written) {
    expect(await run(...command)).toMatchObject({ code: 0 });
    expect([command, statSync(command.at(-1)!).mode & 0o777]).toEqual([command, 0o600]);
  }
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
});
