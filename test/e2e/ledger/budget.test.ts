import { describe, expect, it } from 'vitest';
import { type BilledModel, startBillingServer } from '../../support/billing-server.ts';
import { runOrx, type RunOptions, type RunResult } from '../../support/run-orx.ts';
import { openTerminal } from '../../support/terminal.ts';
import { tempFolder } from '../../support/temp-home.ts';

const KEY = { OPENROUTER_API_KEY: 'sk-or-v1-0123456789abcdef0123456789abcdef' };
/** An answer of 8,000 tokens costs $0.08, one of a thousand $0.01. */
const MODEL: BilledModel = { in: '0.000001', out: '0.00001', maxOutput: 8000, cost: 0.001 };

interface Orx {
  home: string;
  run: (args: string[], options?: RunOptions) => Promise<RunResult>;
  chat: (...args: string[]) => Promise<RunResult>;
}

function orxAt(url: string): Orx {
  const home = tempFolder();
  const run: Orx['run'] = (args, options = {}) =>
    runOrx(args, { home, ...options, env: { ...KEY, OPENROUTER_BASE_URL: url, ORX_RETRIES: '0', ...options.env } });
  return { home, run, chat: (...args) => run(['chat', 'hi', '-m', 'a/model', ...args]) };
}

describe('orx budget', () => {
  it('sets, shows, replaces and removes limits', async () => {
    const { home, run } = orxAt('http://127.0.0.1:9/api/v1');
    const set = await run(['budget', 'add', '--month', '20', '--request', '$0.10']);
    expect(set).toMatchObject({ code: 0, stderr: '' });
    expect(set.stdout).toMatch(
      /everything +1 +request +\$0\.100 +– +– +– +–\neverything +2 +month +\$20\.00 +\$0 +\$0 +\$20\.00 +0%/,
    );
    await run(['budget', 'add', '--month', '25', '--warn', '50%']);
    await run(['budget', 'add', '--day', '2', '--project', '.', '--profile', 'work', '--model', 'anthropic/*']);
    const { stdout } = await run(['budget', '--json']);
    expect(JSON.parse(stdout)).toMatchObject([
      { number: 1, period: 'request', limit: '0.1', left: null },
      { number: 2, period: 'month', limit: '25', warn_at: 0.5, spent: '0', held: '0', requests_under_way: 0, left: '25' },
      { number: 3, period: 'day', limit: '2', project: home, profile: 'work', model: 'anthropic/*', warn_at: 0.8 },
    ]);
    expect(await run(['budget', 'remove', '1', '3'])).toMatchObject({ code: 0 });
    expect(JSON.parse((await run(['budget', 'list', '--json'])).stdout)).toHaveLength(1);
    await run(['budget', 'add', '--total', '100']);
    expect(JSON.parse((await run(['budget', '--json'])).stdout)).toContainEqual(
      expect.objectContaining({ period: 'total', limit: '100', since: null, until: null, spent: '0', left: '100' }),
    );
    await run(['budget', 'remove', '3']);
    await run(['budget', 'add', '--day', '2', '--key', 'laptop', '--tag', 'red', '--vendor', 'anthropic']);
    expect((await run(['budget', 'list'])).stdout).toContain('vendor anthropic · key laptop · tag red');
    expect(JSON.parse((await run(['budget', '--json'])).stdout)).toMatchObject([
      { number: 2, vendor: null, key: null, tag: null },
      { number: 3, period: 'day', vendor: 'anthropic', key: 'laptop', tag: 'red', spent: '0' },
    ]);
  });

  it.each<[string, string[], RegExp]>([
    ['no limit', ['set', '--project', '.'], /no budget given\n.*orx budget add --month 20/],
    ['no amount', ['set', '--day', 'much'], /--day must be an amount in USD, such as 20 or 0\.05, not "much"/],
    ['more than any request costs', ['set', '--day', '1000000.01'], /--day must be at most \$1,000,000, not "1000000\.01"/],
    ['a negative amount', ['set', '--month=-3'], /--month must be an amount/],
    ['a strange share', ['set', '--day', '1', '--warn', '120'], /--warn must be a percentage/],
    ['an unknown number', ['remove', '7'], /unknown budget 7\n.*orx budget list/],
  ])('%s is a usage error', async (_name, words, message) => {
    const { run } = orxAt('http://127.0.0.1:9/api/v1');
    const { code, stdout, stderr } = await run(['budget', ...words]);
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(stderr).toMatch(message);
  });

  it('says what to do if there are none', async () => {
    const { run } = orxAt('http://127.0.0.1:9/api/v1');
    expect(await run(['budget'])).toMatchObject({
      code: 0,
      stdout: '',
      stderr: 'no budgets; add one: orx budget add --month 20\n',
    });
  });
});

