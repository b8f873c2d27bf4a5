import { describe, expect, test } from 'vitest';
import { failureKindOf } from '../../../src/core/routing/failure-kind.ts';
import { DEFAULT_COOLDOWN } from '../../../src/core/routing/target.ts';
import type { OrxError } from '../../../src/errors.ts';
import {
  answerOf,
  DOWN,
  failure,
  group,
  LIMITED,
  question,
  scriptedTargets,
  tableOf,
  target,
} from '../../support/scripted-targets.ts';

const A = 'openai:a';
const B = 'anthropic:b';
const C = 'mistral:c';
const DENIED = failure('denied', { kind: 'authentication', status: 401 });
const BAD = failure('bad', { kind: 'usage', status: 400 });
const FLAGGED = failure('flagged', { kind: 'usage', status: 400, reason: 'content-policy' });
const TOO_LONG = failure('too long', { kind: 'usage', status: 400, reason: 'context-length' });
const SILENT = failure('silent', { kind: 'network', code: 'first-token-timeout' });
const MISSING = failure('missing', { kind: 'no-endpoint', status: 404 });

test('the kind of a failure', () => {
  const kinds = [LIMITED, SILENT, DOWN, DENIED, MISSING, BAD, FLAGGED].map(failureKindOf);
  expect(kinds).toEqual([
    'rate_limit',
    'timeout',
    'server_error',
    'authentication',
    'not_found',
    'bad_request',
    'content_policy',
  ]);
  expect(failureKindOf(failure('slow', { status: 504 }))).toBe('timeout');
  expect(failureKindOf(failure('reset', { kind: 'network', code: 'reset' }))).toBe('server_error');
  const undecided = [
    TOO_LONG,
    failure('poor', { kind: 'credits', status: 402 }),
    failure('budget', { kind: 'credits', code: 'budget' }),
    failure('gone', { kind: 'interrupted' }),
    failure('forbidden', { kind: 'no-endpoint', status: 403 }),
    new Error('other'),
  ];
  expect(undecided.map(failureKindOf)).toEqual(undecided.map(() => undefined));
});

describe('retries by the kind of a failure', () => {
  const attempts = async (error: OrxError, retriesByKind: Record<string, number>, retries = 1): Promise<number> => {
    const table = tableOf([group('fast', [target(A, { retries })], { retriesByKind })]);
    const { ask, order } = scriptedTargets(table, { [A]: [[error]] });
    expect((await ask(question('fast', { wishes: { retries } }))).error).toBeDefined();
    return order().length;
  };

  test('replace every other number, also for failures that are never retried otherwise', async () => {
    expect(await attempts(LIMITED, { rate_limit: 0 })).toBe(1);
    expect(await attempts(LIMITED, { rate_limit: 3 })).toBe(4);
    expect(await attempts(LIMITED, { timeout: 3 })).toBe(2);
    expect(await attempts(SILENT, { timeout: 2 })).toBe(3);
    expect(await attempts(DENIED, { authentication: 2 })).toBe(3);
    expect(await attempts(DENIED, {})).toBe(1);
    expect(await attempts(BAD, { bad_request: 1 })).toBe(2);
    expect(await attempts(MISSING, { not_found: 1 })).toBe(2);
    expect(await attempts(FLAGGED, { content_policy: 1 })).toBe(2);
    expect(await attempts(DOWN, { server_error: 0 })).toBe(1);
    expect(await attempts(TOO_LONG, { bad_request: 3, content_policy: 3 })).toBe(1);
  });

  test('another target of the name comes first, and the retries of a refusal come before its fallback', async () => {
    const twins = tableOf([group('fast', [A, B], { retriesByKind: { authentication: 3 } })]);
    const other = scriptedTargets(twins, { [A]: [[DENIED]], [B]: [answerOf(B)] });
    expect([(await other.ask(question('fast'))).text, other.order()]).toEqual([`from ${B}`, [A, B]]);
    const policy = { retriesByKind: { content_policy: 1 }, policyFallbacks: ['free'] };
    const refused = scriptedTargets(tableOf([group('fast', [A], policy), group('free', [C])]), {
      [A]: [[FLAGGED]],
      [C]: [answerOf(C)],
    });
    expect([(await refused.ask(question('fast'))).text, refused.order()]).toEqual([`from ${C}`, [A, A, C]]);
  });

  test('an attempt that was billed is not repeated', async () => {
    const used = { promptTokens: 1, completionTokens: 0, totalTokens: 1, cost: '0.1', wire: {} };
    const table = tableOf([group('fast', [A], { retriesByKind: { bad_request: 2 } })]);
    const { ask, order } = scriptedTargets(table, { [A]: [[{ type: 'usage', usage: used }, BAD]] });
    await ask(question('fast'));
    expect(order()).toEqual([A]);
  });
});

