import { describe, expect, test } from 'vitest';
import type { CompletionEvent } from '../../../src/apis/completion.ts';
import {
  answerOf,
  DOWN,
  failure,
  group,
  LIMITED,
  question,
  scriptedTargets,
  type Step,
  tableOf,
  target,
} from '../../support/scripted-targets.ts';

const A = 'openai:a';
const B = 'anthropic:b';
const C = 'mistral:c';
const pair = tableOf([group('fast', [A, B])]);
const TOO_LONG = failure('too long', { kind: 'usage', status: 400, reason: 'context-length' });
const FLAGGED = failure('flagged', { kind: 'usage', status: 400, reason: 'content-policy' });
const kinds = (events: readonly CompletionEvent[]): string[] => events.map(({ type }) => type);

describe('retries and fallbacks', () => {
  const used = (cost: string): Step => ({
    type: 'usage',
    usage: { promptTokens: 1, completionTokens: 0, totalTokens: 1, cost, wire: {} },
  });

  test('an attempt that was billed is not retried at the same target; another target adds its cost', async () => {
    const { ask, order } = scriptedTargets(pair, { [A]: [[used('0.1'), DOWN], answerOf(A)], [B]: [answerOf(B)] });
    const { events, text } = await ask(question('fast'));
    expect([order(), text]).toEqual([[A, B], `from ${B}`]);
    expect(events.find(({ type }) => type === 'usage')).toMatchObject({ usage: { cost: '0.35' } });
  });

  test('a transient failure is retried at the same target, with the times of both attempts', async () => {
    const { ask, order, clock } = scriptedTargets(pair, { [A]: [[used('0'), DOWN], answerOf(A)] });
    const { events, text } = await ask(question('fast'));
    expect([order(), text]).toEqual([[A, A], `from ${A}`]);
    expect(events.find(({ type }) => type === 'retry')).toMatchObject({ attempt: 1, error: DOWN, waitMs: clock.now });
    expect(events.find(({ type }) => type === 'usage')).toMatchObject({ usage: { cost: '0.25' } });
    expect(events.find(({ type }) => type === 'metrics')).toMatchObject({
      metrics: { timeToFirstTokenMs: 10 + clock.now, durationMs: 30 + clock.now },
    });
  });

  test('a target that stays down is skipped after one retry, and the first failure is thrown if all are down', async () => {
    const { ask, asked, order } = scriptedTargets(pair, {
      [A]: [[DOWN]],
      [B]: [[failure('refused', { status: 400, kind: 'usage' })]],
    });
    const { error, events } = await ask(question('fast'));
    expect(order()).toEqual([A, A, B]);
    // The ledger learns why another model was requested; a retry has no such reason.
    const reason = `${A}: provider 503`;
    expect(asked.map(({ request }) => request.wishes?.fallback)).toEqual([undefined, undefined, { from: 'fast', reason }]);
    expect(error).toMatchObject({ message: 'down', status: 503, hints: [expect.stringContaining('anthropic:b: refused')] });
    expect(events.filter(({ type }) => type === 'fallback')).toMatchObject([{ model: A, next: B, error: DOWN }]);
  });

  test('a rate limit switches to the twin immediately; a single target waits as long as requested', async () => {
    const limited = failure('slow', { kind: 'rate-limit', status: 429, isRetryable: true, retryAfterMs: 2000 });
    const both = scriptedTargets(pair, { [A]: [[limited]], [B]: [answerOf(B)] });
    expect([(await both.ask(question('fast'))).text, both.clock.now]).toEqual([`from ${B}`, 0]);
    const alone = scriptedTargets(tableOf([group('fast', [A])]), { [A]: [[limited], answerOf(A)] });
    expect([(await alone.ask(question('fast'))).text, alone.clock.now]).toEqual([`from ${A}`, 2000]);
    const long = failure('slow', { kind: 'rate-limit', status: 429, isRetryable: true, retryAfterMs: 31_000 });
    const refused = scriptedTargets(tableOf([group('fast', [A])]), { [A]: [[long]] });
    expect([(await refused.ask(question('fast'))).error, refused.order()]).toEqual([long, [A]]);
  });

  test('one request tries a target at most four times in three seconds, and six times in all', async () => {
    const table = tableOf([group('fast', [A], { fallbacks: ['slow'] }), group('slow', [B])]);
    const { ask, asked, order } = scriptedTargets(table, { [A]: [[LIMITED]], [B]: [[LIMITED]] }, { random: () => 0 });
    const { error } = await ask(question('fast', { wishes: { retries: 50 } }));
    expect(error).toMatchObject({ message: 'slow down', status: 429 });
    expect(order()).toHaveLength(6);
    const starts = asked.map(({ at }) => at);
    for (let index = 4; index < starts.length; index += 1)
      expect(starts[index]! - starts[index - 4]!).toBeGreaterThanOrEqual(3000);
  });

  test('a prompt that is too long goes to another model, not to another host of the same one', async () => {
    const table = tableOf([group('fast', [A, 'openrouter/a', 'groq:vendor/a', C])]);
    const { ask, order } = scriptedTargets(table, { [A]: [[TOO_LONG]], [C]: [answerOf(C)] });
    expect((await ask(question('fast'))).text).toBe(`from ${C}`);
    expect(order()).toEqual([A, C]);
    const configured = tableOf([group('fast', [A, B], { contextFallbacks: ['long'] }), group('long', [C])]);
    const other = scriptedTargets(configured, { [A]: [[TOO_LONG]], [C]: [answerOf(C)] });
    await other.ask(question('fast'));
    expect(other.order()).toEqual([A, C]);
  });

  test('a content refusal is the answer, unless the configuration names a fallback for it', async () => {
    const { ask, order } = scriptedTargets(pair, { [A]: [[FLAGGED]] });
    expect((await ask(question('fast'))).error).toBe(FLAGGED);
    expect(order()).toEqual([A]);
    const table = tableOf([group('fast', [A], { policyFallbacks: ['free'] }), group('free', [C])]);
    const other = scriptedTargets(table, { [A]: [[FLAGGED]], [C]: [answerOf(C)] });
    expect((await other.ask(question('fast'))).text).toBe(`from ${C}`);
  });

  test('no target is tried after the budget, the client or an internal error has stopped a request', async () => {
    for (const facts of [{ kind: 'credits', code: 'budget' }, { kind: 'interrupted' }, { kind: 'unexpected' }] as const) {
      const stop = failure('stop', facts);
      const { ask, order } = scriptedTargets(pair, { [A]: [[stop]] });
      expect([(await ask(question('fast'))).error, order()]).toEqual([stop, [A]]);
    }
  });

  test("the request's own list and retries override the configuration", async () => {
    const table = tableOf([group('fast', [A], { fallbacks: ['slow'] }), group('slow', [B]), group('third', [C])]);
    const { ask, order } = scriptedTargets(table, { [A]: [[DOWN]], [C]: [answerOf(C)] });
    await ask(question('fast', { fallbackModels: ['third'], wishes: { retries: 0 } }));
    expect(order()).toEqual([A, C]);
  });
});

