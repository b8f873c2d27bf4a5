import { gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { pageDiff } from '../../../../src/output/matrix/page/browser/page-diff.ts';
import { pageTexts, type PlacedRow } from '../../../../src/output/matrix/page/browser/page-texts.ts';
import { type PageView, pageViews } from '../../../../src/output/matrix/page/browser/page-view.ts';
import type { IndexCell, IndexRow, PageState, TextCell, TextRow } from '../../../../src/output/matrix/page/data.ts';

const diff = pageDiff();
const { read, write, select } = pageViews();

test('a diff contains both texts, whatever they are', () => {
  const text = fc.oneof(
    fc.string({ unit: 'grapheme' }),
    fc.array(fc.constantFrom('one', 'two', ' ', '\n', '.', 'é', '漢字')).map((parts) => parts.join('')),
  );
  fc.assert(
    fc.property(text, text, (before, after) => {
      const pieces = diff(before, after);
      const without = (kind: string) => pieces.filter(([own]) => own !== kind).map(([, part]) => part);
      expect(without('added').join('')).toBe(before);
      expect(without('removed').join('')).toBe(after);
    }),
  );
});

test('a diff is the shortest one by words', () => {
  expect(diff('the red fox ran', 'the brown fox ran off')).toEqual([
    ['same', 'the '],
    ['removed', 'red'],
    ['added', 'brown'],
    ['same', ' fox ran'],
    ['added', ' off'],
  ]);
  expect(diff('same', 'same')).toEqual([['same', 'same']]);
  expect(diff('', '')).toEqual([]);
});

test('long texts are compared by lines, and texts without anything in common are replaced', () => {
  const lines = Array.from({ length: 9_000 }, (_, index) => `line ${index}\n`);
  const changed = lines.with(4_000, 'other\n');
  expect(diff(lines.join(''), changed.join('')).slice(1, 3)).toEqual([
    ['removed', 'line 4000\n'],
    ['added', 'other\n'],
  ]);
  const words = (letter: string) => Array.from({ length: 3_000 }, (_, index) => `${letter}${index}.`).join('');
  expect(diff(words('a'), words('b')).map(([kind]) => kind)).toEqual(['removed', 'added', 'same']);
});

test('a view is what its fragment says, and a fragment that says nothing known is the default', () => {
  const view = fc.record({
    q: fc.string(),
    show: fc.constantFrom('' as const, 'failed' as const, 'passed' as const, 'differs' as const, 'missing' as const),
    tag: fc.string(),
    hidden: fc.uniqueArray(fc.integer({ min: 0, max: 4 }), { maxLength: 4 }),
    sort: fc.constantFrom('' as const, 'cost' as const, 'ms' as const, 'tokens' as const, 'score' as const),
    isDescending: fc.boolean(),
    diff: fc.integer({ min: -1, max: 4 }),
  });
  fc.assert(fc.property(view, (one) => void expect(read(`#${write(one)}`, 5)).toEqual(one)));
  const start = read('', 2);
  fc.assert(fc.property(fc.string(), (text) => void expect(Object.keys(read(`#${text}`, 2))).toEqual(Object.keys(start))));
  expect(read('#show=all&sort=<b>&hide=7,-1,x&diff=9&desc=yes', 2)).toEqual(start);
  // A view without any lane would show nothing.
  expect(read('#hide=0,1', 2).hidden).toEqual([]);
});

const cell = (lane: number, state: PageState, more: Partial<IndexCell> = {}): IndexCell => ({ lane, state, same: lane, ...more });
const row = (id: string, cells: IndexCell[], tags: string[] = []): IndexRow => ({ id, tags, cells });
const ROWS = [
  row('both', [cell(0, 'passed', { cost: 3 }), cell(1, 'passed', { cost: 1 })], ['x']),
  row('second', [cell(0, 'passed', { cost: 1 }), cell(1, 'failed', { cost: 9 })]),
  row('none', [cell(0, 'error'), cell(1, 'not-asked')], ['x', 'y']),
  row('one', [cell(0, 'not-run', { cost: 7 })]),
];
const shown = (view: Partial<PageView>, found?: ReadonlySet<number>) =>
  select(ROWS, { ...read('', 2), ...view }, found).map((number) => ROWS[number]!.id);

test('filters regard the shown lanes only', () => {
  expect(shown({})).toEqual(['both', 'second', 'none', 'one']);
  expect(shown({ show: 'failed' })).toEqual(['second', 'none', 'one']);
  expect(shown({ show: 'passed' })).toEqual(['both']);
  expect(shown({ show: 'missing' })).toEqual(['none']);
  expect(shown({ show: 'differs' })).toEqual(['second']);
  expect(shown({ show: 'failed', hidden: [1] })).toEqual(['none', 'one']);
  expect(shown({ hidden: [0] })).toEqual(['both', 'second', 'none']);
  expect(shown({ tag: 'x' })).toEqual(['both', 'none']);
  expect(shown({}, new Set([1, 3]))).toEqual(['second', 'one']);
});

test('rows are sorted by the mean of the shown lanes; rows without the figure come last', () => {
  expect(shown({ sort: 'cost' })).toEqual(['both', 'second', 'one', 'none']);
  expect(shown({ sort: 'cost', isDescending: true })).toEqual(['one', 'second', 'both', 'none']);
  expect(shown({ sort: 'cost', hidden: [1] })).toEqual(['second', 'both', 'one', 'none']);
  expect(shown({ isDescending: true })).toEqual(['one', 'none', 'second', 'both']);
});

test('without expectations, lanes differ if their answers do', () => {
  const rows = [
    row('equal', [cell(0, 'answered', { same: 0 }), cell(1, 'answered', { same: 0 })]),
    row('other', [cell(0, 'answered', { same: 0 }), cell(1, 'answered', { same: 1 })]),
    row('missing', [cell(0, 'answered', { same: 0 }), cell(1, 'empty', { same: 1 })]),
  ];
  expect(select(rows, read('#show=differs', 2), undefined)).toEqual([1, 2]);
});

test('a search finds text of every part of a row, in compressed blocks as well, and ends when another one begins', async () => {
  const texts = (more: Partial<TextCell>, prompt = ''): TextRow => ({
    prompt: [{ name: 'user', text: prompt }],
    cells: [{ text: '', html: '', figures: '', from: '', more: [], ...more }],
  });
  const all: TextRow[][] = [
    [texts({ text: 'in an ANSWER' }), texts({ reason: 'in a reason' })],
    [texts({ more: [{ name: 'reasoning', text: 'in what is folded' }] }), texts({ judged: 'in a verdict' }, 'in a prompt')],
  ];
  const [first, second] = all.map((block) => JSON.stringify(block));
  const block = (type: string, textContent: string) => ({ textContent, getAttribute: () => type });
  const rows = all.flatMap((rowsOfBlock, number) =>
    rowsOfBlock.map((_, at): PlacedRow => ({ id: `case ${number}${at}`, tags: [`tag${at}`], cells: [], block: number, at })),
  );
  const page = pageTexts(
    [block('application/json', first!), block('application/gzip', gzipSync(second!).toString('base64'))],
    rows,
  );
  const found = async (text: string) => [...((await page.search(text, () => true)) ?? [])];
  expect(await found('answer')).toEqual([0]);
  expect(await found('a reason')).toEqual([1]);
  expect(await found('folded')).toEqual([2]);
  expect(await found('Verdict')).toEqual([3]);
  expect(await found('a prompt')).toEqual([3]);
  expect(await found('case 1')).toEqual([2, 3]);
  expect(await found('tag1')).toEqual([1, 3]);
  expect(await found('user')).toEqual([]);
  expect(await page.search('answer', () => false)).toBeUndefined();
  expect(await page.of(rows[2]!)).toEqual(all[1]![0]);
});
