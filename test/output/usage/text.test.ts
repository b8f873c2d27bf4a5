import fc from 'fast-check';
import stringWidth from 'string-width';
import { describe, expect, it } from 'vitest';
import type { Advice } from '../../../src/core/usage/advice.ts';
import { decimal } from '../../../src/decimal.ts';
import { adviceLines, adviceNotes, adviceChangeText, limitText } from '../../../src/output/usage/advice.ts';
import { barText, columnChart, rangeText } from '../../../src/output/chart/chart.ts';
import {
  budgetCell,
  compactCount,
  groupText,
  percentText,
  secondsNumber,
  shortGroupText,
} from '../../../src/output/usage/text.ts';
import { whatIfNotes } from '../../../src/output/usage/what-if.ts';

describe('a chart of characters', () => {
  it('draws nothing from too little data, and scales to the highest value', () => {
    expect(columnChart([0, 0.001, 4, 8])).toEqual(['.▁▄█']);
    expect(columnChart([0, 1, 8, 16], 2)).toEqual(['   █', '.▁██']);
    expect(columnChart([1, 0, 2], 1, 3)).toEqual(['▄▄ .. ██']);
    expect(columnChart([0, 0])).toEqual(['..']);
    expect(columnChart([])).toEqual(['']);
  });

  it('consists of characters that are one column wide', () => {
    fc.assert(
      fc.property(fc.array(fc.nat()), fc.integer({ min: 1, max: 5 }), fc.integer({ min: 1, max: 4 }), (values, height, width) => {
        const rows = columnChart(values, height, width);
        expect(rows).toHaveLength(height);
        for (const row of rows) expect(stringWidth(row)).toBeLessThanOrEqual(values.length * width);
      }),
    );
  });

  it.each([
    [0, ''],
    [0.001, '▏'],
    [0.5, '██'],
    [0.53, '██▏'],
    [1, '████'],
    [7, '████'],
    [-1, ''],
  ])('a share of %d is the bar %j', (share, bar) => {
    expect(barText(share, 4)).toBe(bar);
  });

  it('draws from the median to the end', () => {
    expect(rangeText(0.5, 1, 8)).toBe('████────');
    expect(rangeText(0, 0, 8)).toBe('');
    expect(rangeText(1, 1, 4)).toBe('████');
  });
});

describe('figures of usage', () => {
  it.each([
    [undefined, '–'],
    [1, '100.0'],
    [0.99999, '99.9'],
    [0.987, '98.7'],
    [0, '0.0'],
  ])('a share of %s is %s %%', (share, text) => {
    expect(percentText(share)).toBe(text);
  });

  it.each([
    [0, '0'],
    [999, '999'],
    [1000, '1.0k'],
    [999_949, '999.9k'],
    [999_950, '1.0M'],
    [41_200_000, '41.2M'],
    [7_000_000_000, '7.0G'],
  ])('%i tokens are %s', (count, text) => {
    expect(compactCount(count)).toBe(text);
  });

  it('names groups, also those without a name and those with a long path', () => {
    expect(groupText('')).toBe('(none)');
    expect(groupText('a\u001b[2J')).toBe('a␛[2J');
    expect(shortGroupText('/srv/ada/work/orx', 'project')).toBe('…/work/orx');
    expect(shortGroupText('/work', 'project')).toBe('/work');
    expect(shortGroupText('a/b/c/d', 'model')).toBe('a/b/c/d');
    expect([secondsNumber(412), secondsNumber(12_345), secondsNumber(undefined)]).toEqual(['0.41', '12.3', '–']);
  });

  it.each([
    [{ limit: '20' }, '12.8', 'budget $20 a month: 64% used', 'dim'],
    [{ limit: '20' }, '16', 'budget $20 a month: 80% used', 'warning'],
    [{ limit: '0.5', project: '/w', model: 'a/*' }, '1', 'budget $0.5 a month, /w, a/*: 200% used', 'warning'],
    [{ limit: '1', profile: 'x\u001b' }, undefined, 'budget $1 a month, x␛', 'dim'],
    [{ limit: '0' }, '0', 'budget $0 a month', 'dim'],
  ])('a budget of %j with %s spent reads %j', (budget, spent, text, tone) => {
    expect(budgetCell({ budget: { id: 1, period: 'month', warnAt: 0.8, ...budget }, spent, upstreamSpent: undefined })).toEqual({
      text,
      tone,
    });
  });
});