describe('limits of an attempt', () => {
  test('a silent target is abandoned after 15 s if there is another, and not retried', async () => {
    const { ask, asked, order, clock } = scriptedTargets(pair, { [A]: [[60_000, ...answerOf(A)]], [B]: [answerOf(B)] });
    const { text, events } = await ask(question('fast'));
    expect([text, order(), clock.now]).toEqual([`from ${B}`, [A, B], 15_000]);
    expect(asked[0]!.ended).toMatchObject({ code: 'first-token-timeout', message: 'openai:a sent no token within 15 s' });
    expect(events.find(({ type }) => type === 'fallback')).toMatchObject({ error: { code: 'first-token-timeout' } });
  });

  test('heartbeats are passed on and do not extend limits; a single target has the limits of the connection', async () => {
    const beat: Step = { type: 'heartbeat' };
    const slow = [10_000, beat, 10_000, beat, ...answerOf(A)];
    const first = scriptedTargets(pair, { [A]: [slow], [B]: [answerOf(B)] });
    const { text, events } = await first.ask(question('fast'));
    expect([text, kinds(events).slice(0, 2)]).toEqual([`from ${B}`, ['heartbeat', 'fallback']]);
    const alone = scriptedTargets(tableOf([group('fast', [A])]), { [A]: [slow] });
    expect((await alone.ask(question('fast'))).text).toBe(`from ${A}`);
  });

  test('a stall mid-stream ends a stream with its cost, and a whole answer is requested elsewhere', async () => {
    const stalled = [...answerOf(A).slice(0, 2), 30_000, ...answerOf(A).slice(2)];
    const table = tableOf([group('fast', [target(A, { limits: { idleMs: 5000 } }), B])]);
    const streamed = scriptedTargets(table, { [A]: [stalled], [B]: [answerOf(B)] });
    const { text, error } = await streamed.ask(question('fast'));
    expect([text, error?.code, streamed.order()]).toEqual([`from ${A}`, 'idle-timeout', [A]]);
    const whole = scriptedTargets(table, { [A]: [stalled], [B]: [answerOf(B)] });
    expect((await whole.ask(question('fast', { stream: false }))).text).toBe(`from ${B}`);
    // Only a stream shows whether the model is working or silent.
    expect(whole.asked.map(({ request }) => request.stream)).toEqual([true, false]);
  });

  test('a stall is noticed in time even if no other limit applies, and if the first token may be late', async () => {
    const stalled = [1000, ...answerOf(A).slice(0, 2), 300_000, ...answerOf(A).slice(2)];
    for (const firstTokenMs of [undefined, 100_000]) {
      const table = tableOf([group('fast', [target(A, { limits: { idleMs: 5000, firstTokenMs } })])]);
      const { ask, clock } = scriptedTargets(table, { [A]: [stalled] });
      expect((await ask(question('fast'))).error?.code).toBe('idle-timeout');
      expect(clock.now).toBe(6000);
    }
  });

  test('a client that opts in gets the answer again from its beginning', async () => {
    const cut = [...answerOf(A).slice(0, 2), failure('cut', { kind: 'network', code: 'stream-cut' })];
    const { ask } = scriptedTargets(pair, { [A]: [cut], [B]: [answerOf(B)] });
    const { text, events } = await ask(question('fast', { wishes: { restart: true } }));
    expect(text).toBe(`from ${A}from ${B}`);
    expect(kinds(events).indexOf('fallback')).toBe(2);
  });

  test('a slow reader is not a silent target', async () => {
    const table = tableOf([group('fast', [target(A, { limits: { idleMs: 5000 } })])]);
    const { stream, clock } = scriptedTargets(table, { [A]: [answerOf(A)] });
    for await (const event of stream(question('fast'))) if (event.type === 'text-delta') await clock.sleep(60_000);
    expect(clock.now).toBe(60_000);
  });

  test('an answer that is not complete in time is abandoned', async () => {
    const { ask } = scriptedTargets(tableOf([group('fast', [A])]), { [A]: [[10_000, ...answerOf(A)]] });
    expect((await ask(question('fast', { wishes: { answerMs: 4000 } }))).error).toMatchObject({ code: 'answer-timeout' });
  });
});

