import fc from 'fast-check';
import stringWidth from 'string-width';
import { describe, expect, it } from 'vitest';
import { type CompareState, reduceCompare, startCompare } from '../../../src/core/compare/state.ts';
import type { LaneEvent } from '../../../src/core/compare/merge-lanes.ts';
import { decimal } from '../../../src/decimal.ts';
import { OrxError } from '../../../src/errors.ts';
import type { CompletionEvent } from '../../../src/apis/completion.ts';
import { createTheme } from '../../../src/output/text/theme.ts';
import { type CompareFrame, compareFrame } from '../../../src/ui/compare/frame.ts';
import { createLaneRows } from '../../../src/ui/compare/lane-rows.ts';
import type { RunningCost } from '../../../src/ui/compare/lane-status.ts';
import { type CompareViewState, pressCompareKey, startView } from '../../../src/ui/compare/view-state.ts';
import { lanesOf } from '../../support/lanes.ts';

type Change = LaneEvent<CompletionEvent>;
const event = (lane: number, completionEvent: CompletionEvent): Change => ({ type: 'event', lane, event: completionEvent });
const limited = new OrxError('rate limited by OpenAI (429)', { kind: 'rate-limit' });

function after(models: readonly string[], ...changes: readonly [number, Change][]): CompareState {
  return changes.reduce((state, [now, change]) => reduceCompare(state, change, now), startCompare(lanesOf(models), 0));
}

const PLAIN = createTheme('none', {}, {});
const SHOWN = { theme: PLAIN, isMarkdown: true, prose: 110 };

interface Shown {
  now?: number;
  prompt?: string;
  view?: CompareViewState;
  hasKeyboard?: boolean;
  isSettled?: boolean;
  runningCost?: RunningCost;
}

function frame(state: CompareState, columns: number, rows: number, shown: Shown = {}): CompareFrame {
  const { now = 4200, prompt = 'Why is the sky blue?', view = startView(state.lanes.length), runningCost } = shown;
  return compareFrame({
    isSandbox: false,
    prompt,
    state,
    view,
    rows: state.lanes.map(() => createLaneRows(SHOWN)),
    diff: (lane) => [`diff of ${lane}`],
    runningCost: runningCost ?? (() => undefined),
    size: { columns, rows },
    now,
    hasKeyboard: shown.hasKeyboard ?? true,
    isSettled: shown.isSettled ?? false,
  });
}

const text = ({ lines }: CompareFrame): string[] =>
  lines.map((line) =>
    line
      .map((span) => span.text)
      .join('')
      .trimEnd(),
  );

const usage = { promptTokens: 12, completionTokens: 322, totalTokens: 334, cost: '0.00512', wire: {} };
const three = after(
  ['deepseek/deepseek-chat', 'anthropic/claude-sonnet-4.6', 'openai/gpt-4o'],
  [100, event(1, { type: 'response-start', id: 'gen-2', model: 'anthropic/claude-4.6-sonnet-20260101' })],
  [400, event(0, { type: 'text-delta', text: 'Air scatters short waves far more than long ones, '.repeat(6) })],
  [900, event(1, { type: 'text-delta', text: 'The sky is blue because of\n\nRayleigh scattering.' })],
  [3900, event(1, { type: 'usage', usage })],
  [4000, event(1, { type: 'metrics', metrics: { timeToFirstTokenMs: 900, durationMs: 4000, throughput: 71.2 } })],
  [4000, { type: 'end', lane: 1 }],
  [4100, { type: 'failure', lane: 2, error: limited }],
);

