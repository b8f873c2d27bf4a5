import type { ServerResponse } from 'node:http';
import type OpenAI from 'openai';
import { describe, expect, test } from 'vitest';
import {
  begins,
  refuses,
  resets,
  says,
  type ScriptedUpstream,
  startScriptedUpstream,
  staysSilent,
  type UpstreamStep,
  words,
} from '../../support/scripted-upstream.ts';
import { type ServedGateway, serveConfig } from '../../support/served-gateway.ts';

const QUESTION = [{ role: 'user' as const, content: 'Why is the sky blue?' }];
const PRIMARY = 'From the first. ';
const SECOND = 'From the second. ';
/** At these prices 1000 input tokens and 100 output tokens cost 0.0012 at the first target and 0.0024 at the second. */
const COSTS = { first: 0.0012, second: 0.0024 };

interface Setup {
  first: ScriptedUpstream;
  second: ScriptedUpstream;
  gateway: ServedGateway;
}

function configOf(first: ScriptedUpstream, second: ScriptedUpstream, timeouts: string, more = ''): string {
  return `
vendors:
  first: {base_url: "${first.origin}/v1", key: first-key}
  second: {base_url: "${second.origin}/v1", key: second-key}
models:
  chat:
    targets: [{model: "first:one", prices: {input: 1, output: 2}}]
    fallbacks: [other]
  other:
    targets: [{model: "second:two", prices: {input: 2, output: 4}}]
timeouts: {${timeouts}}
${more}`;
}

/** Starts the built gateway in front of two scripted vendors: the second is the fallback of the first. */
async function setUp(
  steps: readonly UpstreamStep[],
  { timeouts = '', more = '', fallback = [says([SECOND])] as readonly UpstreamStep[] } = {},
): Promise<Setup> {
  const first = await startScriptedUpstream(...steps);
  const second = await startScriptedUpstream(...fallback);
  return { first, second, gateway: await serveConfig(configOf(first, second, timeouts, more)) };
}

type Chunk = OpenAI.ChatCompletionChunk & {
  provider?: string;
  error?: { code: number; message: string };
  usage?: { cost?: number };
};

interface Streamed {
  text: string;
  last: Chunk;
  finish: string | null | undefined;
  error: any;
}

async function ask({ client }: ServedGateway, more: object = {}): Promise<Streamed> {
  const chunks: Chunk[] = [];
  let error: unknown;
  try {
    const stream = await client.chat.completions.create({ model: 'chat', messages: QUESTION, stream: true, ...more });
    for await (const chunk of stream) chunks.push(chunk as Chunk);
  } catch (thrown) {
    error = thrown;
  }
  return {
    text: chunks.map(({ choices }) => choices[0]?.delta.content ?? '').join(''),
    last: chunks.at(-1)!,
    finish: chunks.at(-1)?.choices[0]?.finish_reason,
    error,
  };
}

const counts = ({ first, second }: Setup): number[] => [first.completions().length, second.completions().length];
const outcomes = async ({ gateway }: Setup): Promise<unknown[]> =>
  (await gateway.entries()).map(({ requested_model: model, outcome, cost }) => [
    model,
    outcome,
    cost === null ? null : Number(cost),
  ]);
const BUSY = refuses(429, { message: 'Rate limit reached', code: 'rate_limit_exceeded' });

/** Expects that the answer came from the fallback, names it, and has the fallback's cost. */
function isFromSecond({ text, last, finish, error }: Streamed): void {
  expect([error, text, finish]).toEqual([undefined, SECOND, 'stop']);
  expect(last).toMatchObject({ model: 'second:two', provider: 'second', usage: { prompt_tokens: 1000, cost: COSTS.second } });
}

function isFromFirst({ text, last, finish, error }: Streamed): void {
  expect([error, text, finish]).toEqual([undefined, PRIMARY, 'stop']);
  expect(last).toMatchObject({ model: 'first:one', provider: 'first', usage: { prompt_tokens: 1000, cost: COSTS.first } });
}

/** Some thousand levels overflow the stack when the error is written again. */
function nestedError(): string {
  return `{"error":{"message":"down","code":500,"metadata":${'['.repeat(20_000)}${']'.repeat(20_000)}}}`;
}

function respond(response: ServerResponse, status: number, text: string): void {
  response.writeHead(status, { 'content-type': 'application/json' });
  response.end(text);
}

