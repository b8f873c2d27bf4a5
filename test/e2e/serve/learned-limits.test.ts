import { describe, expect, test } from 'vitest';
import { answerPieces, sendJson, sendPieces, startApiServer } from '../../support/api-server.ts';
import { runOrx, type RunResult } from '../../support/run-orx.ts';
import { runServe } from '../../support/run-serve.ts';
import { says, startScriptedUpstream } from '../../support/scripted-upstream.ts';
import { serveConfig } from '../../support/served-gateway.ts';
import { tempFolder } from '../../support/temp-home.ts';

/** What the server states. It counts in a shorter time, because a busy machine delays requests on their way. */
const RATE = { requests: 6, windowMs: 3000 };
const COUNTED_MS = 1000;
const KEY = 'sk-or-v1-0123456789abcdef';

interface Refused {
  headers: Record<string, string>;
}

/** A gateway and commands with the same key and base URL, before an API that refuses its first requests in this way. */
async function setUp(
  refusals: readonly Refused[],
  { args = [], isCounting = false }: { args?: string[]; isCounting?: boolean } = {},
) {
  const arrivals: number[] = [];
  /** Those that the API does not refuse anyway: nothing is known before the first refusal. */
  const counted: number[] = [];
  let refused = 0;
  const server = await startApiServer(async (request, response) => {
    if (!request.url.includes('/chat/completions')) return sendJson(response, 404, { error: { code: 404, message: 'none' } });
    const now = performance.now();
    const refusal = refusals[arrivals.length];
    arrivals.push(now);
    if (refusal === undefined) counted.push(now);
    const isTooMany = isCounting && counted.filter((at) => at > now - COUNTED_MS).length > RATE.requests;
    if (refusal === undefined && !isTooMany) return sendPieces(response, answerPieces(['well']));
    refused += 1;
    sendJson(response, 429, { error: { code: 429, message: 'slow down' } }, refusal?.headers ?? {});
  });
  const home = tempFolder();
  const env = { OPENROUTER_API_KEY: KEY, OPENROUTER_BASE_URL: server.url };
  const gateway = await runServe(['-q', ...args], { home, env });
  return {
    arrivals,
    refused: () => refused,
    command: (...more: string[]): Promise<RunResult> => runOrx(['chat', 'hi', '-m', 'test/model', ...more], { home, env }),
    async client(retries?: number): Promise<{ status: number; retryAfter: number; body: any }> {
      const response = await fetch(`${gateway.url}/chat/completions`, {
        method: 'POST',
        headers: { 'content-type': 'application/json', authorization: 'Bearer any' },
        body: JSON.stringify({
          model: 'test/model',
          messages: [{ role: 'user', content: 'hi' }],
          ...(retries !== undefined && { num_retries: retries }),
        }),
      });
      const body = await response.json();
      return { status: response.status, retryAfter: Number(response.headers.get('retry-after')), body };
    },
  };
}

describe('a gateway and commands', () => {
  test('keep to a rate that the server has stated to one of them', async () => {
    const stated = { 'ratelimit-policy': `"default";q=${RATE.requests};w=${RATE.windowMs / 1000}`, 'retry-after-ms': '0' };
    const { arrivals, refused, client, command } = await setUp([{ headers: stated }], { isCounting: true });
    expect((await client()).status).toBe(200);
    const [served, printed] = await Promise.all([
      Promise.all(Array.from({ length: 6 }, () => client())),
      Promise.all(Array.from({ length: 3 }, () => command())),
    ]);
    expect(served.map(({ status }) => status)).toEqual(served.map(() => 200));
    expect(printed.map(({ stdout }) => stdout)).toEqual(printed.map(() => 'well\n'));
    expect([refused(), arrivals.length]).toEqual([1, 11]);
  });

  test('a client gets status 429 and the rest of the wait that a command was told', async () => {
    const { arrivals, client, command } = await setUp([{ headers: { 'retry-after': '200' } }]);
    expect((await command('--retries', '0')).code).toBe(5);
    const { status, retryAfter, body } = await client();
    expect(status).toBe(429);
    expect(retryAfter).toBeGreaterThan(100);
    expect(retryAfter).toBeLessThanOrEqual(200);
    expect(body.error.message).toBe('every target of test/model has reached its limit of requests or tokens');
    expect(arrivals).toHaveLength(1);
  });

  test('a command waits as long as a client of the gateway was told', async () => {
    const { arrivals, client, command } = await setUp([{ headers: { 'retry-after': '200' } }]);
    expect((await client(0)).status).toBe(429);
    const waiting = await command('--retry-max-time', '1');
    expect(waiting.code).toBe(5);
    expect(waiting.stderr).toContain('error: the request limit of this key and model is used up');
    expect(arrivals).toHaveLength(1);
  });

  test('a client waits for the reset that the reply to another client has stated', async () => {
    const upstream = await startScriptedUpstream((_, response) => {
      response.setHeader('x-ratelimit-limit-requests', '2');
      response.setHeader('x-ratelimit-remaining-requests', '0');
      response.setHeader('x-ratelimit-reset-requests', '6m40s');
      return says(['well'])(_, response);
    });
    const { client } = await serveConfig(`
vendors:
  lab: {base_url: "${upstream.origin}/v1", key: any}
models:
  chat: lab:one
`);
    const ask = () =>
      client.chat.completions.create({ model: 'chat', messages: [{ role: 'user', content: 'hi' }], stream: true });
    for await (const _ of await ask());
    const refused = await ask().catch((error: { status: number }) => error);
    expect(refused).toMatchObject({ status: 429 });
    expect(upstream.completions()).toHaveLength(1);
  });

  test('share nothing with orx serve --no-pacing', async () => {
    const { arrivals, client, command } = await setUp([{ headers: { 'retry-after': '200' } }], { args: ['--no-pacing'] });
    expect((await command('--retries', '0')).code).toBe(5);
    expect((await client()).status).toBe(200);
    expect(arrivals).toHaveLength(2);
  });
});
