import { describe, expect, test } from 'vitest';
import type { Model } from '../../../src/apis/catalogue.ts';
import { balance } from '../../../src/core/routing/balance.ts';
import { NO_TABLE, type Strategy, type Target } from '../../../src/core/routing/target.ts';
import { TargetState } from '../../../src/core/routing/target-state.ts';
import { decimal } from '../../../src/decimal.ts';
import { answerOf, group, question, scriptedTargets, tableOf, target } from '../../support/scripted-targets.ts';

const A = 'openai:a';
const B = 'anthropic:b';
const R = 'mistral/routed';

function priced(id: string, prompt: string, completion: string, supportedParameters: readonly string[] = []): Model {
  return {
    id,
    name: id,
    inputModalities: ['text'],
    outputModalities: ['text'],
    supportedParameters,
    pricing: { prompt: decimal(prompt), completion: decimal(completion), overrides: [] },
    wire: {},
  };
}

const models = {
  [A]: priced(A, '0.000002', '0.000008', ['temperature']),
  [B]: priced(B, '0.000001', '0.000002', ['temperature', 'tools']),
};
const everybody = { [A]: [answerOf(A)], [B]: [answerOf(B)], [R]: [answerOf(R)], 'openai:x': [answerOf('openai:x')] };
const trio = tableOf([group('fast', [A, B, R])]);

describe('names', () => {
  test('aliases, patterns and ids resolve to their targets; consecutive routed models are one request', async () => {
    const table = tableOf([group('fast', [B])], {
      aliases: new Map([
        ['gpt', 'quick'],
        ['quick', 'fast'],
      ]),
      patterns: [group('openai/*', [target('openai:*')])],
    });
    const { ask, asked, order } = scriptedTargets(table, { ...everybody, 'a/one': [answerOf('a/one')] });
    for (const name of ['gpt', 'openai/x', A]) await ask(question(name));
    await ask(question('a/one', { fallbackModels: ['a/two', 'a/three'] }));
    expect(order()).toEqual([B, 'openai:x', A, 'a/one']);
    expect(asked.at(-1)!.request.fallbackModels).toEqual(['a/two', 'a/three']);
  });

  test('an unknown name is an error with a suggestion', async () => {
    const table = tableOf([group('gpt-fast', [A])], { servesUnlisted: false });
    const { ask } = scriptedTargets(table, everybody);
    expect((await ask(question('gpt-fsat'))).error).toMatchObject({ status: 404, hints: ['did you mean gpt-fast?'] });
    expect((await ask(question(B))).error).toMatchObject({ status: 404 });
  });

  test('without OpenRouter, a name without a vendor is unknown, unless the request also names one that is served', async () => {
    const { ask, asked, router } = scriptedTargets(tableOf([group('fast', [A])], { lacksOpenRouter: true }), everybody);
    for (const name of [R, 'nothing', 'fsat', `${R}:nitro`])
      expect((await ask(question(name))).error).toMatchObject({ status: 404, message: `unknown model ${name}` });
    expect(asked).toEqual([]);
    for (const fallbackModels of [
      ['a/two', B],
      [B, R],
    ])
      await ask(question(R, { fallbackModels }));
    await ask(question('fast', { fallbackModels: [R] }));
    expect(asked.map(({ request }) => request.model)).toEqual([B, B, A]);
    expect(router.isListed({ id: A })).toBe(true);
  });

  test(':nitro and :floor set the order of a name and of a direct model; OpenRouter gets its own', async () => {
    const { ask, order } = scriptedTargets(trio, { ...everybody, 'a/one:nitro': [answerOf('a/one')] }, { models });
    for (const name of ['fast:floor', `${A}:nitro`, 'a/one:nitro']) await ask(question(name));
    expect(order()).toEqual([B, A, 'a/one:nitro']);
  });
});