describe('failover of the built gateway', () => {
  test('1: 429 with Retry-After is respected', async () => {
    const limited = refuses(429, { message: 'Rate limit reached', code: 'rate_limit_exceeded' }, { 'retry-after': '2' });
    const setup = await setUp([limited, says([PRIMARY])]);
    isFromFirst(await ask(setup.gateway));
    expect(counts(setup)).toEqual([2, 0]);
    expect(setup.first.times[1]! - setup.first.times[0]!).toBeGreaterThanOrEqual(2000);
    expect(await outcomes(setup)).toEqual([
      ['first:one', 'failed', 0],
      ['first:one', 'complete', COSTS.first],
    ]);
  });

  test('2: a permanent 429 gets no more than four requests in three seconds, and six in all', async () => {
    const setup = await setUp([BUSY], { fallback: [BUSY] });
    const { error } = await ask(setup.gateway, { num_retries: 9 });
    expect(error).toMatchObject({ status: 429 });
    const [first = 0, second = 0] = counts(setup);
    expect(first + second).toBeLessThanOrEqual(6);
    for (const { times } of [setup.first, setup.second])
      for (let index = 4; index < times.length; index += 1)
        expect(times[index]! - times[index - 4]!).toBeGreaterThanOrEqual(2990);
  });

  test('3: a single 500 is retried', async () => {
    const setup = await setUp([refuses(500, { message: 'The server had an error' }), says([PRIMARY])]);
    isFromFirst(await ask(setup.gateway));
    expect(counts(setup)).toEqual([2, 0]);
  });

  test('4: a permanent 503 fails over to the next target', async () => {
    const setup = await setUp([refuses(503, { message: 'Overloaded' })]);
    isFromSecond(await ask(setup.gateway));
    expect(counts(setup)).toEqual([2, 1]);
    expect(await outcomes(setup)).toEqual([
      ['first:one', 'failed', 0],
      ['first:one', 'failed', 0],
      ['second:two', 'complete', COSTS.second],
    ]);
  });

  test('5: a connection reset before any header is retried, then fails over', async () => {
    const setup = await setUp([resets]);
    isFromSecond(await ask(setup.gateway));
    expect(counts(setup)).toEqual([2, 1]);
  });

  test('6: a silent target is aborted and skipped, and gets no more requests', async () => {
    const setup = await setUp([staysSilent], { timeouts: 'first_token: 700ms' });
    isFromSecond(await ask(setup.gateway));
    await setup.first.completions()[0]!.closed;
    expect(counts(setup)).toEqual([1, 1]);
    // The target is paused: the next request does not wait for it.
    isFromSecond(await ask(setup.gateway));
    expect(counts(setup)).toEqual([1, 2]);
  });

  test('7: a first token after 20 s is too late', { timeout: 40_000 }, async () => {
    const setup = await setUp([says([PRIMARY], { silenceMs: 20_000 })]);
    const start = performance.now();
    isFromSecond(await ask(setup.gateway));
    expect(performance.now() - start).toBeLessThan(17_000);
    expect(counts(setup)).toEqual([1, 1]);
  });

  test('8: a cut stream is a failure, and a complete answer comes from another target', async () => {
    const cut = begins(words(40), resets);
    const setup = await setUp([cut]);
    const { text, error, finish } = await ask(setup.gateway);
    expect(text).toBe(words(40).join(''));
    expect(finish).not.toBe('stop');
    expect(error).toBeDefined();
    const whole = await setup.gateway.client.chat.completions.create({ model: 'chat', messages: QUESTION });
    expect(whole).toMatchObject({ model: 'second:two', choices: [{ message: { content: SECOND }, finish_reason: 'stop' }] });
    const entries = await setup.gateway.entries();
    // The received part of the answer is charged: orx's own count at the configured prices.
    expect(entries[0]).toMatchObject({ outcome: 'failed', cost_source: 'estimated' });
    expect(Number(entries[0]!['cost'])).toBeGreaterThan(0);
  });

  test('9: a stall mid-stream ends with an error that names the stall', async () => {
    const setup = await setUp([begins(words(5), staysSilent)], { timeouts: 'idle: 600ms' });
    const { text, error } = await ask(setup.gateway);
    expect(text).toBe(words(5).join(''));
    expect(String((error as Error).message)).toMatch(/sent nothing for 0.6 s mid-stream/);
    await setup.first.completions()[0]!.closed;
    expect(counts(setup)).toEqual([1, 0]);
  });

  test('10: a malformed chunk ends a stream as a failure, and fails over before the first token', async () => {
    const broken = begins(['Half '], (_, response) => void response.end('data: {"choices":[{"delta":{"con\n\n'));
    const setup = await setUp([broken, begins([], (_, response) => void response.end('data: {"choices":\n\n'))]);
    const { text, error } = await ask(setup.gateway);
    expect([text, error === undefined]).toEqual(['Half ', false]);
    isFromSecond(await ask(setup.gateway));
  });

  test('11: a stream without [DONE] is complete immediately, with its usage', async () => {
    const setup = await setUp([says([PRIMARY], { hasNoEnd: true })]);
    const start = performance.now();
    isFromFirst(await ask(setup.gateway));
    expect(performance.now() - start).toBeLessThan(8000);
    expect(await outcomes(setup)).toEqual([['first:one', 'complete', COSTS.first]]);
  });

  test('12: a prompt that is too long is one attempt, then another model', async () => {
    const long = refuses(400, { message: "This model's maximum context length is 8192 tokens", code: 'context_length_exceeded' });
    const setup = await setUp([long]);
    isFromSecond(await ask(setup.gateway));
    expect(counts(setup)).toEqual([1, 1]);
  });

  test('13: a content policy error is one attempt and is passed on', async () => {
    const setup = await setUp([refuses(400, { message: 'Rejected by our safety system', code: 'content_policy_violation' })]);
    const { error } = await ask(setup.gateway);
    expect(error).toMatchObject({ status: 400, message: expect.stringContaining('safety system') as string });
    expect(counts(setup)).toEqual([1, 0]);
  });

  test('14: an error of the fallback does not hide the first failure', async () => {
    const refusal = refuses(400, { message: 'Unsupported parameter: top_k' });
    const setup = await setUp([refuses(503, { message: 'The first is overloaded' })], { fallback: [refusal] });
    const { error } = await ask(setup.gateway);
    expect(error).toMatchObject({ status: 503, message: expect.stringContaining('The first is overloaded') as string });
    expect(counts(setup)).toEqual([2, 1]);
  });

  test.each([
    ['', (_request, response) => respond(response, 500, nestedError())],
    [
      ', in a stream',
      (_request, response) => {
        response.writeHead(200, { 'content-type': 'text/event-stream' });
        response.end(`data: ${nestedError()}\n\n`);
      },
    ],
  ] as readonly [string, UpstreamStep][])('an error that is nested very deeply is one like any other%s', async (_, step) => {
    const setup = await setUp([step], { more: 'routing: {retries: 0}' });
    isFromSecond(await ask(setup.gateway));
    const alone = await setUp([step], { fallback: [step], more: 'routing: {retries: 0}' });
    const whole = { model: 'chat', messages: QUESTION };
    for (let time = 1; time <= 2; time += 1)
      await expect(alone.gateway.client.chat.completions.create(whole)).rejects.toMatchObject({ status: 500 });
  });

  test('15: a flapping target is skipped, probed, and used again soon after it recovers', { timeout: 60_000 }, async () => {
    const setup = await setUp([refuses(503, { message: 'Down' })], {
      more: 'cooldown: {pause: 1s, longest_pause: 3s}\nrouting: {retries: 0}',
    });
    const until = performance.now() + 6000;
    while (performance.now() < until) {
      isFromSecond(await ask(setup.gateway));
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
    // Far fewer probes than requests.
    const [asked = 0, served = 0] = counts(setup);
    expect(asked).toBeLessThan(served / 2);
    setup.first.play(says([PRIMARY]));
    const recovered = performance.now();
    let text = '';
    while (text !== PRIMARY) {
      ({ text } = await ask(setup.gateway));
      expect([PRIMARY, SECOND]).toContain(text);
      expect(performance.now() - recovered).toBeLessThan(10_000);
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
  });

  test('16: the reply names the model that answered, and costs what all attempts cost', async () => {
    // An error mid-stream, with usage: the request may be billed.
    const billed: UpstreamStep = (request, response) => {
      const { model } = request.json() as { model: string };
      response.writeHead(200, { 'content-type': 'text/event-stream' });
      const usage = { prompt_tokens: 1000, completion_tokens: 0, total_tokens: 1000 };
      response.write(`data: ${JSON.stringify({ id: 'x', object: 'chat.completion.chunk', model, choices: [], usage })}\n\n`);
      response.end(
        `data: ${JSON.stringify({ error: { message: 'Overloaded', type: 'server_error', code: 'server_error' } })}\n\n`,
      );
    };
    const setup = await setUp([billed], { more: 'routing: {retries: 0}' });
    const { text, last } = await ask(setup.gateway);
    expect(text).toBe(SECOND);
    const entries = await setup.gateway.entries();
    const costs = entries.map(({ cost }) => Number(cost));
    expect(entries.map(({ requested_model: asked, model, outcome }) => [asked, model, outcome])).toEqual([
      ['first:one', 'first:one', 'failed'],
      ['second:two', 'second:two', 'complete'],
    ]);
    expect(costs).toEqual([0.001, COSTS.second]);
    expect(last).toMatchObject({ model: 'second:two', usage: { prompt_tokens: 1000, completion_tokens: 100 } });
    expect(last.usage!.cost).toBeCloseTo(0.001 + COSTS.second, 10);
    expect(counts(setup)).toEqual([1, 1]);
  });
});
