import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { type BilledModel, startBillingServer } from '../../support/billing-server.ts';
import { runOrx } from '../../support/run-orx.ts';
import { tempFolder } from '../../support/temp-home.ts';

const OWN_KEY = { prompt_tokens: 9171, completion_tokens: 113, cost: 0.0004, is_byok: true };
const UPSTREAM = 0.0360795;
const TOTAL = '0.0364795';
const PRICES: BilledModel = { in: '0.000003', out: '0.000015' };
const MODELS: Record<string, BilledModel> = {
  'own/key': { ...PRICES, usage: { ...OWN_KEY, cost_details: { upstream_inference_cost: UPSTREAM } } },
  'own/parts': {
    ...PRICES,
    usage: { ...OWN_KEY, cost_details: { upstream_inference_prompt_cost: 0.03, upstream_inference_completions_cost: 0.0060795 } },
  },
  'own/silent': { ...PRICES, usage: OWN_KEY },
  'api/key': {
    ...PRICES,
    usage: { ...OWN_KEY, is_byok: false, cost: UPSTREAM, cost_details: { upstream_inference_cost: UPSTREAM } },
  },
};

async function setUp() {
  const server = await startBillingServer(MODELS);
  const home = tempFolder();
  const env = { OPENROUTER_API_KEY: 'sk-or-v1-0123456789abcdef0123456789abcdef', OPENROUTER_BASE_URL: server.url };
  const orx = (...args: string[]) => runOrx(args, { home, env });
  const text = async (...args: string[]): Promise<string> => (await orx(...args)).stdout;
  const json = async (...args: string[]): Promise<any> => JSON.parse(await text(...args));
  return { server, home, orx, text, json };
}

describe("what a provider charges the user's own key", () => {
  test('is shown with the answer, separately from the fee', async () => {
    const { orx, json } = await setUp();
    const { stderr } = await orx('chat', '-u', '-m', 'own/key', 'hi');
    expect(stderr).toContain('$0.0365 with your own provider key ($0.0361 paid to the provider, $0.000400 fee)');
    expect(await json('chat', '--json', '-m', 'own/parts', 'hi')).toMatchObject({ cost: '0.0004', upstream_cost: '0.0360795' });
    expect(await json('chat', '--json', '-m', 'api/key', 'hi')).not.toHaveProperty('upstream_cost');
    const compared = await json('compare', '--json', '-m', 'own/key', '-m', 'api/key', 'hi');
    expect(compared.ranking.map(({ cost }: { cost: string }) => cost)).toEqual([String(UPSTREAM), TOTAL]);
  });

  test('is part of every sum and marked in every format', async () => {
    const { orx, text, json } = await setUp();
    await orx('chat', '-m', 'own/key', 'hi');
    await orx('chat', '-m', 'api/key', 'hi');
    expect(await text('cost', 'today')).toMatch(
      /key +.*\$0\.0364795 +\$0\.0360795 of it charged by the provider to your own key\n/,
    );
    expect(await json('cost', 'today', '--json')).toMatchObject({
      entries: [
        { cost: '0.0004', upstream_cost: String(UPSTREAM), byok: true },
        { cost: String(UPSTREAM), upstream_cost: null, byok: false },
      ],
      total: { cost: '0.072559', upstream_cost: String(UPSTREAM) },
    });
    expect(await json('usage', '--json')).toMatchObject({
      total: { cost: '0.072559', upstream_cost: String(UPSTREAM) },
      rows: [
        { group: 'own/key', cost: TOTAL, upstream_cost: String(UPSTREAM) },
        { group: 'api/key', cost: String(UPSTREAM), upstream_cost: '0' },
      ],
    });
    for (const format of ['table', 'markdown', 'html']) {
      const report = await text('usage', '-o', format);
      expect(report).toContain('to providers');
      expect(report).toContain('the cost includes $0.0361 paid to providers with your own keys');
    }
    const [heading, row] = (await text('usage', '-o', 'csv')).split(/\r?\n/).map((line) => line.split(','));
    expect(row![heading!.indexOf('upstream_cost')]).toBe(String(UPSTREAM));
    for (const report of [['--what-if', 'api/key'], ['--advise']]) {
      expect(await text('usage', ...report)).toContain('$0.0726 ($0.0361 paid to providers with your own keys)');
      expect(await json('usage', ...report, '--json')).toMatchObject({ cost: '0.072559', upstream_cost: String(UPSTREAM) });
    }
    expect((await json('history', '--json')).map(({ cost }: { cost: string }) => cost)).toEqual([String(UPSTREAM), TOTAL]);
  });

  test('survives an export and an import', async () => {
    const { home, orx, text } = await setUp();
    await orx('chat', '-m', 'own/key', 'hi');
    const exported = await text('ledger', 'export');
    const file = join(home, 'entries.jsonl');
    writeFileSync(file, exported);
    const other = tempFolder();
    expect(await runOrx(['ledger', 'import', file], { home: other })).toMatchObject({ code: 0 });
    expect((await runOrx(['ledger', 'export'], { home: other })).stdout).toBe(exported);
    expect(readFileSync(file, 'utf8')).toContain('"upstream_cost":"0.0360795"');
  });

  test('counts toward budgets', async () => {
    const { orx, text, json } = await setUp();
    await orx('budget', 'add', '--day', '0.05');
    await orx('chat', '-m', 'own/key', 'hi');
    expect(await json('budget', '--json')).toMatchObject([{ spent: TOTAL, upstream_spent: String(UPSTREAM) }]);
    expect(await text('budget')).toMatch(/to providers[^]+\$0\.0365 +\$0\.0361/);
    expect(await text('usage', '-o', 'table')).toContain('72% used, $0.0361 paid to providers with your own keys');
    expect(await json('ledger', 'check', '--json')).toMatchObject({ problems: [] });
    const refused = await orx('chat', '-m', 'own/key', '--max-tokens', '1000', 'hi');
    expect(refused).toMatchObject({ code: 4, stdout: '' });
  });

  test('is looked up if the answer did not include it', async () => {
    const { server, orx, json, text } = await setUp();
    await orx('chat', '-m', 'own/silent', 'hi');
    const [open] = (await json('cost', '--json')).entries;
    expect(open).toMatchObject({ cost: '0.0004', upstream_cost: null, cost_source: 'estimated', byok: true });
    expect(await text('cost')).toContain('an unknown amount of it charged by the provider to your own key');
    server.bills.set('gen-1', { id: 'gen-1', total_cost: 0.0004, is_byok: true, upstream_inference_cost: UPSTREAM });
    expect(await orx('ledger', 'reconcile')).toMatchObject({ code: 0 });
    const { entries, total } = await json('cost', '--json');
    expect(entries).toMatchObject([{ cost: '0.0004', upstream_cost: String(UPSTREAM), cost_source: 'looked-up' }]);
    expect(total).toMatchObject({ cost: TOTAL, upstream_cost: String(UPSTREAM), estimated: 0 });
  });
});