describe('hedging', () => {
  const hedged = tableOf([group('fast', [A, B], { hedgeMs: 500 })]);

  test('sends a second request that may win; the loser is aborted', async () => {
    const { ask, asked } = scriptedTargets(hedged, { [A]: [[9000, ...answerOf(A)]], [B]: [[100, ...answerOf(B)]] });
    const { text, events } = await ask(question('fast'));
    expect(text).toBe(`from ${B}`);
    expect(asked.map(({ at }) => at)).toEqual([0, 500]);
    expect(asked[0]!.ended).toMatchObject({ code: 'hedge-lost', kind: 'interrupted' });
    expect(events.find(({ type }) => type === 'metrics')).toMatchObject({ metrics: { timeToFirstTokenMs: 510 } });
  });

  test('keeps the first if it answers in time or wins in the end', async () => {
    const quick = scriptedTargets(hedged, { [A]: [[400, ...answerOf(A)]] });
    expect([(await quick.ask(question('fast'))).text, quick.order()]).toEqual([`from ${A}`, [A]]);
    const late = scriptedTargets(hedged, { [A]: [[800, ...answerOf(A)]], [B]: [[9000, ...answerOf(B)]] });
    expect([(await late.ask(question('fast'))).text, late.order()]).toEqual([`from ${A}`, [A, B]]);
    const failed = scriptedTargets(hedged, { [A]: [[800, ...answerOf(A)]], [B]: [[100, DOWN]] });
    expect((await failed.ask(question('fast'))).text).toBe(`from ${A}`);
  });

  test('ends both if the client disconnects', async () => {
    const { ask, asked, clock } = scriptedTargets(hedged, {
      [A]: [[9000, ...answerOf(A)]],
      [B]: [[9000, ...answerOf(B)]],
    });
    const client = new AbortController();
    const gone = failure('gone', { kind: 'interrupted' });
    void clock.sleep(700).then(() => client.abort(gone));
    expect((await ask(question('fast'), { signal: client.signal })).error).toBe(gone);
    expect(asked.map(({ ended }) => ended)).toEqual([gone, gone]);
  });
});

