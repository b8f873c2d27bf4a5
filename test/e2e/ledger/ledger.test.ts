import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { startBillingServer } from '../../support/billing-server.ts';
import { testLedger } from '../../support/ledger.ts';
import { runOrx, type RunOptions, type RunResult } from '../../support/run-orx.ts';
import { runServe } from '../../support/run-serve.ts';
import { tempFolder } from '../../support/temp-home.ts';

const KEY = { OPENROUTER_API_KEY: 'sk-or-v1-0123456789abcdef0123456789abcdef' };
const FINE = { in: '0.000001', out: '0.000002' };

/** Runs orx against a server, always in the same home. */
function orxAt(
  url: string,
  home = tempFolder(),
): { home: string; run: (args: string[], options?: RunOptions) => Promise<RunResult> } {
  return {
    home,
    run: (args, options = {}) =>
      runOrx(args, { home, ...options, env: { ...KEY, OPENROUTER_BASE_URL: url, ORX_RETRIES: '0', ...options.env } }),
  };
}

async function entriesOf(run: (args: string[]) => Promise<RunResult>): Promise<any[]> {
  const { stdout } = await run(['ledger', 'export']);
  return stdout
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line));
}

describe('every request becomes one entry', () => {
  it('of chat, with all known facts', async () => {
    const usage = {
      prompt_tokens: 1204,
      completion_tokens: 340,
      total_tokens: 1544,
      cost: 0.00041234567891,
      is_byok: false,
      prompt_tokens_details: { cached_tokens: 1100, cache_write_tokens: 7 },
      completion_tokens_details: { reasoning_tokens: 30 },
    };
    const server = await startBillingServer({ 'a/model': { ...FINE, usage, pieces: ['one ', 'two ', 'three'], pauseMs: 20 } });
    const { home, run } = orxAt(server.url);
    mkdirSync(join(home, '.git'));
    await run(['profile', 'set', 'work']);
    const chat = await run(['chat', 'hello there', '-m', 'a/model', '--json', '--profile', 'work']);
    expect(chat.code).toBe(0);
    const [entry, ...others] = await entriesOf(run);
    expect(others).toEqual([]);
    expect(entry).toMatchObject({
      state: 'settled',
      outcome: 'complete',
      command: 'chat',
      profile: 'work',
      project: home,
      api: server.url,
      requested_model: 'a/model',
      model: 'a/model',
      provider: 'TestProvider',
      generation_id: 'gen-1',
      finish_reason: 'stop',
      error: null,
      cost: '0.00041234567891',
      cost_source: 'billed',
      byok: false,
      prompt_tokens: 1204,
      cached_tokens: 1100,
      cache_write_tokens: 7,
      completion_tokens: 340,
      reasoning_tokens: 30,
      attempts: 1,
    });
    expect(entry.estimated_prompt_tokens).toBeGreaterThan(0);
    expect(entry.time_to_first_token_ms).toBeGreaterThan(0);
    expect(entry.tokens_per_second).toBeGreaterThan(0);
    expect(Math.abs(Date.parse(entry.time) - Date.now())).toBeLessThan(60_000);
    // The answer's receipt has exactly the same cost; no text of the prompt or the answer is stored.
    expect(JSON.parse(chat.stdout).cost).toBe(entry.cost);
    for (const name of readdirSync(join(home, 'data')).filter((file) => file.startsWith('ledger'))) {
      expect(readFileSync(join(home, 'data', name)).toString('latin1')).not.toMatch(/hello there|one two|sk-or-v1/);
    }
  });

  it('of compare, one for each lane, under one conversation that cost finds by the start of its id', async () => {
    const server = await startBillingServer({ 'a/one': FINE, 'b/two': { ...FINE, status: 429 } });
    const { run } = orxAt(server.url);
    await run(['compare', 'hi', '-m', 'a/one,b/two']);
    const entries = await entriesOf(run);
    expect(entries.map(({ requested_model, outcome, error, cost }) => [requested_model, outcome, error, cost]).sort()).toEqual([
      ['a/one', 'complete', null, '0.000412'],
      ['b/two', 'failed', 'rate-limit', '0'],
    ]);
    const conversation: string = entries[0].conversation;
    expect(entries[1].conversation).toBe(conversation);
    for (const what of ['last', 'today', 'month', conversation.slice(0, 14), conversation]) {
      const { stdout } = await run(['cost', what, '--json']);
      const { entries: match, total } = JSON.parse(stdout);
      expect(match).toHaveLength(2);
      expect(total).toMatchObject({ requests: 2, complete: 1, failed: 1, cost: '0.000412', completion_tokens: 340 });
    }
  });

  it('of other programs that use a served sandbox', async () => {
    const home = tempFolder();
    const { url, stop } = await runServe(['--sandbox', '-q'], { home, env: { ORX_SANDBOX_SPEED: '100000' } });
    const ask = (max_tokens: number): Promise<Response> =>
      fetch(`${url}/chat/completions`, {
        method: 'POST',
        headers: { authorization: 'Bearer any', 'content-type': 'application/json' },
        body: JSON.stringify({ model: 'openai/gpt-4o-mini', messages: [{ role: 'user', content: 'hi' }], max_tokens }),
      });
    const first = (await (await ask(50)).json()) as { usage: { cost: number } };
    const { run } = orxAt(url, home);
    await run(['--sandbox', 'budget', 'add', '--request', '0.0001']);
    const refused = await ask(100_000);
    await stop();
    expect(refused.status).toBe(402);
    const entries = await entriesOf((args) => run(['--sandbox', ...args]));
    expect(entries).toMatchObject([{ command: 'serve', outcome: 'complete', cost_source: 'billed', completion_tokens: 50 }]);
    expect(Number(entries[0].cost)).toBeCloseTo(first.usage.cost, 12);
  });

  it('of the simulated API in a separate ledger', async () => {
    const server = await startBillingServer({});
    const { home, run } = orxAt(server.url);
    await run(['chat', 'hi', '--sandbox'], { env: { ORX_SANDBOX_SPEED: '100000' } });
    expect(await entriesOf(run)).toEqual([]);
    const sandbox = await entriesOf((args) => run(['--sandbox', ...args]));
    expect(sandbox).toHaveLength(1);
    expect(sandbox[0]).toMatchObject({ api: 'sandbox', outcome: 'complete', cost_source: 'billed' });
    expect(
      readdirSync(join(home, 'data'))
        .filter((name) => /^ledger.*\.db$/.test(name))
        .sort(),
    ).toEqual(['ledger-sandbox.db', 'ledger.db']);
  });

  it('but not with --no-ledger, with the setting or with the variable', async () => {
    const server = await startBillingServer({ 'a/model': FINE });
    const { run } = orxAt(server.url);
    await run(['config', 'set', 'ledger', 'false']);
    expect((await run(['chat', 'hi', '-m', 'a/model'])).code).toBe(0);
    await run(['config', 'unset', 'ledger']);
    await run(['chat', 'hi', '-m', 'a/model', '--no-ledger']);
    await run(['chat', 'hi', '-m', 'a/model'], { env: { ORX_LEDGER: '0' } });
    expect(server.completions()).toHaveLength(3);
    expect(await entriesOf(run)).toEqual([]);
    await run(['chat', 'hi', '-m', 'a/model']);
    expect(await entriesOf(run)).toHaveLength(1);
  });
});

