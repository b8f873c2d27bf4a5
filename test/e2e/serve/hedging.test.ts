import { expect, test } from 'vitest';
import { newGate } from '../../support/api-server.ts';
import { says, startScriptedUpstream } from '../../support/scripted-upstream.ts';
import { serveConfig } from '../../support/served-gateway.ts';

test('a hedge and the cost of the slower attempt are in the log, the metrics and the ledger', async () => {
  const asked = newGate();
  const slow = await startScriptedUpstream(async (request) => {
    asked.open();
    await request.closed;
  });
  const quick = await startScriptedUpstream(says(['from the second'], { prompt: 1000, completion: 100 }));
  const gateway = await serveConfig(
    `
vendors:
  slow: {base_url: "${slow.origin}/v1", key: first-key}
  quick: {base_url: "${quick.origin}/v1", key: second-key}
models:
  chat:
    hedge_after: 50ms
    targets:
      - {model: "slow:m", prices: {input: 1000, output: 2000}}
      - {model: "quick:m", prices: {input: 2, output: 4}}
log: json
`,
  );
  const { data, response } = await gateway.client.chat.completions
    .create({ model: 'chat', messages: [{ role: 'user', content: 'Why is the sky blue?' }], stream: true })
    .withResponse();
  let text = '';
  for await (const chunk of data) text += chunk.choices[0]?.delta.content ?? '';
  await asked.opened;
  expect(text).toBe('from the second');
  expect(response.headers.get('x-orx-attempts')).toBe('2');
  const metrics = await (await fetch(gateway.url.replace(/\/v1$/, '/metrics'))).text();
  const valueOf = (name: string): number => Number(new RegExp(`^${name}\\{[^}]*\\} (\\S+)$`, 'm').exec(metrics)?.[1]);
  expect(valueOf('orx_hedges_total')).toBe(1);
  const lost = valueOf('orx_hedge_cost_usd_total');
  expect(lost).toBeGreaterThan(0);
  expect(valueOf('orx_cost_usd_total')).toBeCloseTo(0.0024 + lost, 9);
  const [winner, loser] = (await gateway.entries()).toSorted((one, other) => (one['outcome'] < other['outcome'] ? -1 : 1));
  expect([winner, loser]).toMatchObject([
    { requested_model: 'quick:m', outcome: 'complete', cost: '0.0024' },
    { requested_model: 'slow:m', outcome: 'stopped', finish_reason: 'hedge_lost', cost_source: 'estimated' },
  ]);
  const line = gateway
    .stderr()
    .split('\n')
    .find((one) => one.includes('/chat/completions'));
  expect(JSON.parse(line!)).toMatchObject({ attempts: 2, hedges: 1, hedge_cost: loser!['cost'], cost: '0.0024' });
  expect(Number(loser!['cost'])).toBeCloseTo(lost, 9);
});