describe('paused targets', () => {
  test('a failed target is skipped, probed once after its pause, and used again after a good answer', async () => {
    const scripts = { [A]: [[LIMITED], answerOf(A)], [B]: [answerOf(B)] };
    const { ask, order, router, clock } = scriptedTargets(pair, scripts);
    const stateOfA = (): unknown => router.statuses().find(({ id }) => id === A)!.state;
    await ask(question('fast'));
    expect(stateOfA()).toBe('open');
    await ask(question('fast'));
    expect(order()).toEqual([A, B, B]);
    clock.now += 5000;
    expect(stateOfA()).toBe('half-open');
    await ask(question('fast'));
    expect([order().at(-1), stateOfA()]).toEqual([A, 'closed']);
  });

  test('a target that is down for a minute is used again within 30 s of its recovery', async () => {
    const table = tableOf([group('fast', [A, B])]);
    const scripts: Record<string, Step[][]> = { [A]: [[DOWN]], [B]: [answerOf(B)] };
    const { ask, clock, asked } = scriptedTargets(table, scripts);
    let back: number | undefined;
    while (back === undefined && clock.now < 120_000) {
      if (clock.now >= 60_000) scripts[A]![0] = answerOf(A);
      const { text, error } = await ask(question('fast'));
      expect(error).toBeUndefined();
      if (text === `from ${A}`) back = clock.now;
      clock.now += 1000;
    }
    expect(back! - 60_000).toBeLessThan(30_000);
    // It is probed, not flooded with requests.
    expect(asked.filter(({ request, at }) => request.model === A && at < 60_000).length).toBeLessThan(16);
  });

  test('if all are paused, the one whose pause ends first is tried', async () => {
    const wait = (retryAfterMs: number) => failure('slow', { kind: 'rate-limit', status: 429, isRetryable: true, retryAfterMs });
    const { ask, order, clock } = scriptedTargets(pair, { [A]: [[wait(9000)], answerOf(A)], [B]: [[wait(4000)], answerOf(B)] });
    await ask(question('fast', { wishes: { retries: 0 } }));
    const before = clock.now;
    expect((await ask(question('fast'))).text).toBe(`from ${B}`);
    expect([order(), clock.now - before]).toEqual([[A, B, B], 4000]);
  });

  test('a full target is skipped; if all are full, the client gets 429', async () => {
    const one = target(A, { rates: { requestsPerMinute: 1 } });
    const { ask, order, clock } = scriptedTargets(tableOf([group('fast', [one, B]), group('only', [one])]), {
      [A]: [answerOf(A)],
      [B]: [answerOf(B)],
    });
    await ask(question('fast'));
    await ask(question('fast'));
    expect(order()).toEqual([A, B]);
    clock.now += 20_000;
    const { error } = await ask(question('only'));
    expect(error).toMatchObject({ status: 429, retryAfterMs: 40_000 });
    clock.now += 40_000;
    expect((await ask(question('only'))).text).toBe(`from ${A}`);
  });

  test('nobody knows when a target is free that has all its requests in progress', async () => {
    const none = target(A, { rates: { parallelRequests: 0 } });
    const { ask } = scriptedTargets(tableOf([group('only', [none])]), { [A]: [answerOf(A)] });
    expect((await ask(question('only'))).error).toMatchObject({ status: 429, retryAfterMs: 10_000 });
  });
});