describe('a cost that is known late', () => {
  const stopped = { ...FINE, pieces: ['half an '], isEndless: true };
  const stopSoon: RunOptions = {
    onStart: (child) => void child.stdout.once('data', () => child.kill('SIGINT')),
  };

  it('is looked up after a stop, and the receipt and the ledger agree', async () => {
    const server = await startBillingServer({ 'a/model': stopped });
    const { run } = orxAt(server.url);
    server.bills.set('gen-1', { id: 'gen-1', total_cost: 0.0000123456789, native_tokens_prompt: 9, native_tokens_completion: 3 });
    const { code, stdout, stderr } = await run(['chat', 'hi', '-m', 'a/model', '-u'], stopSoon);
    expect(code).toBe(130);
    expect(stdout).toBe('half an \n');
    expect(stderr).toContain('$0.0000123 (looked up)');
    expect(await entriesOf(run)).toMatchObject([
      { outcome: 'stopped', cost: '0.0000123456789', cost_source: 'looked-up', prompt_tokens: 9, completion_tokens: 3 },
    ]);
  });

  it('is looked up by reconcile, and quietly by the next command', async () => {
    const home = tempFolder();
    const ledger = await testLedger({ folder: join(home, 'data') });
    // The look-up ends with the command, so the answer lasts until its result is stored.
    const endsWhen = async (): Promise<void> => {
      await expect.poll(() => ledger.sums({}).cost).toBe('0.005');
    };
    const server = await startBillingServer({ 'a/model': stopped, 'b/fine': { ...FINE, endsWhen } });
    const { run } = orxAt(server.url, home);
    // Without a receipt orx does not wait for the cost.
    await run(['chat', 'hi', '-m', 'a/model'], stopSoon);
    expect(await entriesOf(run)).toMatchObject([
      { outcome: 'stopped', cost: null, cost_source: 'unknown', generation_id: 'gen-1' },
    ]);
    const nothing = await run(['ledger', 'reconcile']);
    expect(nothing).toMatchObject({
      code: 0,
      stdout: '0 costs found\n1 not known to the API (yet)\n1 estimated from catalog prices\n',
    });
    expect(await entriesOf(run)).toMatchObject([{ cost: expect.stringMatching(/^0\.0000\d+$/), cost_source: 'estimated' }]);
    server.bills.set('gen-1', { id: 'gen-1', total_cost: 0.002 });
    const { stdout } = await run(['ledger', 'reconcile', '--json']);
    expect(JSON.parse(stdout)).toEqual({ lost: 0, found: 1, missing: 0, estimated: 0 });
    expect(await entriesOf(run)).toMatchObject([{ cost: '0.002', cost_source: 'looked-up' }]);

    await run(['chat', 'hi', '-m', 'a/model'], stopSoon);
    server.bills.set('gen-2', { id: 'gen-2', total_cost: 0.003 });
    const next = await run(['chat', 'hi', '-m', 'b/fine']);
    expect(next).toMatchObject({ code: 0, stderr: '' });
    expect((await entriesOf(run)).map(({ cost }) => cost)).toEqual(['0.002', '0.003', '0.000412']);
  });
});