describe('compareFrame', () => {
  it('puts the lanes side by side, and the others in one line each', () => {
    expect(text(frame(three, 100, 14))).toEqual([
      '  Why is the sky blue?                                     3 lanes · 4.2 s · $0.00512 · 2 of 3 done',
      '  ▸1 deepseek/deepseek-chat                         2 anthropic/claude-sonnet-4.6',
      '  ● streaming 4.2 s · first 0.40 s                 ✓ done 4.0 s · first 0.90 s',
      '  ~20 tok/s · ~75 tokens                           71 tok/s · 322 tokens · $0.00512',
      '  ones, Air scatters short waves far more than     The sky is blue because of',
      '  long ones, Air scatters short waves far more',
      '  than long ones, Air scatters short waves far     Rayleigh scattering.',
      '  more than long ones, Air scatters short waves',
      '  far more than long ones, Air scatters short',
      '  waves far more than long ones,',
      '   3 openai/gpt-4o                ✗ failed 4.1 s',
      '  esc stop · ? keys · ←→ lane · ↵ enlarge · ↑↓ scroll · x stop lane · d diff · r reasoning',
    ]);
  });

  it('keeps the estimated cost of a lane that was stopped, also in the total', () => {
    const running = after(['x/a', 'x/b'], [100, event(0, { type: 'text-delta', text: 'hello' })]);
    const runningCost: RunningCost = ({ receivedBytes }) => (receivedBytes === 0 ? undefined : decimal('0.002'));
    const stopped = reduceCompare(
      running,
      { type: 'failure', lane: 0, error: new OrxError('stopped', { kind: 'interrupted' }) },
      200,
    );
    for (const state of [running, stopped]) {
      const lines = text(frame(state, 80, 12, { runningCost }));
      expect(lines[0]).toMatch(/2 lanes · 4\.2 s · ~\$0\.00200 · /);
      expect(lines[3]).toMatch(/tokens · ~\$0\.00200$/);
    }
  });

  it.each([
    [60, 1],
    [75, 1],
    [76, 2],
    [80, 2],
    [120, 3],
    [200, 5],
    [240, 6],
  ])('at %i columns shows %i lanes, all others in tiles', (columns, shown) => {
    const six = after(Array.from({ length: 6 }, (_, index) => `x/m${index}`));
    const lines = text(frame(six, columns, 30));
    const waiting = lines.join('\n').match(/◌ waiting 4\.2 s/g) ?? [];
    expect(waiting).toHaveLength(6);
    expect(lines[2]!.match(/◌ waiting/g) ?? []).toHaveLength(shown === 1 ? 0 : shown);
    for (let lane = 0; lane < 6; lane += 1) expect(lines.join('\n')).toContain(`x/m${lane}`);
  });

  it('stacks tiles below the focused lane on a narrow screen', () => {
    const view = { ...startView(3), focus: { lane: 1, first: 0, isEnlarged: false } };
    expect(text(frame(three, 50, 12, { view }))).toEqual([
      '  3 lanes · 4.2 s · $0.00512 · 2 of 3 done',
      '  The sky is blue because of',
      '',
      '  Rayleigh scattering.',
      '',
      '',
      '   1 deepseek-chat      ● streaming 4.2 s',
      '  ▸2 claude-sonnet-4.6  ✓ done 4.0 s · $0.00512',
      '   3 gpt-4o             ✗ failed 4.1 s',
      '  esc stop · ? keys · ←→ lane · ↵ enlarge',
    ]);
  });

  it('gives an enlarged lane the whole screen', () => {
    const view = { ...startView(3), focus: { lane: 2, first: 0, isEnlarged: true } };
    const lines = text(frame(three, 100, 12, { view, isSettled: true }));
    expect(lines.slice(1, 5)).toEqual(['  ▸3 openai/gpt-4o', '  ✗ failed 4.1 s', '', '  failed: rate limited by OpenAI (429)']);
    expect(lines.join('\n')).not.toMatch(/deepseek|claude/);
    expect(lines.at(-1)).toMatch(/^ {2}q quit · .* ↵ back/);
  });

  it('says how many lanes have no place', () => {
    const many = after(Array.from({ length: 16 }, (_, index) => `x/m${index}`));
    const lines = text(frame(many, 80, 14));
    expect(lines.slice(-6)).toEqual([
      '    3 x/m2   ◌ waiting 4.2 s',
      '    4 x/m3   ◌ waiting 4.2 s',
      '    5 x/m4   ◌ waiting 4.2 s',
      '    6 x/m5   ◌ waiting 4.2 s',
      '  … 10 more lanes: ← → or 1-9',
      '  esc stop · ? keys · ←→ lane · ↵ enlarge · ↑↓ scroll · x stop lane · d diff',
    ]);
  });

  it.each<[string, [number, Change][], string, string, RegExp]>([
    [
      'a retry',
      [[100, event(0, { type: 'retry', attempt: 1, error: limited, waitMs: 6500 })]],
      'x/a',
      '◌ retry in 3 s: rate limited by OpenAI (…',
      /^ *$/,
    ],
    [
      'the first moment',
      [[4190, event(0, { type: 'text-delta', text: 'x' })]],
      'x/a',
      '● streaming 4.2 s · first 4.19 s',
      /^ {2}~1 tokens$/,
    ],
    [
      'reasoning',
      [[1000, event(0, { type: 'reasoning-delta', text: 'x'.repeat(400) })]],
      'x/a',
      '● thinking 4.2 s · first 1.00 s',
      /^ {2}~31 tok\/s · ~100 tokens$/,
    ],
    ['another model', [[1, event(0, { type: 'response-start', id: 'g', model: 'y/b' })]], '! b, not a', '◌ waiting 4.2 s', /^$/],
    [
      'an answer of reasoning alone',
      [
        [1, event(0, { type: 'reasoning-delta', text: 'hm' })],
        [2, event(0, { type: 'response-end', finishReason: 'length' })],
        [3, { type: 'end', lane: 0 }],
      ],
      'x/a',
      '! empty 0.0 s · first 0.00 s',
      /tokens$/,
    ],
    [
      'an answer that the output limit cut off',
      [
        [1, event(0, { type: 'text-delta', text: 'half' })],
        [2, event(0, { type: 'response-end', finishReason: 'length' })],
        [3, { type: 'end', lane: 0 }],
      ],
      'x/a',
      '! cut off 0.0 s · first 0.00 s',
      /tokens$/,
    ],
    [
      'a stop',
      [[1000, { type: 'failure', lane: 0, error: new OrxError('stopped', { kind: 'interrupted' }) }]],
      'x/a',
      '– stopped 1.0 s',
      /^$/,
    ],
    [
      'hostile names',
      [[1, event(0, { type: 'response-start', id: 'g', model: 'y/\u001b[2J\u202e' })]],
      '! ␛[2J<U+202E>, not a',
      '◌ waiting 4.2 s',
      /^$/,
    ],
  ])('shows %s', (_name, changes, title, status, figures) => {
    const [, head, state, third] = text(frame(after(['x/a'], ...changes), 44, 12));
    expect([head, state]).toEqual([`  ${title}`, `  ${status}`]);
    expect(third).toMatch(figures);
  });

  it('tells that another provider answered than the pinned one', () => {
    const start = startCompare([{ model: 'x/a', lane: 0, varied: [], endpoint: { tag: 'novita/fp8', provider: 'Novita' } }], 0);
    const started = event(0, { type: 'response-start', id: 'g', model: 'x/a', provider: 'Chutes' });
    expect(text(frame(reduceCompare(start, started, 1), 80, 12))[1]).toBe('  ! Chutes, not novita/fp8');
  });

  it('folds the reasoning into a line, and unfolds it', () => {
    const state = after(
      ['x/a'],
      [1000, event(0, { type: 'reasoning-delta', text: 'First this, then that.' })],
      [7000, event(0, { type: 'text-delta', text: 'Blue.' })],
    );
    expect(text(frame(state, 80, 14)).slice(4, 7)).toEqual(['  ▸ thought for 6 s · 6 tokens', '', '  Blue.']);
    const view = { ...startView(1), unfolded: new Set([0]) };
    expect(text(frame(state, 80, 14, { view })).slice(4, 8)).toEqual([
      '  ▾ thought for 6 s · 6 tokens',
      '  First this, then that.',
      '',
      '  Blue.',
    ]);
  });

  it('follows the end of an answer, or stays where it is scrolled to and counts the new rows', () => {
    const numbered = (count: number) =>
      after(
        ['x/a'],
        [1, event(0, { type: 'text-delta', text: Array.from({ length: count }, (_, row) => `row ${row}\n\n`).join('') })],
      );
    const facts = (shown: CompareFrame) => ({ columns: 80, extents: shown.extents });
    const start = frame(numbered(10), 80, 13);
    expect(text(start).slice(4, -1)).toEqual(['', '  row 7', '', '  row 8', '', '  row 9']);
    let { view } = pressCompareKey(startView(1), { name: 'up' }, facts(start));
    expect(text(frame(numbered(10), 80, 13, { view })).slice(3, 6)).toEqual(['  ↓ 1 more · end follows', '  row 6', '']);
    const later = frame(numbered(16), 80, 13, { view });
    expect(text(later).slice(3, 6)).toEqual(['  ↓ 12 new · end follows', '  row 6', '']);
    ({ view } = pressCompareKey(view, { name: 'end' }, facts(later)));
    expect(text(frame(numbered(16), 80, 13, { view })).at(-2)).toBe('  row 15');
  });

  it('makes a hostile prompt and answer visible and keeps them on their lines', () => {
    const state = after(['x/a', 'x/b'], [1, event(0, { type: 'text-delta', text: 'ok\u001b]52;c;AAAA\u0007\n\n\u001b[3J' })]);
    const lines = text(frame(state, 100, 12, { now: 100, prompt: 'one\ntwo\u001b[2J' }));
    expect(lines[0]).toMatch(/^ {2}one two␛\[2J /);
    expect(lines.slice(4, 7)).toEqual(['  ok␛]52;c;AAAA␇', '', '  ␛[3J']);
  });

  it('is always smaller than the screen', () => {
    const size = fc.record({ columns: fc.integer({ min: 8, max: 220 }), rows: fc.integer({ min: 2, max: 60 }) });
    const word = fc.constantFrom(
      'word ',
      '漢字',
      '\n',
      'x'.repeat(90),
      '👨‍👩‍👧',
      '\t',
      '| a | b |\n|---|---|\n| c | d |\n',
      '```js\nx\n```\n',
    );
    const lanes = fc.array(fc.array(word, { maxLength: 30 }), { minLength: 1, maxLength: 16 });
    const keys = fc.array(
      fc
        .constantFrom('tab', 'left', 'return', 'up', 'pageup', 'home', 'end', 'r', 'd', '?', '3', 'escape')
        .map((name) => ({ name })),
      { maxLength: 8 },
    );
    fc.assert(
      fc.property(size, lanes, keys, fc.string({ unit: 'grapheme' }), ({ columns, rows }, words, pressed, prompt) => {
        const changes = words.flatMap((list, lane): [number, Change][] => [
          [5, event(lane, { type: 'reasoning-delta', text: list.join('') })],
          [10, event(lane, { type: 'text-delta', text: list.join('') })],
        ]);
        const state = after(
          words.map((_, index) => `author/model-${index}`),
          ...changes,
        );
        let view = startView(words.length);
        let shown = frame(state, columns, rows, { now: 99_999, prompt, view });
        for (const key of pressed) {
          ({ view } = pressCompareKey(view, key, { columns, extents: shown.extents }));
          shown = frame(state, columns, rows, { now: 99_999, prompt, view });
          expect(shown.lines.length).toBeLessThanOrEqual(Math.max(1, rows - 2));
          for (const line of shown.lines)
            expect(stringWidth(line.map((span) => span.text).join(''))).toBeLessThanOrEqual(columns - 1);
        }
      }),
      { numRuns: 100 },
    );
  });
});

describe('pressCompareKey', () => {
  const facts = { columns: 80, extents: [] };
  const press = (...names: string[]) => names.reduce((view, name) => pressCompareKey(view, { name }, facts).view, startView(4));

  it('moves the focus, and the columns with it', () => {
    expect(press('tab').focus).toEqual({ lane: 1, first: 0, isEnlarged: false });
    expect(press('right', 'right').focus).toEqual({ lane: 2, first: 1, isEnlarged: false });
    expect(press('left').focus).toEqual({ lane: 3, first: 2, isEnlarged: false });
    expect(press('4', 'tab').focus).toEqual({ lane: 0, first: 0, isEnlarged: false });
    expect(press('5').focus.lane).toBe(0);
  });

  it('enlarges, and goes back before it leaves', () => {
    expect(press('2', 'return').focus).toMatchObject({ lane: 1, isEnlarged: true });
    expect(press('return', 'return').focus.isEnlarged).toBe(false);
    expect(pressCompareKey(press('return'), { name: 'escape' }, facts)).toMatchObject({ view: { focus: { isEnlarged: false } } });
    expect(pressCompareKey(press('return'), { name: 'escape' }, facts).command).toBeUndefined();
    expect(pressCompareKey(press('?'), { name: 'escape' }, facts)).toMatchObject({ view: { overlay: undefined } });
    expect(pressCompareKey(press(), { name: 'escape' }, facts).command).toEqual({ type: 'leave' });
    expect(pressCompareKey(press('return'), { name: 'q' }, facts).command).toEqual({ type: 'leave' });
  });

  it('stops one lane or all', () => {
    expect(pressCompareKey(press('3'), { name: 'x' }, facts).command).toEqual({ type: 'stop-lane', lane: 2 });
    expect(pressCompareKey(press(), { name: 'X' }, facts).command).toEqual({ type: 'stop-all' });
  });

  it('begins a diff at its first row, and the answer at its end again', () => {
    const diff = press('2', 'd');
    expect(diff).toMatchObject({ overlay: 'diff', scrolls: [undefined, { top: 0 }, undefined, undefined] });
    expect(pressCompareKey(diff, { name: 'd' }, facts).view).toMatchObject({
      overlay: undefined,
      scrolls: Array(4).fill(undefined),
    });
  });

  it('knows of a reader only after a key that does something', () => {
    expect(press().isAttended).toBe(false);
    expect(press('z').isAttended).toBe(false);
    expect(press('down').isAttended).toBe(true);
  });
});
