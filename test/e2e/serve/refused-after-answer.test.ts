import { expect, test } from 'vitest';
import { decimal } from '../../../src/decimal.ts';
import { says, startScriptedUpstream } from '../../support/scripted-upstream.ts';
import { serveConfig } from '../../support/served-gateway.ts';

/** 100 tokens of an answer and 10 of a prompt. */
const COST = 0.00021;
const LIMIT = 0.005;

interface Reply {
  status: number;
  cost: number;
  facts: { spend_usd: number; reserved_usd: number; remaining_usd: number };
}

async function serve(limit: number) {
  const upstream = await startScriptedUpstream(says(['hello'], { prompt: 10, completion: 100 }));
  const config = (amount: number): string => `
vendors: {lab: {base_url: "${upstream.origin}/v1"}}
models: {chat: {targets: [{model: "lab:m", prices: {input: 1, output: 2}}]}}
budgets: [{total: ${amount}}]
`;
  const gateway = await serveConfig(config(limit));
  const ask = async (tokens: number, more: object = {}): Promise<Reply> => {
    const response = await fetch(`${gateway.url}/chat/completions`, {
      method: 'POST',
      headers: { authorization: 'Bearer any', 'content-type': 'application/json' },
      body: JSON.stringify({ model: 'chat', messages: [{ role: 'user', content: 'hi' }], max_tokens: tokens, ...more }),
    });
    const text = await response.text();
    const body = (text.startsWith('{') ? JSON.parse(text) : {}) as {
      usage?: { cost: number };
      error?: { metadata: Reply['facts'] };
    };
    return { status: response.status, cost: body.usage?.cost ?? 0, facts: body.error?.metadata as Reply['facts'] };
  };
  return { gateway, upstream, ask, config };
}

test('a refusal directly after answers states what all of them have cost', async () => {
  const { ask } = await serve(LIMIT);
  for (let count = 1; count <= 8; count += 1) {
    expect((await ask(100)).status).toBe(200);
    const { status, facts } = await ask(100_000);
    expect([status, facts.spend_usd]).toEqual([402, decimal(COST).times(count).toNumber()]);
    const total = decimal(facts.spend_usd).plus(facts.reserved_usd).plus(facts.remaining_usd);
    expect(total.toNumber()).toBe(LIMIT);
  }
});

test.each([{ stream: false }, { stream: true }])(
  'a vendor that charges more than was reserved exceeds a budget by that amount once: %j',
  async ({ stream }) => {
    const { ask, upstream, gateway } = await serve(LIMIT);
    upstream.play(says(['hello'], { prompt: 10, completion: 100_000 }));
    expect((await ask(100, { stream })).status).toBe(200);
    for (let time = 1; time <= 3; time += 1) {
      const { status, facts } = await ask(1, { stream });
      expect([status, facts]).toMatchObject([402, { spend_usd: 0.20001, reserved_usd: 0, remaining_usd: LIMIT - 0.20001 }]);
    }
    expect(upstream.completions()).toHaveLength(1);
    expect((await gateway.entries()).map(({ cost }) => cost)).toEqual(['0.20001']);
  },
);

test('requests at the same time and one after another never spend more than the budget, whatever is not written yet', async () => {
  const { ask, upstream, gateway } = await serve(LIMIT);
  const replies: Reply[] = [];
  for (let round = 0; round < 3; round += 1)
    replies.push(...(await Promise.all(Array.from({ length: 20 }, (_, index) => ask(index % 5 === 4 ? 100_000 : 100)))));
  const answered = replies.filter(({ status }) => status === 200);
  const refused = replies.filter(({ status }) => status === 402);
  expect(answered.length + refused.length).toBe(replies.length);
  expect(upstream.completions()).toHaveLength(answered.length);
  const spent = answered.reduce((sum, { cost }) => sum.plus(cost), decimal(0));
  expect(spent.lte(LIMIT)).toBe(true);
  // The budget could be used up, and 15 or more requests found no room.
  expect(spent.gt(decimal(LIMIT).times('0.8'))).toBe(true);
  expect(refused.length).toBeGreaterThan(15);
  for (const { facts } of refused) expect(decimal(facts.spend_usd).plus(facts.reserved_usd).lte(LIMIT)).toBe(true);
  const entries = await gateway.entries();
  const recorded = entries.map((entry) => decimal(entry['cost'] as string)).reduce((sum, one) => sum.plus(one), decimal(0));
  expect(recorded.toFixed()).toBe(spent.toFixed());
});

test('a budget that was raised is not applied in its old form', async () => {
  const { ask, gateway, config } = await serve(0.0001);
  expect((await ask(100)).status).toBe(402);
  gateway.configure(config(1));
  await gateway.told('gateway.yaml was read again and is now in effect');
  expect((await ask(100)).status).toBe(200);
});