describe('advice in words', () => {
  const advice = (change: Advice['change'], saving = '4.1'): Advice => ({
    model: 'a/costly\u001b',
    change,
    saving: decimal(saving),
    spent: decimal(5),
  });

  it.each<[Advice['change'], string, RegExp]>([
    [
      { kind: 'model', to: 'b/cheap', because: { kind: 'used', requests: 42, successRate: 0.991 } },
      'a/costly␛ → b/cheap',
      /^42 requests of yours to it, 99\.1% ok;/,
    ],
    [
      { kind: 'model', to: 'b/cheap', because: { kind: 'benchmarked', index: 'coding', from: 30.5, to: 31 } },
      'a/costly␛ → b/cheap',
      /^coding index 31 \(now 30\.5\);/,
    ],
    [
      { kind: 'provider', to: 'Novita', tag: 'novita/fp8', quantization: 'fp8', uptime: 99.84 },
      'a/costly␛ at Novita alone: --only novita/fp8',
      /^fp8, up 99\.8% of the last day;/,
    ],
    [
      { kind: 'provider', to: 'X', tag: 'x', quantization: undefined, uptime: undefined },
      'a/costly␛ at X alone: --only x',
      /^quantization unknown, uptime unknown;/,
    ],
    [
      { kind: 'caching', tokens: 1200, conversations: 1 },
      'a/costly␛: let it read the beginning of each conversation from its cache',
      /^an upper bound: .*1,200 tokens.* 1 conversation,/,
    ],
    [{ kind: 'variant', to: 'a/costly:free', variant: 'free' }, 'a/costly␛ → a/costly:free', /^few requests a day/],
    [{ kind: 'variant', to: 'a/costly:batch', variant: 'batch' }, 'a/costly␛ → a/costly:batch', /hours$/],
  ])('%j', (change, text, limit) => {
    expect(adviceChangeText(advice(change))).toBe(text);
    expect(limitText(advice(change))).toMatch(limit);
  });

  it('is in lines that fit, with the saving and its share first', () => {
    const all = [
      advice({ kind: 'variant', to: 'a/costly:flex', variant: 'flex' }),
      advice({ kind: 'caching', tokens: 9, conversations: 2 }, '0.5'),
    ];
    const text = (columns: number) =>
      adviceLines(all, decimal(10), columns).map((line) => line.map((cell) => cell.text).join(''));
    expect(text(200)).toEqual([
      '   $4.10  a/costly␛ → a/costly:flex',
      '          50% of spending · answers wait for free capacity',
      '  $0.500  a/costly␛: let it read the beginning of each conversation from its cache',
      '          50% of spending · an upper bound: as if all 9 tokens sent before, in 2 conversations, were still cached',
    ]);
    for (const columns of [30, 60, 80]) for (const line of text(columns)) expect(line.length).toBeLessThan(columns);
  });

  it('says what could not be evaluated', () => {
    const texts = adviceNotes([], ['a/costly', 'b/two']).map(({ text }) => text);
    expect(texts.slice(0, 2)).toEqual([
      'found nothing cheaper',
      'the providers of a/costly, b/two could not be loaded and are left out',
    ]);
  });
});

describe('what-if in words', () => {
  it('says where past prices are unknown', () => {
    const row = { repriced: { kind: 'amount', cost: decimal(1) }, difference: decimal(0), share: 0 } as const;
    const matches = {
      cost: decimal(1),
      upstreamCost: decimal(0),
      requests: 1,
      rows: [
        { ...row, id: 'a/known', hasHistory: true },
        { ...row, id: 'b/young', hasHistory: true, earliestPrices: Date.UTC(2026, 9, 3) },
        { ...row, id: 'c/unknown', hasHistory: false },
      ],
    };
    const notes = (prices: 'today' | 'then') => whatIfNotes(matches, prices).map(({ text }) => text);
    expect(notes('then').slice(0, 2)).toEqual([
      'prices of b/young are known since 2026-10-03: older requests use the earliest prices',
      "no past prices of c/unknown are known: today's are used",
    ]);
    expect(notes('today').join()).not.toContain('c/unknown');
  });
});
