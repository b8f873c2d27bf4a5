import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { newGate } from '../../support/api-server.ts';
import { runOrx } from '../../support/run-orx.ts';
import { runServe } from '../../support/run-serve.ts';
import { says, startScriptedUpstream } from '../../support/scripted-upstream.ts';
import { tempFolder } from '../../support/temp-home.ts';

async function setUp(...limits: string[]) {
  const upstream = await startScriptedUpstream(says(['hello'], { prompt: 10, completion: 5 }));
  const home = tempFolder();
  const config = join(home, 'gateway.yaml');
  writeFileSync(config, `vendors: {lab: {base_url: "${upstream.origin}/v1"}}\nmodels: {chat: "lab:m"}\n`);
  const { stdout } = await runOrx(['serve', 'keys', 'add', 'team', '--json', ...limits], { home });
  const { key } = JSON.parse(stdout) as { key: string };
  const start = () => runServe(['--config', config, '-q'], { home, isAlone: true });
  const ask = ({ url }: { url: string }, more: Record<string, unknown> = {}): Promise<Response> =>
    fetch(`${url}/chat/completions`, {
      method: 'POST',
      headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json' },
      body: JSON.stringify({ model: 'chat', messages: [{ role: 'user', content: 'hi' }], ...more }),
    });
  return { upstream, start, ask };
}

describe('two gateways with the same keys', () => {
  test('share the requests per minute, also when they arrive at once, and after a restart', async () => {
    const { upstream, start, ask } = await setUp('--rpm', '12');
    const gateways = await Promise.all([start(), start()]);
    const statuses = await Promise.all(Array.from({ length: 40 }, async (_, index) => (await ask(gateways[index % 2]!)).status));
    expect(statuses.filter((status) => status === 200)).toHaveLength(12);
    expect(statuses.filter((status) => status === 429)).toHaveLength(28);
    expect(upstream.completions()).toHaveLength(12);
    await gateways[0].stop('SIGTERM');
    const again = await ask(await start());
    expect([again.status, again.headers.get('x-ratelimit-remaining')]).toEqual([429, '0']);
  });

  test('share tokens, and what an answer did not use is free for both', async () => {
    const { start, ask } = await setUp('--tpm', '1000');
    const [one, other] = await Promise.all([start(), start()]);
    const first = await ask(one, { max_tokens: 900 });
    expect(first.status).toBe(200);
    await first.text();
    // The answer used 15 tokens of some 900.
    const second = await ask(other, { max_tokens: 900 });
    expect(second.status).toBe(200);
    await second.text();
    expect((await ask(one, { max_tokens: 980 })).status).toBe(429);
  });

  test('share parallel requests; those of a killed gateway do not count', async () => {
    const { upstream, start, ask } = await setUp('--parallel', '2');
    const [one, other] = await Promise.all([start(), start()]);
    const begun = newGate();
    let count = 0;
    upstream.play(async (request) => {
      count += 1;
      if (count === 2) begun.open();
      await request.closed;
    });
    const waiting = Promise.allSettled([ask(one), ask(one)]);
    await begun.opened;
    const refused = await ask(other);
    expect([refused.status, refused.headers.get('retry-after')]).toEqual([429, '1']);
    await one.stop('SIGKILL');
    await waiting;
    upstream.play(says(['hello']));
    expect((await ask(other)).status).toBe(200);
  });
});
