import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { EMPTY_ANSWER } from '../../../src/core/answer/answer.ts';
import type { CompareState, Lane, LaneState } from '../../../src/core/compare/state.ts';
import type { RankMeasure } from '../../../src/core/statistics/rank-measures.ts';
import { rankLanes } from '../../../src/core/compare/ranking.ts';
import { decimal, decimalText } from '../../../src/decimal.ts';

interface LaneFacts {
  state?: LaneState;
  cost?: string;
  firstTokenMs?: number;
  throughput?: number;
}

function lane(model: string, facts: LaneFacts = {}): Lane {
  const { state = 'done', cost, firstTokenMs, throughput } = facts;
  return {
    model,
    lane: 0,
    varied: [],
    state,
    startedAt: 0,
    receivedBytes: 0,
    answer: {
      ...EMPTY_ANSWER,
      text: 'Blue.',
      usage: cost === undefined ? undefined : { promptTokens: 1, completionTokens: 1, totalTokens: 2, cost, wire: {} },
      metrics: { timeToFirstTokenMs: firstTokenMs, durationMs: 1, throughput },
    },
  };
}

function ranking(lanes: readonly Lane[], by: RankMeasure = 'cost'): [number | undefined, string, string | undefined][] {
  const state: CompareState = { startedAt: 0, lanes: lanes.map((one, index) => ({ ...one, lane: index })) };
  return rankLanes(state, by).map((row) => [
    row.rank,
    row.lane.model,
    row.relativeCost === undefined ? undefined : decimalText(row.relativeCost.round(10)),
  ]);
}

describe('rankLanes', () => {
  it('ranks exactly by billed cost', () => {
    expect(
      ranking([
        lane('costly', { cost: '0.000000000030' }),
        lane('cheap', { cost: '0.00000000001' }),
        lane('middle', { cost: '0.000000000010000000000000000001' }),
      ]),
    ).toEqual([
      [1, 'cheap', '1'],
      [2, 'middle', '1'],
      [3, 'costly', '3'],
    ]);
  });

  it('is not affected by binary float errors', () => {
    // 0.1 + 0.2 as a float would be more than 0.3; as decimals these are equal and share a rank.
    const sum = decimalText(decimal('0.1').plus('0.2'));
    expect(ranking([lane('a', { cost: '0.30' }), lane('b', { cost: sum }), lane('c', { cost: '0.9' })])).toEqual([
      [1, 'a', '1'],
      [1, 'b', '1'],
      [3, 'c', '3'],
    ]);
  });

  it('puts unmeasured lanes after measured ones, and failures last', () => {
    expect(
      ranking([
        lane('failed', { state: 'failed', cost: '0.0001' }),
        lane('unknown'),
        lane('known', { cost: '2' }),
        lane('stopped', { state: 'stopped' }),
        lane('garbage', { cost: 'many' }),
      ]),
    ).toEqual([
      [1, 'known', '1'],
      [undefined, 'unknown', undefined],
      [undefined, 'garbage', undefined],
      [undefined, 'failed', undefined],
      [undefined, 'stopped', undefined],
    ]);
  });

  it('has no multiples of zero', () => {
    expect(ranking([lane('paid', { cost: '0.01' }), lane('free', { cost: '0' })])).toEqual([
      [1, 'free', undefined],
      [2, 'paid', undefined],
    ]);
  });

  it.each<[RankMeasure, string[]]>([
    ['cost', ['b', 'c', 'a']],
    ['first-token', ['c', 'a', 'b']],
    ['throughput', ['a', 'b', 'c']],
  ])('by %s', (by, order) => {
    const lanes = [
      lane('a', { cost: '3', firstTokenMs: 20, throughput: 90.5 }),
      lane('b', { cost: '1', firstTokenMs: 30, throughput: 90.4 }),
      lane('c', { cost: '2', firstTokenMs: 10, throughput: 2 }),
    ];
    expect(ranking(lanes, by).map(([, model]) => model)).toEqual(order);
    expect(ranking(lanes, by).map(([rank]) => rank)).toEqual([1, 2, 3]);
  });

  it('keeps every lane once and never ranks a more expensive one before a cheaper one', () => {
    const cost = fc.option(
      fc.integer({ min: 0, max: 30 }).map((units) => decimalText(decimal(units).times('0.00000000001'))),
      { nil: undefined },
    );
    const facts = fc.record({ cost, state: fc.constantFrom<LaneState>('done', 'failed', 'stopped') });
    fc.assert(
      fc.property(fc.array(facts, { maxLength: 8 }), (list) => {
        const lanes = list.map((one, index) => ({
          ...lane(`m${index}`, one.cost === undefined ? { state: one.state } : { ...one, cost: one.cost }),
          lane: index,
        }));
        const rows = rankLanes({ startedAt: 0, lanes }, 'cost');
        expect(new Set(rows.map((row) => row.lane))).toEqual(new Set(lanes));
        const ranked = rows.filter((row) => row.rank !== undefined);
        expect(rows.slice(0, ranked.length)).toEqual(ranked);
        for (const row of ranked) {
          expect(row.rank).toBe(1 + ranked.filter((other) => other.cost!.lt(row.cost!)).length);
        }
      }),
    );
  });
});