describe('a budget', () => {
  it('stops a request before it is sent, with exit 4 and a hint', async () => {
    const server = await startBillingServer({ 'a/model': MODEL });
    const { run, chat } = orxAt(server.url);
    await run(['budget', 'add', '--day', '0.002']);
    const { code, stdout, stderr } = await chat();
    expect({ code, stdout }).toEqual({ code: 4, stdout: '' });
    expect(stderr).toMatch(
      /^error: the budget of \$0\.002 a day does not allow this request\n {2}\$0 spent, and this request may cost up to \$0\.0026\d*\nhint: raise the budget: orx budget add --day 0\.004\nhint: list the budgets: orx budget list\n$/,
    );
    expect(server.completions()).toHaveLength(0);
    expect((await run(['ledger', 'export'])).stdout).toBe('');
    const json = await chat('--json');
    expect(json.code).toBe(4);
    expect(JSON.parse(json.stdout).error).toMatchObject({ kind: 'credits', code: 'budget' });
  });

  it('adds nothing to a request that fits in any case', async () => {
    const server = await startBillingServer({ 'a/model': MODEL });
    const { run, chat } = orxAt(server.url);
    await run(['budget', 'add', '--day', '1']);
    expect(await chat()).toMatchObject({ code: 0, stderr: '' });
    expect(server.completions()[0]).not.toHaveProperty('max_tokens');
    expect(server.completions()[0]).not.toHaveProperty('provider');
  });

  it('limits length and price on the wire where that helps, and reports it', async () => {
    const costly = { provider: 'Costly', in: '0.000001', out: '0.0001' };
    const server = await startBillingServer({
      'a/model': { ...MODEL, endpoints: [{ provider: 'Cheap', in: '0.000001', out: '0.00001' }, costly] },
    });
    const { run, chat } = orxAt(server.url);
    await run(['budget', 'add', '--day', '0.02']);
    const { code, stderr } = await chat();
    expect(code).toBe(0);
    expect(stderr).toMatch(
      /^warning: a budget limits this request to a\/model: at most (9\d\d|1,000) tokens \(--max-tokens\) and no provider above \$1\.00 in, \$10\.00 out per million \(--max-price\)\n$/,
    );
    const [sent] = server.completions();
    expect(sent.max_tokens).toBeGreaterThan(900);
    expect(sent.max_tokens).toBeLessThanOrEqual(1000);
    expect(sent.provider).toEqual({ max_price: { prompt: '1', completion: '10' } });
  });

  it("keeps the user's own --max-tokens, or says which value would fit", async () => {
    const server = await startBillingServer({ 'a/model': MODEL });
    const { run, chat } = orxAt(server.url);
    await run(['budget', 'add', '--request', '0.01']);
    const refused = await chat('--max-tokens', '2000');
    expect(refused.code).toBe(4);
    expect(refused.stderr).toMatch(/limit the response so that it fits: --max-tokens 99\d/);
    expect((await chat('--max-tokens', '500')).code).toBe(0);
    expect(server.completions()).toMatchObject([{ max_tokens: 500 }]);
  });

  it('warns at its share and holds to the last cent, including costs from before it was set', async () => {
    const server = await startBillingServer({ 'a/model': { ...MODEL, cost: 0.5 } });
    const { run, chat } = orxAt(server.url);
    await chat();
    await run(['budget', 'add', '--month', '1.2', '--warn', '80']);
    const second = await chat('--max-tokens', '100');
    expect(second).toMatchObject({ code: 0, stderr: 'warning: 83% of the budget of $1.2 a month is used: $1.00\n' });
    expect(await chat('--max-tokens', '100', '-q')).toMatchObject({ code: 0, stderr: '' });
    const over = await chat('--max-tokens', '100');
    expect(over.code).toBe(4);
    expect(over.stderr).toContain('$1.5 spent');
    expect(server.completions()).toHaveLength(3);
  });

  it('stops an answer that grows beyond it, and keeps the received part', async () => {
    // This server enforces no limit. 400 words of 50 letters are some 4,000 tokens: $0.04.
    const pieces = Array.from({ length: 400 }, () => `${'x'.repeat(49)} `);
    const server = await startBillingServer({ 'a/model': { ...MODEL, pieces } });
    const { run, chat } = orxAt(server.url);
    await run(['budget', 'add', '--conversation', '0.011']);
    const { code, stdout, stderr } = await chat('--max-tokens', '800');
    expect(code).toBe(4);
    expect(stderr).toMatch(/the budget of \$0\.011 a conversation is used up: the response was stopped at about \$0\.01/);
    const words = stdout.trim().split(' ').length;
    expect(words).toBeGreaterThan(60);
    expect(words).toBeLessThan(400);
    const [entry] = JSON.parse((await run(['cost', '--json'])).stdout).entries;
    expect(entry).toMatchObject({ outcome: 'failed', error: 'credits', cost_source: 'estimated' });
    expect(Number(entry.cost)).toBeGreaterThan(0.008);
    await Promise.all(server.requests.map((request) => request.closed));
  });

  it('stops a tool call that grows beyond it: its arguments are output, too', async () => {
    const pieces = Array.from({ length: 400 }, () => `${'x'.repeat(49)} `);
    const server = await startBillingServer({ 'a/model': { ...MODEL, pieces, isToolCall: true } });
    const { run, chat } = orxAt(server.url);
    await run(['budget', 'add', '--conversation', '0.011']);
    const { code, stderr } = await chat('--max-tokens', '800');
    expect(code).toBe(4);
    expect(stderr).toMatch(/the budget of \$0\.011 a conversation is used up: the response was stopped at about \$0\.01/);
    const [entry] = JSON.parse((await run(['cost', '--json'])).stdout).entries;
    expect(entry).toMatchObject({ outcome: 'failed', error: 'credits', cost_source: 'estimated' });
    expect(Number(entry.cost)).toBeGreaterThan(0.008);
  });

  it('applies to the lanes of a comparison together', async () => {
    const server = await startBillingServer({ 'a/model': { ...MODEL, pauseMs: 50 }, 'b/model': { ...MODEL, pauseMs: 50 } });
    const { run } = orxAt(server.url);
    await run(['budget', 'add', '--day', '0.02']);
    const { code, stdout } = await run(['compare', 'hi', '-m', 'a/model,b/model', '--max-tokens', '1500', '--json']);
    expect(code).toBe(0);
    const states = JSON.parse(stdout).lanes.map(({ state, error }: any) => [state, error?.code ?? null]);
    expect(states.toSorted()).toEqual([
      ['done', null],
      ['failed', 'budget'],
    ]);
    expect(server.completions()).toHaveLength(1);
  });

  it('applies only to its project, its profile and its models', async () => {
    const server = await startBillingServer({ 'a/model': MODEL, 'b/model': MODEL });
    const { run, chat } = orxAt(server.url);
    await run(['profile', 'set', 'work']);
    await run(['budget', 'add', '--day', '0', '--profile', 'work']);
    await run(['budget', 'add', '--day', '0', '--model', 'b/*']);
    await run(['budget', 'add', '--day', '0', '--project', '/elsewhere']);
    expect((await chat()).code).toBe(0);
    expect((await chat('--profile', 'work')).code).toBe(4);
    expect((await run(['chat', 'hi', '-m', 'b/model'])).code).toBe(4);
    // Fallback models count as well.
    expect((await chat('--fallback', 'b/model')).code).toBe(4);
  });

  it('of zero still allows free models', async () => {
    const server = await startBillingServer({ 'a/model': { ...MODEL, in: '0', out: '0', cost: 0 } });
    const { run, chat } = orxAt(server.url);
    await run(['budget', 'add', '--day', '0']);
    expect(await chat()).toMatchObject({ code: 0, stderr: '' });
  });

  it('limits the price if the catalogue does not know the model', async () => {
    const server = await startBillingServer({ 'a/model': MODEL });
    const { run } = orxAt(server.url);
    await run(['budget', 'add', '--day', '0.1']);
    await run(['chat', 'hi', '-m', 'x/unknown']);
    expect(server.completions()[0]).toMatchObject({
      max_tokens: 2048,
      provider: { max_price: { prompt: expect.stringMatching(/^\d+\.\d+$/), completion: expect.stringMatching(/^\d+/) } },
    });
  });

  it('cannot be bypassed by disabling the ledger', async () => {
    const server = await startBillingServer({ 'a/model': MODEL });
    const { run, chat } = orxAt(server.url);
    await run(['budget', 'add', '--day', '1']);
    const { code, stderr } = await chat('--no-ledger');
    expect(code).toBe(2);
    expect(stderr).toMatch(/^error: budgets need the ledger, which is turned off\nhint: omit --no-ledger/);
    expect(server.completions()).toHaveLength(0);
  });

  it.each([80, 120])('is drawn with its share at %i columns', async (columns) => {
    const { home, run } = orxAt('http://127.0.0.1:9/api/v1');
    await run(['budget', 'add', '--month', '20', '--project', '.']);
    const terminal = openTerminal(['budget'], { home, columns, env: {} });
    expect(await terminal.exit).toBe(0);
    const lines = (await terminal.everything()).map((line) => line.trimEnd()).filter((line) => line !== '');
    expect(lines).toHaveLength(2);
    expect(lines[1]).toMatch(/1 +month +\$20\.00 +\$0/);
    for (const line of lines) expect(line.length).toBeLessThan(columns);
  });
});
