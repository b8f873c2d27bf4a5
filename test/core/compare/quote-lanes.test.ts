import { describe, expect, it } from 'vitest';
import type { LanePlan } from '../../../src/core/compare/lane-plan.ts';
import { type LaneMarket, quoteLanes, runningCost } from '../../../src/core/compare/quote-lanes.ts';
import { reduceCompare, startCompare } from '../../../src/core/compare/state.ts';
import { makeModel } from '../../support/catalogue.ts';
import { makeEndpoint } from '../../support/quotes.ts';
import { resolved } from '../../support/settings.ts';

const AT = new Date(0);
const model = makeModel('a/one', { in: '0.000001', out: '0.00001' });
const endpoints = [
  makeEndpoint('cheap', { prompt: '0.000001', completion: '0.00001' }),
  makeEndpoint('dear', { prompt: '0.000002', completion: '0.00003' }),
];
const market: LaneMarket = { model, endpoints, pastAnswer: undefined };
const plan = (flags: Record<string, string> = {}): LanePlan => ({
  model: 'a/one',
  lane: 0,
  varied: [],
  messages: [{ role: 'user', content: 'x'.repeat(40) }],
  settings: resolved({ flags, env: {}, file: {} }).values,
  overrides: {},
});

describe('quoteLanes', () => {
  it('is the range over the endpoints that may answer, for all requests', () => {
    const one = quoteLanes([plan({ 'max-tokens': '100' })], [market], AT);
    const two = quoteLanes([plan({ 'max-tokens': '100' }), plan({ 'max-tokens': '100' })], [market, market], AT);
    expect(one).toMatchObject({ requests: 1, unpriced: 0 });
    expect(one.high.gt(one.low.times(2))).toBe(true);
    expect([two.low.toFixed(), two.high.toFixed()]).toEqual([one.low.times(2).toFixed(), one.high.times(2).toFixed()]);
    const pinned = quoteLanes([plan({ 'max-tokens': '100', only: 'cheap' })], [market], AT);
    expect(pinned.high.toFixed()).toBe(one.low.toFixed());
  });

  it('expects an answer as long as past ones, and at most max-tokens', () => {
    const cost = (past: number | undefined, flags?: Record<string, string>): number =>
      quoteLanes([plan(flags)], [{ ...market, pastAnswer: past }], AT).low.toNumber();
    expect(cost(2000)).toBeGreaterThan(cost(undefined));
    expect(cost(50)).toBeLessThan(cost(undefined));
    expect(cost(2000, { 'max-tokens': '10' })).toBeLessThan(cost(50));
  });

  it('counts requests without a known price', () => {
    const quote = quoteLanes([plan(), plan()], [market, { model: undefined, endpoints: undefined, pastAnswer: undefined }], AT);
    expect(quote).toMatchObject({ requests: 2, unpriced: 1 });
    expect(quote.prices[1]).toBeUndefined();
  });
});

it('the running cost grows with the tokens', () => {
  const { prices, low } = quoteLanes([plan({ 'max-tokens': '100' })], [market], AT);
  const start = startCompare([plan()], 0);
  const after = (text: string) =>
    reduceCompare(start, { type: 'event', lane: 0, event: { type: 'text-delta', text } }, 1).lanes[0]!;
  expect(runningCost(start.lanes[0]!, prices[0])).toBeUndefined();
  expect(runningCost(after('x'), undefined)).toBeUndefined();
  // 400 bytes are about 100 tokens.
  expect(runningCost(after('x'.repeat(400)), prices[0])?.toFixed()).toBe(low.toFixed());
});
