import { expect, test } from 'vitest';
import { decimal } from '../../../src/decimal.ts';
import { sendJson, startApiServer } from '../../support/api-server.ts';
import { watchKeyBudget } from '../../support/key-budget.ts';
import { IS_LONG } from '../../support/long-tests.ts';
import { runOrx } from '../../support/run-orx.ts';
import { runServe } from '../../support/run-serve.ts';
import { tempFolder } from '../../support/temp-home.ts';

/** The price of 10 tokens of input and 100 of output of this model, which is also the most that a request may cost. */
const MODEL = 'openai:gpt-4.1-mini';
const USAGE = { prompt_tokens: 10, completion_tokens: 100, total_tokens: 110 };

test('gateways that reserve parts of a budget in advance never exceed it, and one that is killed loses no request', async () => {
  const [PROCESSES, CLIENTS, LIMIT] = [4, 40, IS_LONG ? '0.1' : '0.05'];
  const server = await startApiServer((_, response) =>
    sendJson(response, 200, {
      id: 'chatcmpl-1',
      object: 'chat.completion',
      model: 'gpt-4.1-mini',
      choices: [{ index: 0, message: { role: 'assistant', content: 'yes' }, finish_reason: 'stop' }],
      usage: USAGE,
    }),
  );
  const home = tempFolder();
  const env = { OPENAI_API_KEY: 'sk-0123456789abcdef0123456789', OPENAI_BASE_URL: `${server.origin}/v1`, ORX_RETRIES: '0' };
  const created = await runOrx(['serve', 'keys', 'add', 'team', '--json', '--budget', `${LIMIT}/day`], { home, env });
  const { key } = JSON.parse(created.stdout) as { key: string };
  const { ledger, standing } = await watchKeyBudget(home, 'team');

  const gateways = await Promise.all(Array.from({ length: PROCESSES }, () => runServe(['-q'], { home, env, isAlone: true })));
  const statuses = new Map<number, number>();
  const clients = Array.from({ length: CLIENTS }, async (_, client) => {
    for (let status = 200; status === 200;) {
      const response = await fetch(`${gateways[client % PROCESSES]!.url}/chat/completions`, {
        method: 'POST',
        headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json' },
        body: JSON.stringify({ model: MODEL, messages: [{ role: 'user', content: 'hi' }], max_tokens: 100 }),
      });
      await response.text();
      ({ status } = response);
      statuses.set(status, (statuses.get(status) ?? 0) + 1);
    }
  });
  const race = { isRunning: true };
  const finished = Promise.allSettled(clients).finally(() => (race.isRunning = false));
  let killed: Promise<unknown> | undefined;
  while (race.isRunning) {
    const { spent, reserved } = standing();
    expect([spent, reserved, decimal(spent).plus(reserved).lte(LIMIT)]).toEqual([spent, reserved, true]);
    if (server.requests.length > 100) killed ??= gateways[0]!.stop('SIGKILL');
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  await killed;
  const results = await finished;
  // The clients of the killed gateway lost their connections; all others stopped at the limit.
  expect(results.filter(({ status }) => status === 'rejected')).toHaveLength(CLIENTS / PROCESSES);
  expect([...statuses.keys()].toSorted()).toEqual([200, 402]);

  for (const gateway of gateways.slice(1)) await gateway.stop();
  // The next command records what the killed gateway has noted, also of answers whose ends it had not recorded.
  expect((await runOrx(['usage', '--json'], { home, env })).code).toBe(0);
  const entries = [...ledger.entries({ clientKey: 'team' })];
  const lost = entries.filter(({ outcome }) => outcome === 'lost');
  const asked = server.requests.filter(({ method }) => method === 'POST');
  expect(entries.length).toBeGreaterThanOrEqual(asked.length);
  expect(entries.length - lost.length).toBeGreaterThan(statuses.get(200)! / 2);
  expect(standing()).toMatchObject({ reserved: '0', reservations: 0 });
  expect(Number(standing().spent)).toBeLessThanOrEqual(0.1);
  expect(Number(standing().spent)).toBeGreaterThan(0.95 * Number(LIMIT));
  expect(ledger.check().problems).toEqual([]);
});