describe('orx ledger', () => {
  it('exports entries that another ledger imports once, and CSV for spreadsheets', async () => {
    const server = await startBillingServer({ 'a/model': FINE, '=b/limited': { ...FINE, status: 429 } });
    const { home, run } = orxAt(server.url);
    await run(['chat', 'hi', '-m', 'a/model']);
    await run(['chat', 'hi', '-m', '=b/limited']);
    const exported = (await run(['ledger', 'export'])).stdout;
    expect(exported.trimEnd().split('\n')).toHaveLength(2);
    const file = join(home, 'ledger.jsonl');
    writeFileSync(file, exported);

    const other = orxAt(server.url);
    expect(await other.run(['ledger', 'import', file])).toMatchObject({ code: 0, stderr: '2 added, 0 known already\n' });
    expect(await other.run(['ledger', 'import'], { stdin: exported })).toMatchObject({
      code: 0,
      stderr: '0 added, 2 known already\n',
    });
    expect((await other.run(['ledger', 'export'])).stdout).toBe(exported);
    const csv = (await other.run(['ledger', 'export', '-o', 'csv'])).stdout.trimEnd().split('\n');
    expect(csv).toHaveLength(3);
    expect(csv[0]).toMatch(/^id,time,state,outcome,command,/);
    expect(csv[1]).toContain(',0.000412,');
    // Text that a spreadsheet would execute is quoted as text.
    expect(csv[2]).toContain(",'=b/limited,");
    expect((await other.run(['ledger', 'export', '--until', '2020-01-01'])).stdout).toBe('');
  });

  it('imports a file completely or not at all, and says where it is wrong', async () => {
    const { run } = orxAt('http://127.0.0.1:9/api/v1');
    const good = '{"id":"1","time":"2026-01-01T00:00:00.000Z"';
    const { code, stderr } = await run(['ledger', 'import'], { stdin: `${good}}\n` });
    expect(code).toBe(2);
    expect(stderr).toMatch(/^error: line 1: cost_source is missing/);
    expect(await run(['ledger', 'import'], { stdin: 'not json\n' })).toMatchObject({
      code: 2,
      stderr: 'error: line 1 is not JSON\nhint: import a file written by: orx ledger export\n',
    });
    expect((await run(['ledger', 'import', 'no-such-file'])).stderr).toMatch(/^error: cannot read no-such-file \(no such file\)/);
    expect(await entriesOf(run)).toEqual([]);
  });

  it('prunes old entries and keeps the month that budgets need', async () => {
    const server = await startBillingServer({ 'a/model': FINE });
    const { run } = orxAt(server.url);
    await run(['chat', 'hi', '-m', 'a/model']);
    const [entry] = await entriesOf(run);
    const old = { ...entry, id: 'old', time: '2024-05-01T10:00:00.000Z' };
    await run(['ledger', 'import'], { stdin: `${JSON.stringify(old)}\n` });
    expect(await run(['ledger', 'prune', '--before', 'all'])).toMatchObject({ code: 2 });
    expect(await run(['ledger', 'prune', '--before', 'today'])).toMatchObject({ code: 0, stderr: '1 entry deleted\n' });
    expect((await entriesOf(run)).map(({ id }) => id)).toEqual([entry.id]);
    const check = await run(['ledger', 'check', '--json']);
    expect(JSON.parse(check.stdout)).toMatchObject({ entries: 1, open: 0, problems: [] });
    const path = (await run(['ledger', 'path'])).stdout;
    expect(readFileSync(path.trim()).length).toBeGreaterThan(1000);
  });
});

