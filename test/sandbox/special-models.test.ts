import { describe, expect, test } from 'vitest';
import { OrxError } from '../../src/errors.ts';
import { createSandboxApi } from '../../src/sandbox/sandbox-api.ts';
import { SPECIAL_MODELS } from '../../src/sandbox/special-models.ts';
import { eventOf, fastSandbox, play, userRequest } from '../support/sandbox.ts';
import { turns } from '../support/turns.ts';

describe('an error before the first byte', () => {
  test.each([
    ['sandbox/rate-limit', { kind: 'rate-limit', status: 429, retryAfterMs: 1000, isRetryable: true }],
    ['sandbox/no-credits', { kind: 'credits', status: 402, isRetryable: false }],
    ['sandbox/moderated', { kind: 'no-endpoint', status: 403, isRetryable: false }],
    ['sandbox/always-down', { kind: 'provider', status: 502, isRetryable: true }],
    ['sandbox/fails-once', { kind: 'provider', status: 503, isRetryable: true }],
  ])('%s', async (model, facts) => {
    for (const stream of [true, false]) {
      const { events, error } = await play(fastSandbox(), userRequest(model, 'x', { stream }));
      expect(events).toEqual([]);
      expect(error).toBeInstanceOf(OrxError);
      expect(error).toMatchObject(facts);
    }
  });

  test('sandbox/moderated shows the flagged text, shortened', async () => {
    const { error } = await play(fastSandbox(), userRequest('sandbox/moderated', 'y'.repeat(500)));
    expect((error as OrxError).wire).toMatchObject({ metadata: { reasons: ['simulated'], flagged_input: 'y'.repeat(100) } });
  });

  test('sandbox/fails-once answers the second time, for each prompt separately', async () => {
    const sandbox = fastSandbox();
    const ask = async (prompt: string) => (await play(sandbox, userRequest('sandbox/fails-once', prompt))).error;
    expect(await ask('a')).toMatchObject({ status: 503 });
    expect(await ask('b')).toMatchObject({ status: 503 });
    expect(await ask('a')).toBeUndefined();
    expect(await ask('b')).toBeUndefined();
  });
});

describe('a failure mid-stream', () => {
  test.each([
    ['sandbox/cut', { kind: 'network', code: 'stream-cut' }],
    ['sandbox/error-midstream', { kind: 'provider', status: 502 }],
    ['sandbox/malformed-chunk', { code: 'malformed-chunk' }],
  ])('%s keeps the received part', async (model, facts) => {
    const { events, text, error } = await play(fastSandbox(), userRequest(model));
    expect(text).toMatch(/^This is a simulated answer/);
    expect(error).toMatchObject(facts);
    expect(events.some((event) => event.type === 'response-end')).toBe(false);
  });

  test('the malformed chunk itself is passed on', async () => {
    const { events } = await play(fastSandbox(), userRequest('sandbox/malformed-chunk'), { includeChunks: true });
    const last = events.at(-1)!;
    expect(() => JSON.parse(last.type === 'chunk' ? last.data : '{}') as unknown).toThrow(SyntaxError);
  });
});

test('sandbox/silence sends one heartbeat, and then nothing until the client gives up', async () => {
  const controller = new AbortController();
  const completion = fastSandbox().streamCompletion(userRequest('sandbox/silence'), { signal: controller.signal });
  const events = completion[Symbol.asyncIterator]();
  expect(await events.next()).toMatchObject({ value: { type: 'heartbeat' } });
  const next = events.next();
  expect(await Promise.race([next, turns().then(() => 'silent')])).toBe('silent');
  controller.abort(new Error('enough'));
  await expect(next).rejects.toThrow('enough');
});

test('sandbox/slow-start sends heartbeats before it begins', async () => {
  const sleeps: number[] = [];
  let now = 0;
  const sandbox = createSandboxApi({
    clock: { now: () => 1_780_000_000_000, monotonic: () => now, sleep: async (ms) => void ((now += ms), sleeps.push(ms)) },
  });
  const { events, error } = await play(sandbox, userRequest('sandbox/slow-start'));
  expect(error).toBeUndefined();
  const start = events.findIndex((event) => event.type === 'response-start');
  expect(events.slice(0, start).map((event) => event.type)).toEqual(Array(10).fill('heartbeat'));
  expect(sleeps.slice(0, 10)).toEqual(Array(10).fill(500));
});

test('no answer takes longer than about six seconds, and none is instant', async () => {
  for (const model of [
    'deepseek/deepseek-r1-0528',
    'anthropic/claude-opus-4.6',
    'meta-llama/llama-3.1-8b-instruct',
    'google/gemini-2.5-flash-image',
  ]) {
    let now = 0;
    const sandbox = createSandboxApi({
      clock: { now: () => 0, monotonic: () => now, sleep: async (ms) => void (now += ms) },
    });
    await play(sandbox, userRequest(model, 'x', { extra: { reasoning: { effort: 'high' } } }));
    expect(now).toBeGreaterThan(200);
    expect(now).toBeLessThan(6000);
  }
});

test('sandbox/substitute lets another model answer', async () => {
  const { events } = await play(fastSandbox(), userRequest('sandbox/substitute'));
  expect(eventOf(events, 'response-start')).toMatchObject({ model: 'openai/gpt-4o-mini', provider: 'OpenAI' });
});

test('sandbox/hostile tries everything that a terminal must not execute', async () => {
  const { events, text } = await play(fastSandbox(), userRequest('sandbox/hostile'));
  for (const attack of [
    '\u001b[2J',
    '\u001b]52;c;',
    '\u009b',
    '\u202e',
    '\u200b',
    '\u0007',
    '\b',
    '\r',
    '\u0000',
    '\u007f',
    '\u{e0041}',
    '\u001bP',
  ]) {
    expect(text).toContain(attack);
  }
  expect(text.endsWith('\u001b')).toBe(true);
  expect(eventOf(events, 'response-start').provider).toContain('\u001b');
});

test('each special model is in the catalogue and says what it does', async () => {
  const { models } = await fastSandbox().catalogue!.listModels();
  for (const [name, about] of Object.entries(SPECIAL_MODELS)) {
    expect(models.find(({ id }) => id === `sandbox/${name}`)?.description).toContain(about);
  }
});
