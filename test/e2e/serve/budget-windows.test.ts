import { describe, expect, test } from 'vitest';
import { runOrx } from '../../support/run-orx.ts';
import { says, startScriptedUpstream } from '../../support/scripted-upstream.ts';
import { serveConfig } from '../../support/served-gateway.ts';

/** Every unit of LiteLLM's durations, with the period of orx's budget, and the longest possible rest of it in days. */
const DURATIONS = {
  '30s': ['30s', 0.01],
  '90m': ['90m', 0.1],
  '1h': ['1h', 0.1],
  '5h': ['5h', 0.3],
  '24h': ['day', 1.1],
  '36h': ['36h', 1.6],
  daily: ['day', 1.1],
  '7d': ['week', 7.1],
  '14d': ['14d', 14.1],
  '2w': ['14d', 14.1],
  '30d': ['month', 31.1],
  '90d': ['90d', 90.1],
  '1mo': ['month', 31.1],
  '2mo': ['2mo', 62.1],
} as const;

const QUESTION = { model: 'chat', messages: [{ role: 'user', content: 'hi' }], max_tokens: 100 };

async function serveLab(settings: string, args: readonly string[] = []) {
  const upstream = await startScriptedUpstream(says(['hello'], { prompt: 10, completion: 5 }));
  const gateway = await serveConfig(
    `
model_list:
  - model_name: chat
    litellm_params: {model: openai/m, api_base: "${upstream.origin}/v1", api_key: k, input_cost_per_token: 0.001, output_cost_per_token: 0.001}
${settings}`,
    { args },
  );
  const ask = (headers: Record<string, string>, more: object = {}): Promise<Response> =>
    fetch(`${gateway.url}/chat/completions`, {
      method: 'POST',
      headers: { authorization: 'Bearer any', 'content-type': 'application/json', ...headers },
      body: JSON.stringify({ ...QUESTION, ...more }),
    });
  return { gateway, ask };
}

describe('a LiteLLM file', () => {
  test('limits spending per duration, in every unit', async () => {
    const tags = Object.keys(DURATIONS).map((duration) => `"t-${duration}": {max_budget: 0.01, budget_duration: ${duration}}`);
    const { gateway, ask } = await serveLab(`litellm_settings:\n  tag_budget_config: {${tags.join(', ')}}\n`);
    expect(gateway.stderr()).not.toContain('tag_budget_config');
    for (const [duration, [period, days]] of Object.entries(DURATIONS)) {
      const response = await ask({ 'x-orx-tags': `t-${duration}` });
      const { error } = (await response.json()) as { error: { metadata: Record<string, any> } };
      expect([duration, response.status, error.metadata['budget'].period]).toEqual([duration, 402, period]);
      const rest = Date.parse(error.metadata['resets_at']) - Date.now();
      expect([duration, rest > -30_000, rest <= days * 86_400_000]).toEqual([duration, true, true]);
    }
    expect((await ask({ 'x-orx-tags': 'other' })).status).toBe(200);
    const { stdout } = await runOrx(['budget', 'list', '--json'], { home: gateway.home });
    const listed = JSON.parse(stdout) as { period: string; tag: string; since: string; until: string }[];
    expect(listed.map(({ tag, period }) => [tag, period])).toEqual(
      Object.entries(DURATIONS).map(([duration, [period]]) => [`t-${duration}`, period]),
    );
    const now = Date.now();
    for (const { since, until } of listed) expect([Date.parse(since) <= now, since < until]).toEqual([true, true]);
  });
});

test('a budget of any length is added, listed, reported and enforced, also for a client key', async () => {
  const { gateway, ask } = await serveLab('');
  const orx = (...args: string[]) => runOrx(args, { home: gateway.home });
  expect((await orx('budget', 'add', '--every', '14d', '--limit', '3')).stdout).toMatch(/14d/);
  const { stdout } = await orx('serve', 'keys', 'add', 'laptop', '--json', '--budget', '0.2/5h,1/day');
  const { key } = JSON.parse(stdout) as { key: string };
  expect((await ask({ authorization: `Bearer ${key}` })).status).toBe(200);
  const refused = await ask({ authorization: `Bearer ${key}` }, { max_tokens: 300 });
  expect(await refused.json()).toMatchObject({
    error: {
      message: expect.stringContaining('the budget of $0.2 every 5 hours has $0.'),
      metadata: { budget: { period: '5h' } },
    },
  });
  await gateway.stop();
  const budgets = JSON.parse((await orx('budget', 'list', '--json')).stdout) as Record<string, unknown>[];
  expect(budgets).toMatchObject([
    { period: '14d', limit: '3', key: null, spent: '0.015' },
    { period: '5h', limit: '0.2', key: 'laptop', spent: '0.015' },
    { period: 'day', limit: '1', key: 'laptop', spent: '0.015' },
  ]);
  expect((await orx('usage')).stdout).toContain('budget $3 every 14 days: 0% used');
  expect((await orx('serve', 'keys', 'list')).stdout).toContain('$0.0150 of $0.200 every 5 hours');
  expect((await orx('budget', 'add', '--every', '24h', '--limit', '7', '--key', 'laptop')).stdout).toMatch(/day\s+\$7/);
  for (const [args, message] of [
    [['--every', '5h'], '--every and --limit need each other'],
    [['--limit', '5'], '--every and --limit need each other'],
    [['--every', 'soon', '--limit', '5'], '--every must be a duration up to ten years'],
    [['--every', '24h', '--limit', '5', '--day', '4'], '--every 24h is the same period as --day'],
  ] as const) {
    const { code, stderr } = await orx('budget', 'add', ...args);
    expect([code, stderr]).toEqual([2, expect.stringContaining(`error: ${message}`)]);
  }
});
