import { expect, test } from 'vitest';
import type { Judgment } from '../../../src/core/judge/ask-judge.ts';
import type { JudgedPair } from '../../../src/core/judge/judge-pairs.ts';
import type { Verdict } from '../../../src/core/judge/read-verdict.ts';
import { summarizeJudging } from '../../../src/core/judge/summary.ts';
import { decimal } from '../../../src/decimal.ts';
import { type Judging, judgingNotes, judgingReasons, judgingTable } from '../../../src/output/judge/judging.ts';
import { judgingJson } from '../../../src/output/judge/judging-json.ts';

const spending = { requests: 1, cost: decimal('0.001'), unknown: 0 };
const said = (value: Verdict): Judgment<Verdict> => ({ state: 'decided', value, reason: 'clear\u001b]0;x\u0007er', spending });

function pair(item: string, winner: 'first' | 'second' | 'tie', lengthDifference = 10): JudgedPair {
  const [one, other]: [Verdict, Verdict] = winner === 'tie' ? ['A', 'A'] : winner === 'first' ? ['A', 'B'] : ['B', 'A'];
  return {
    kind: 'pair',
    item,
    first: 'b/two',
    second: 'a/one',
    games: [
      { shownFirst: 'first', judgment: said(one) },
      { shownFirst: 'second', judgment: said(other) },
    ],
    winner,
    isConsistent: winner !== 'tie',
    lengthDifference,
    spending: { requests: 2, cost: decimal('0.002'), unknown: 0 },
  };
}

function judging(results: readonly JudgedPair[], more: Partial<Judging> = {}): Judging {
  const mode = { kind: 'against', lane: 'a/one' } as const;
  return {
    model: 'j/judge',
    mode,
    criteria: undefined,
    results,
    summary: summarizeJudging(results, mode, ['a/one', 'b/two']),
    spending: { requests: 2 * results.length, cost: decimal('0.002').times(results.length), unknown: 0 },
    related: [],
    ...more,
  };
}

const cells = (of: Judging): string[][] => {
  const { columns, rows } = judgingTable(of);
  return [columns.map(({ heading }) => heading), ...rows.map((row) => row.map(({ text }) => text))];
};
const notes = (of: Judging): string =>
  judgingNotes(of)
    .map(({ text }) => text)
    .join('\n');

test('one prompt has counts and no ranking, however often it was repeated', () => {
  const once = judging(Array.from({ length: 5 }, (_, index) => pair('p', index < 3 ? 'first' : 'tie')));
  expect(cells(once)).toEqual([
    ['model', 'won', 'tied', 'lost', 'unreadable'],
    ['b/two', '3', '2', '0', '0'],
  ]);
  expect(notes(once)).toContain('one prompt is not enough for a ranking by quality');
  expect(notes(once)).toContain('cost of the judge: $0.0100 · 10 requests');
});

test('several prompts have a share with its interval, and words for what it shows', () => {
  const many = judging(Array.from({ length: 40 }, (_, index) => pair(String(index), index % 2 === 0 ? 'first' : 'second')));
  expect(cells(many)[1]).toEqual([
    'b/two',
    '20',
    '0',
    '20',
    '0',
    '50%',
    '35%–65%',
    'no difference shown; with 40 prompts a difference below 22 points would not show',
  ]);
  expect(notes(many)).not.toContain('no ranking');
  const few = judging(Array.from({ length: 4 }, (_, index) => pair(String(index), 'first')));
  expect(cells(few)[1]!.at(-1)).toBe('too few: 4 of 10 prompts');
  expect(notes(few)).toContain('4 prompts are too few for a ranking by quality (10)');
});

test('with 50 prompts, what a lead owes to length is said', () => {
  const long = judging(
    Array.from({ length: 60 }, (_, index) => pair(String(index), index % 3 === 0 ? 'second' : 'first', (index % 7) * 10 - 20)),
  );
  expect(notes(long)).toMatch(/b\/two: 67% of wins would be \d+% if both answers were equally long/);
});

test('what is unreadable, failed, related or of unknown cost is a warning or a word', () => {
  const broken: JudgedPair = {
    ...pair('p', 'first'),
    winner: 'undecided',
    isConsistent: undefined,
    games: [
      { shownFirst: 'first', judgment: { state: 'unreadable', why: 'the reply was empty, twice', spending } },
      { shownFirst: 'second', judgment: { state: 'failed', error: new Error('busy'), spending } },
    ],
  };
  const of = judging([broken], { related: ['j/other'], spending: { requests: 3, cost: decimal('0.001'), unknown: 2 } });
  expect(judgingNotes(of).filter(({ tone }) => tone === 'warning')).toHaveLength(3);
  expect(notes(of)).toContain('cost of the judge: $0.00100 + 2 of unknown cost · 3 requests');
  expect(judgingReasons(of.results)).toEqual([{ heading: 'b/two : a/one → unreadable: the reply was empty, twice', text: '' }]);
  expect(judgingJson({ ...of, error: new Error('stopped') })).toMatchObject({
    error: 'stopped',
    consistency: null,
    unreadable: 1,
    failed: 1,
    results: [{ winner: 'undecided', games: [{ state: 'unreadable' }, { state: 'failed', error: 'busy' }] }],
    requests_of_unknown_cost: 2,
  });
});

test('the reason says which answer was A, and writes no control characters', () => {
  const [reason] = judgingReasons([pair('p', 'first')]);
  expect(reason!.heading).toBe('b/two : a/one → b/two');
  expect(reason!.text).toMatch(/^\(A: b\/two, B: a\/one\) clear/);
  expect(reason!.text).not.toMatch(/[\u0000-\u001f]/);
});
