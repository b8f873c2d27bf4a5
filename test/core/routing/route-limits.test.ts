import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { type ModelLimit, openSharedLimits } from '../../../src/storage/limits/shared-limits.ts';
import {
  answerOf,
  failure,
  group,
  question,
  scriptedTargets,
  type Step,
  tableOf,
  target,
} from '../../support/scripted-targets.ts';
import { tempFolder } from '../../support/temp-home.ts';

const A = 'openai:a';
const B = 'anthropic:b';
const alone = tableOf([group('fast', [A])]);
const pair = tableOf([group('fast', [A, B])]);
const both = { [A]: [answerOf(A)], [B]: [answerOf(B)] };
const WALL = 1_800_000_000_000;

/** Targets whose limits are shared with other processes, which `other` stands for. */
function limitedTargets(table: ReturnType<typeof tableOf>, scripts: Readonly<Record<string, readonly (readonly Step[])[]>>) {
  const folder = join(tempFolder(), 'limits');
  const open = (now: () => number): ((model: string) => ModelLimit) =>
    openSharedLimits({ folder, now: () => WALL + now() }).of('account');
  let own: ((model: string) => ModelLimit) | undefined;
  const targets = scriptedTargets(table, scripts, { limitsOf: (model, now) => (own ??= open(now))(model) });
  return { ...targets, other: open(targets.clock.monotonic) };
}

const refusal = (retryAfterMs: number) => ({ ageMs: 0, retryAfterMs, rate: undefined });

describe.each(['ask', 'askPushed'] as const)('a target whose limit another process has used up (%s)', (how) => {
  test('is skipped while another target can answer, and used again afterwards', async () => {
    const { clock, order, other, [how]: ask } = limitedTargets(pair, both);
    await other(A).refuse(refusal(5000));
    expect((await ask(question('fast'))).text).toBe(`from ${B}`);
    clock.now += 5000;
    expect((await ask(question('fast'))).text).toBe(`from ${A}`);
    expect(order()).toEqual([B, A]);
  });

  test('is waited for if no other one can answer', async () => {
    const { clock, other, [how]: ask } = limitedTargets(alone, both);
    await other(A).refuse(refusal(5000));
    const { events, text } = await ask(question('fast'));
    expect([text, clock.now]).toEqual([`from ${A}`, 5000]);
    // A client that got a comment could not get status 429 any more.
    expect(events.map(({ type }) => type)).not.toContain('heartbeat');
  });

  test('is waited for without a heartbeat if it has stated the wait to this process', async () => {
    const busy = failure('slow', { kind: 'rate-limit', status: 429, isRetryable: true, retryAfterMs: 5000 });
    const { clock, [how]: ask } = limitedTargets(alone, { [A]: [[busy], [busy], answerOf(A)] });
    expect((await ask(question('fast', { wishes: { retries: 0 } }))).error).toBe(busy);
    const { events, error } = await ask(question('fast', { wishes: { retries: 0 } }));
    expect([error, clock.now, events.map(({ type }) => type)]).toEqual([busy, 5000, []]);
  });

  test.each([
    ['longest_wait', alone, {}, 31_000],
    ["the request's timeout", alone, { wishes: { answerMs: 4000 } }, 5000],
    ["the target's timeout", tableOf([group('fast', [target(A, { limits: { answerMs: 4000 } })])]), {}, 5000],
  ])('is not waited for beyond %s: the client gets status 429 and the wait', async (_, table, more, retryAfterMs) => {
    const { clock, order, other, [how]: ask } = limitedTargets(table, both);
    await other(A).refuse(refusal(retryAfterMs));
    const { error } = await ask(question('fast', more));
    expect(error).toMatchObject({ kind: 'rate-limit', status: 429, retryAfterMs });
    expect(error!.message).toBe('every target of fast has reached its limit of requests or tokens');
    expect([order(), clock.now]).toEqual([[], 0]);
  });

  test('is not used for a request after another target has failed, unless the wait is short', async () => {
    const down: Step[] = [failure('refused', { status: 400, kind: 'usage' })];
    const long = limitedTargets(pair, { [A]: [down], [B]: [answerOf(B)] });
    await long.other(B).refuse(refusal(20_000));
    expect((await long[how](question('fast'))).error).toMatchObject({ message: 'refused' });
    const short = limitedTargets(pair, { [A]: [down], [B]: [answerOf(B)] });
    await short.other(B).refuse(refusal(2000));
    const { text, events } = await short[how](question('fast'));
    expect([text, short.clock.now]).toEqual([`from ${B}`, 2000]);
    expect(events.find(({ type }) => type === 'fallback')).toMatchObject({ model: A, next: B });
  });

  test('teaches the other processes when it refuses, and is told the end of its requests', async () => {
    const refused: Step[] = [failure('slow', { kind: 'rate-limit', status: 429, isRetryable: true, retryAfterMs: 2000 })];
    const { clock, other, [how]: ask } = limitedTargets(alone, { [A]: [refused, answerOf(A)] });
    const asked = ask(question('fast'));
    await new Promise((resolve) => setImmediate(resolve));
    expect(await other(A).ask('another')).toBe(2000);
    await other(A).leave('another');
    const { events, text } = await asked;
    expect(events.map(({ type }) => type)).toContain('retry');
    expect([text, clock.now]).toEqual([`from ${A}`, 2000]);
    // One request at once, and the one that has ended counts no more.
    expect(await other(A).ask('next')).toBe(0);
  });
});

test('a hedge does not exceed a limit', async () => {
  const table = tableOf([group('fast', [A, B], { hedgeMs: 50 })]);
  const { ask, order, other } = limitedTargets(table, { [A]: [[500, ...answerOf(A)]], [B]: [answerOf(B)] });
  await other(B).refuse(refusal(5000));
  expect((await ask(question('fast'))).text).toBe(`from ${A}`);
  expect(order()).toEqual([A]);
});

test('requests of one gateway and of another process together keep to a rate', async () => {
  const { ask, asked, clock, other } = limitedTargets(alone, both);
  await other(A).refuse({ ageMs: 0, retryAfterMs: 0, rate: { requests: 3, windowMs: 10_000 } });
  const starts: number[] = [];
  const another = async (id: string): Promise<void> => {
    for (;;) {
      const waitMs = await other(A).ask(id);
      if (waitMs === 0) break;
      await clock.sleep(waitMs!);
    }
    starts.push(clock.now);
    await other(A).succeed(id);
  };
  const gateway = async (): Promise<void> => void (await ask(question('fast')));
  await Promise.all([...Array.from({ length: 4 }, gateway), ...['1', '2', '3', '4'].map(another)]);
  const all = [...starts, ...asked.map(({ at }) => at)].toSorted((one, other_) => one - other_);
  expect(all).toHaveLength(8);
  for (let index = 3; index < all.length; index += 1) expect(all[index]! - all[index - 3]!).toBeGreaterThanOrEqual(10_000);
  // Both got their turns in the first half.
  expect(starts.filter((at) => at <= all[3]!).length).toBeGreaterThan(0);
  expect(asked.filter(({ at }) => at <= all[3]!).length).toBeGreaterThan(0);
});