describe("OpenRouter's preferences", () => {
  const left = async (routing: object, wishes: object = {}): Promise<string[]> => {
    const { router } = scriptedTargets(trio, everybody, { models });
    const plan = await router.plan(question('fast', { routing, wishes, tools: [{ type: 'function', name: 'f' }] }));
    return plan.groups.flatMap(({ targets }) => targets.map(({ id }) => id));
  };

  test('order, only and ignore name vendors as OpenRouter names providers', async () => {
    expect(await left({ order: ['anthropic'] })).toEqual([B, A, R]);
    expect(await left({ only: ['Anthropic'] })).toEqual([B, R]);
    expect(await left({ ignore: ['openai/priority', 'openrouter'] })).toEqual([B]);
    expect(await left({ order: ['anthropic'], allowFallbacks: false })).toEqual([B]);
  });

  test('prices, parameters, quantizations and policies exclude targets not known to satisfy them', async () => {
    expect(await left({ maxPrice: { prompt: '1', completion: '5' } })).toEqual([B, R]);
    expect(await left({}, { requireParameters: true })).toEqual([B, R]);
    expect(await left({ quantizations: ['unknown'] })).toEqual([A, B, R]);
    expect(await left({ quantizations: ['fp8'] })).toEqual([R]);
    expect(await left({ dataCollection: 'deny' })).toEqual([R]);
    const stated = tableOf([group('fast', [target(A, { facts: { dataCollection: 'deny', zeroDataRetention: true } }), B])]);
    const { ask, order, asked } = scriptedTargets(stated, everybody);
    await ask(
      question('fast', { routing: { dataCollection: 'deny', zeroDataRetention: true }, extra: { provider: { x: 1 }, y: 2 } }),
    );
    expect(order()).toEqual([A]);
    // The vendor would reject fields that only a router understands.
    expect(asked[0]!.request).toMatchObject({ extra: { y: 2 } });
    expect(asked[0]!.request.routing).toBeUndefined();
  });

  test('sort orders by price, by time to the first token and by tokens per second', async () => {
    const { router, clock } = scriptedTargets(trio, everybody, { models });
    for (const [id, ms, tokensPerSecond] of [
      [A, 100, 10],
      [B, 900, 90],
      [R, 500, 50],
    ] as const) {
      const lease = router.begin(target(id));
      lease.firstToken(ms);
      lease.succeed({ tokens: 1, tokensPerSecond });
    }
    const first = async (sort: 'price' | 'latency' | 'throughput'): Promise<string> =>
      (await router.plan(question('fast', { routing: { sort } }))).groups[0]!.targets[0]!.id;
    expect([await first('price'), await first('latency'), await first('throughput')]).toEqual([B, A, B]);
    expect(clock.now).toBe(0);
  });

  test('if nothing is left, the error says which preference excluded which target', async () => {
    const { ask, order } = scriptedTargets(tableOf([group('fast', [A, B])]), everybody, { models });
    const { error } = await ask(question('fast', { routing: { only: ['openai'], quantizations: ['fp8'] } }));
    expect(error).toMatchObject({
      status: 404,
      message:
        'no target of fast satisfies the request: openai:a: its quantization is unknown, which is not in provider.quantizations; anthropic:b: not in provider.only',
      wire: { code: 404, metadata: { excluded: [{ target: A }, { target: B, reason: 'not in provider.only' }] } },
    });
    expect(order()).toEqual([]);
  });
});

describe('strategies', () => {
  const states = new Map<string, TargetState>();
  const stateOf = ({ id }: Target): TargetState => {
    const state = states.get(id) ?? new TargetState(() => NO_TABLE.cooldown);
    states.set(id, state);
    return state;
  };
  let seed = 1;
  const random = (): number => (seed = (seed * 16_807) % 2_147_483_647) / 2_147_483_647;
  const orderOf = (targets: readonly Target[], strategy: Strategy): string[] =>
    balance(targets, strategy, { stateOf, costOf: () => undefined, random, now: 0 }).map(({ id }) => id);

  test('weights set how often each comes first; weight 0 is the last resort; tiers stay', () => {
    const targets = [target('one', { weight: 3 }), target('two'), target('spare', { weight: 0 }), target('later', { order: 1 })];
    const firsts = new Map<string, number>();
    for (let index = 0; index < 4000; index += 1) {
      const order = orderOf(targets, 'weight');
      expect(order.slice(2)).toEqual(['spare', 'later']);
      firsts.set(order[0]!, (firsts.get(order[0]!) ?? 0) + 1);
    }
    expect(firsts.get('one')! / 4000).toBeGreaterThan(0.72);
    expect(firsts.get('one')! / 4000).toBeLessThan(0.78);
  });

  test('least-busy counts requests in progress, usage the used share of the limits', () => {
    const targets = [target('busy', { rates: { requestsPerMinute: 10 } }), target('idle', { rates: { requestsPerMinute: 10 } })];
    const lease = stateOf(targets[0]!).begin(targets[0]!, () => 0);
    expect([orderOf(targets, 'least-busy'), orderOf(targets, 'usage')]).toEqual([
      ['idle', 'busy'],
      ['idle', 'busy'],
    ]);
    lease.release();
    expect(stateOf(targets[0]!).inFlight).toBe(0);
  });
});

test('a new configuration is applied during requests; a target that stays keeps its state', async () => {
  const { router, ask, order } = scriptedTargets(trio, everybody);
  await ask(question('fast'));
  router.update(tableOf([group('fast', [B, A])]));
  await ask(question('fast'));
  expect(order()).toEqual([A, B]);
  expect(router.statuses().map(({ id, attempts }) => [id, attempts])).toEqual([
    [A, 1],
    [B, 1],
  ]);
});

test('names made up by clients use no memory', () => {
  const { router } = scriptedTargets(tableOf([group('fast', [A])]), {});
  for (let index = 0; index < 2500; index += 1) router.begin(target(`openai:made-up-${index}`)).succeed({ tokens: 1 });
  expect(router.statuses().length).toBeLessThanOrEqual(2001);
  expect(router.statuses()[0]!.id).toBe(A);
});
