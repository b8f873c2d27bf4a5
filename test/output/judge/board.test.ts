import { describe, expect, test } from 'vitest';
import { rateModels } from '../../../src/core/rating/board.ts';
import type { RatedDecision } from '../../../src/core/rating/outcomes.ts';
import type { BoardSection } from '../../../src/core/rating/sections.ts';
import { boardCsv, boardJson, boardNotes, boardTable } from '../../../src/output/judge/board.ts';
import { conclusionText } from '../../../src/output/judge/words.ts';
import { plainTable } from '../../../src/output/table/plain.ts';

const won = (count: number, first: string, second: string): RatedDecision[] =>
  Array.from({ length: count }, (_, index) => ({
    cluster: `${first}${second}${index}`,
    outcomes: [{ first, second, score: 1 }],
  }));

function section(decisions: readonly RatedDecision[], more: Partial<BoardSection> = {}): BoardSection {
  return {
    source: 'votes',
    decisions: decisions.length,
    prompts: decisions.length,
    undecided: 0,
    bothOrders: 0,
    consistent: 0,
    islands: rateModels(decisions),
    ...more,
  };
}

describe('the board', () => {
  const even = section([...won(20, 'a/one', 'b/two'), ...won(16, 'b/two', 'a/one')]);

  test('shows no rating without its interval', () => {
    const table = boardTable([even]);
    expect(table.columns.map(({ heading }) => heading)).toEqual([
      'rank',
      'model',
      'rating',
      '95%',
      'votes',
      'won',
      'tied',
      'lost',
      '',
    ]);
    const [best, second] = table.rows.map((row) => row.map(({ text }) => text));
    expect(best).toEqual([
      '1',
      'a/one',
      expect.stringMatching(/^1\d{3}$/),
      expect.stringMatching(/^9\d\d–1\d{3}$/),
      '36',
      '20',
      '0',
      '16',
      '',
    ]);
    // The intervals overlap, so they share a rank.
    expect(second![0]).toBe('1');
  });

  test('marks provisional ratings, groups and missing ranks, and says what they mean', () => {
    const sections = [
      section([...won(3, 'a/one', 'b/two'), ...won(2, 'c/three', 'd/four')]),
      section(won(1, 'a/one', 'b/two'), { source: 'judge', judge: 'j/judge', bothOrders: 10, consistent: 6, undecided: 2 }),
    ];
    const text = plainTable(boardTable(sections));
    expect(text).toMatch(/^from +group +rank +model/);
    expect(text).toMatch(/votes +1 +– +a\/one .* provisional/);
    expect(text).toMatch(/votes +2 +– +c\/three/);
    const notes = boardNotes(sections, [{ path: '/x/votes.jsonl', lines: 2 }]);
    expect(notes.map((note) => note.text).join('\n')).toMatch(
      /5 votes on 5 prompts[^]*judge j\/judge: 1 verdict on 1 prompt · the same in both orders: 60% · 2 unreadable[^]*fewer than 10 votes[^]*provisional[^]*cannot be compared[^]*1,000 resampled rounds over prompts \(seed 1\)/,
    );
    expect(notes.filter(({ tone }) => tone === 'warning').map((note) => note.text)).toEqual([
      'j/judge changes most verdicts when the answers swap positions',
      '/x/votes.jsonl: 2 lines could not be read and are left out',
    ]);
  });

  test('as data: groups, intervals, differences', async () => {
    const data = boardJson([even], true) as { sections: { groups: { differences: unknown[]; ratings: unknown[] }[] }[] };
    expect(data).toMatchObject({ sandbox: true, sections: [{ source: 'votes', judge: null, decisions: 36 }] });
    expect(data.sections[0]!.groups[0]).toMatchObject({
      provisional: false,
      intervals: 'sandwich',
      bootstrap: null,
      ratings: [{ rank: 1, model: 'a/one', votes: 36 }, { rank: 1 }],
      differences: [{ first: 'a/one', second: 'b/two' }],
    });
    const csv = await boardCsv([section(won(1, '=cmd()', 'b/two'))]);
    expect(csv.split('\n')[1]).toMatch(/^votes,,1,,'=cmd\(\),\d+(\.\d)?,[\d.]+,[\d.]+,1,1,0,0,true$/);
  });

  test('a hostile name is made visible', () => {
    const [row] = boardTable([section(won(1, '\u001b]0;x\u0007', 'b/two'))]).rows;
    expect(row!.map(({ text }) => text).join(' ')).not.toMatch(/[\u0000-\u001f]/);
  });
});

test('a conclusion never calls lanes equal', () => {
  const difference = { n: 40, estimate: 0.6, neutral: 0.5, adjustedP: 0.2, smallestShown: 0.213 };
  expect(conclusionText({ ...difference, conclusion: 'none' })).toBe(
    'no difference shown; with 40 prompts a difference below 21 points would not show',
  );
  expect(conclusionText({ ...difference, conclusion: 'none', smallestShown: undefined })).toBe('no difference shown');
  expect(conclusionText({ ...difference, conclusion: 'better', adjustedP: 0.004 })).toBe('better (p = 0.004)');
  expect(conclusionText({ ...difference, conclusion: 'worse', adjustedP: 1e-6 })).toBe('worse (p < 0.001)');
  expect(conclusionText({ ...difference, n: 3, conclusion: 'too-few' })).toBe('too few: 3 of 10 prompts');
});