describe('pauses by the kind of a failure', () => {
  const once = { wishes: { retries: 0 } };
  const stateAfter = async (errors: readonly OrxError[], rules: Partial<typeof DEFAULT_COOLDOWN>): Promise<string> => {
    const table = tableOf([group('fast', [A])], { cooldown: { ...DEFAULT_COOLDOWN, ...rules } });
    const { ask, router } = scriptedTargets(table, { [A]: errors.map((error) => [error]) });
    for (const _ of errors) await ask(question('fast', once));
    return router.statuses().find(({ id }) => id === A)!.state;
  };

  test('replace the immediate pause and the share, and count separately', async () => {
    expect(await stateAfter([LIMITED], {})).toBe('open');
    const rules = { failuresByKind: { rate_limit: 3, bad_request: 2, timeout: 1 } };
    expect(await stateAfter([LIMITED, LIMITED], rules)).toBe('closed');
    expect(await stateAfter([LIMITED, LIMITED, LIMITED], rules)).toBe('open');
    expect(await stateAfter([LIMITED, DOWN, LIMITED, BAD], rules)).toBe('closed');
    expect(await stateAfter([BAD, BAD], rules)).toBe('open');
    expect(await stateAfter([BAD, BAD, BAD], {})).toBe('closed');
    expect(await stateAfter([failure('silent', { kind: 'network', code: 'idle-timeout' })], rules)).toBe('open');
    // Even a server that asks for a pause is asked again.
    const wait = failure('slow', { kind: 'rate-limit', status: 429, isRetryable: true, retryAfterMs: 40_000 });
    expect(await stateAfter([wait], rules)).toBe('closed');
  });

  test('a target can have its own pause, or none', async () => {
    const own = target(A, { cooldown: { ...DEFAULT_COOLDOWN, ms: 60_000, longestMs: 60_000 } });
    const never = target(B, { cooldown: { ...DEFAULT_COOLDOWN, isEnabled: false } });
    const { ask, router, clock, order } = scriptedTargets(tableOf([group('a', [own]), group('b', [never])]), {
      [A]: [[LIMITED], answerOf(A)],
      [B]: [[LIMITED]],
    });
    const states = (): unknown[] => router.statuses().map(({ state }) => state);
    await ask(question('a', once));
    for (let count = 0; count < 5; count += 1) await ask(question('b', once));
    expect(states()).toEqual(['open', 'closed']);
    clock.now += 59_000;
    expect(states()).toEqual(['open', 'closed']);
    clock.now += 1000;
    expect(states()).toEqual(['half-open', 'closed']);
    expect(order()).toHaveLength(6);
    expect(await stateAfter([LIMITED, DOWN, DOWN, DOWN], { isEnabled: false })).toBe('closed');
  });

  test('a new configuration replaces the pause of a target', async () => {
    const table = (ms: number) => tableOf([group('a', [target(A, { cooldown: { ...DEFAULT_COOLDOWN, ms, longestMs: ms } })])]);
    const { ask, router, clock } = scriptedTargets(table(60_000), { [A]: [[LIMITED]] });
    router.update(table(2000));
    await ask(question('a', once));
    clock.now += 2000;
    expect(router.statuses()[0]!.state).toBe('half-open');
  });
});