describe('a ledger with problems', () => {
  it('that cannot be written does not lose the answer', async () => {
    const server = await startBillingServer({ 'a/model': FINE });
    const { home, run } = orxAt(server.url);
    writeFileSync(join(home, 'data'), 'a file where the folder should be');
    const { code, stdout, stderr } = await run(['chat', 'hi', '-m', 'a/model']);
    expect({ code, stdout }).toEqual({ code: 0, stdout: 'two words\n' });
    expect(stderr).toMatch(/^warning: cannot record this request in the ledger: .*data/);
    // An entry that is lost is reported with -q, too.
    expect((await run(['chat', 'hi', '-m', 'a/model', '-q'])).stderr).toBe(stderr);
    expect((await run(['chat', 'hi', '-m', 'a/model', '-q', '-n', '--no-ledger'])).stderr).toBe('');
  });

  it('that is damaged is moved away and reported, and orx still answers', async () => {
    const server = await startBillingServer({ 'a/model': FINE });
    const { home, run } = orxAt(server.url);
    // A process that ends leaves no write-ahead log next to the database.
    await run(['chat', 'hi', '-m', 'a/model'], { isAlone: true });
    writeFileSync(join(home, 'data', 'ledger.db'), 'this is no database at all, whatever its name may say');
    const { code, stdout, stderr } = await run(['chat', 'hi', '-m', 'a/model']);
    expect({ code, stdout }).toEqual({ code: 0, stdout: 'two words\n' });
    expect(stderr).toMatch(/^warning: .*damaged/);
    expect(await entriesOf(run)).toHaveLength(1);
    expect((await run(['ledger', 'check'])).code).toBe(0);
  });
});

describe('orx cost', { timeout: 60_000 }, () => {
  it('shows the last command with all its requests, a conversation, or a period', async () => {
    const server = await startBillingServer({ 'a/one': { ...FINE, cost: 0.001 }, 'a/two': { ...FINE, cost: 0.002 } });
    const { run } = orxAt(server.url);
    const total = async (...args: string[]): Promise<unknown> => {
      const { code, stdout, stderr } = await run(['cost', ...args, '--json']);
      expect({ args, code, stderr }).toEqual({ args, code: 0, stderr: '' });
      const { requests, cost } = JSON.parse(stdout).total;
      return [requests, cost];
    };
    expect(await total()).toEqual([0, '0']);
    await run(['chat', '-m', 'a/one', 'hi']);
    await run(['chat', '-c', '-m', 'a/two', 'and you?']);
    expect(await total()).toEqual([1, '0.002']);
    const [{ conversation }] = await entriesOf(run);
    expect(await total(conversation.slice(0, 12))).toEqual([2, '0.003']);
    await run(['compare', '-m', 'a/one', '-m', 'a/two', 'hi']);
    expect(await total('last')).toEqual([2, '0.003']);
    for (const time of ['today', 'week', 'month', 'year', '1d', '12h', '2w', 'all', String(new Date().getUTCFullYear())])
      expect(await total(time)).toEqual([4, '0.006']);
    expect(await total('yesterday')).toEqual([0, '0']);
    expect(await total('--since', 'yesterday', '--until', 'today')).toEqual([4, '0.006']);
    expect((await run(['cost', 'today', '--since', '1d'])).stderr).toContain('cannot be combined');
    expect((await run(['cost', 'nothing'])).stderr).toContain('not a time or the start of a conversation id');
  });
});

describe('dates and times', { timeout: 60_000 }, () => {
  it.each([
    ['usage', '--since'],
    ['usage', '--until'],
    ['cost', '--since'],
    ['cost', '--until'],
    ['ledger', 'export', '--since'],
    ['ledger', 'export', '--until'],
    ['ledger', 'prune', '--before'],
    ['history', '--since'],
    ['history', '--until'],
    ['history', 'search', 'x', '--since'],
    ['history', 'prune', '--before'],
    ['models', '--since'],
    ['models', 'diff', '--since'],
    ['price', '--since'],
  ])('%s %s accepts the same formats, and lists them on an error', async (...args) => {
    const server = await startBillingServer({ 'a/one': FINE });
    const { run } = orxAt(server.url);
    const { code, stdout, stderr } = await run([...args, 'ever']);
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    const flag = args.at(-1)!;
    expect(stderr).toContain(`${flag} must be a time such as 30d or 2026-01-31, not "ever"`);
    expect(stderr).toContain('12h, 30d, 2w, 6m, 1y, today, yesterday, week, month, year, all, 2026, 2026-01');
  });
});
