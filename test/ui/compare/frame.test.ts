import fc from 'fast-check';
import stringWidth from 'string-width';
import { describe, expect, it } from 'vitest';
import { type CompareState, reduceCompare, startCompare } from '../../../src/core/compare/state.ts';
import type { LaneEvent } from '../../../src/core/compare/merge-lanes.ts';
import { OrxError } from '../../../src/errors.ts';
import type { CompletionEvent } from '../../../src/apis/completion.ts';
import { compareFrame } from '../../../src/ui/compare/frame.ts';
import { createLaneWindow } from '../../../src/ui/compare/lane-window.ts';
import { lanesOf } from '../../support/lanes.ts';

type Change = LaneEvent<CompletionEvent>;
const event = (lane: number, completionEvent: CompletionEvent): Change => ({ type: 'event', lane, event: completionEvent });
const limited = new OrxError('rate limited by OpenAI (429)', { kind: 'rate-limit' });

function after(models: readonly string[], ...changes: readonly [number, Change][]): CompareState {
  return changes.reduce((state, [now, change]) => reduceCompare(state, change, now), startCompare(lanesOf(models), 0));
}

function frame(state: CompareState, columns: number, rows: number, now = 4200, prompt = 'Why is the sky blue?') {
  return compareFrame({
    isSandbox: false,
    prompt,
    state,
    windows: state.lanes.map(() => createLaneWindow()),
    size: { columns, rows },
    now,
    hint: 'esc stop',
  });
}

const text = (lines: ReturnType<typeof frame>): string[] =>
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
  it('puts the lanes side by side', () => {
    expect(text(frame(three, 100, 12))).toEqual([
      '  Why is the sky blue?                                     3 lanes · 4.2 s · $0.00512 · 2 of 3 done',
      '  deepseek/deepseek-chat           anthropic/claude-sonnet-4.6      openai/gpt-4o',
      '  ● ~20 tok/s · 0.40 s             ✓ 71 tok/s · 0.90 s · $0.00512   ✗ failed',
      '  ones, Air scatters short waves   The sky is blue because of       rate limited by OpenAI (429)',
      '  far more than long ones, Air',
      '  scatters short waves far more    Rayleigh scattering.',
      '  than long ones, Air scatters',
      '  short waves far more than long',
      '  ones,',
      '  esc stop',
    ]);
  });

  it('stacks them if columns would be too narrow', () => {
    expect(text(frame(three, 50, 16))).toEqual([
      '  3 lanes · 4.2 s · $0.00512 · 2 of 3 done',
      '  deepseek-chat  ● ~20 tok/s · 0.40 s',
      '  more than long ones, Air scatters short waves',
      '  far more than long ones, Air scatters short',
      '  waves far more than long ones,',
      '  claude-sonnet-4.6  ✓ 71 tok/s · $0.00512',
      '  The sky is blue because of',
      '',
      '  Rayleigh scattering.',
      '  gpt-4o  ✗ failed',
      '  rate limited by OpenAI (429)',
      '',
      '',
      '  esc stop',
    ]);
  });

  it('says which lanes do not fit', () => {
    const many = startCompare(lanesOf(Array.from({ length: 8 }, (_, index) => `x/m${index}`)), 0);
    expect(text(frame(many, 40, 9, 1000))).toEqual([
      '  8 lanes · 1.0 s · $0 · 0 of 8 done',
      ...['x/m0', 'x/m1', 'x/m2', 'x/m3'].map((name) => `  ${name}  ◌ waiting 1.0 s`),
      '  not shown: m4, m5, m6, m7',
      '  esc stop',
    ]);
  });

  it.each<[string, [number, Change][], string, string]>([
    ['waiting', [], 'x/a', '◌ waiting 4.2 s'],
    [
      'a retry',
      [[100, event(0, { type: 'retry', attempt: 1, error: limited, waitMs: 6500 })]],
      'x/a',
      '◌ retry in 3 s: rate limited by OpenAI (429)',
    ],
    ['the first moment', [[4190, event(0, { type: 'text-delta', text: 'x' })]], 'x/a', '● 4.19 s'],
    ['another model', [[1, event(0, { type: 'response-start', id: 'g', model: 'y/b' })]], '! b, not a', '◌ waiting 4.2 s'],
    [
      'an answer of reasoning alone',
      [
        [1, event(0, { type: 'reasoning-delta', text: 'hm' })],
        [2, event(0, { type: 'response-end', finishReason: 'length' })],
        [3, { type: 'end', lane: 0 }],
      ],
      'x/a',
      '! empty ~0.1 tok/s · 0.00 s',
    ],
    ['a stop', [[1, { type: 'failure', lane: 0, error: new OrxError('stopped', { kind: 'interrupted' }) }]], 'x/a', '– stopped'],
    [
      'hostile names',
      [[1, event(0, { type: 'response-start', id: 'g', model: 'y/\u001b[2J\u202e' })]],
      '! ␛[2J<U+202E>, not a',
      '◌ waiting 4.2 s',
    ],
  ])('shows %s', (_name, changes, title, status) => {
    const lines = text(frame(after(['x/a'], ...changes), 80, 12));
    expect(lines.slice(1, 3)).toEqual([`  ${title}`, `  ${status}`]);
  });

  it('makes a hostile prompt and answer visible and keeps them on their lines', () => {
    const state = after(['x/a', 'x/b'], [1, event(0, { type: 'text-delta', text: 'ok\u001b]52;c;AAAA\u0007\n\u001b[3J' })]);
    const lines = text(frame(state, 100, 10, 100, 'one\ntwo\u001b[2J'));
    expect(lines[0]).toMatch(/^ {2}one two␛\[2J /);
    expect(lines.slice(3, 5)).toEqual(['  ok␛]52;c;AAAA␇', '  ␛[3J']);
  });

  it('is always smaller than the screen', () => {
    const size = fc.record({ columns: fc.integer({ min: 8, max: 220 }), rows: fc.integer({ min: 2, max: 60 }) });
    const word = fc.constantFrom('word ', '漢字', '\n', 'x'.repeat(90), '👨‍👩‍👧', '\t');
    const lanes = fc.array(fc.array(word, { maxLength: 30 }), { minLength: 1, maxLength: 8 });
    fc.assert(
      fc.property(size, lanes, fc.string({ unit: 'grapheme' }), ({ columns, rows }, words, prompt) => {
        const changes = words.map((list, lane): [number, Change] => [
          10,
          event(lane, { type: 'text-delta', text: list.join('') }),
        ]);
        const state = after(
          words.map((_, index) => `author/model-${index}`),
          ...changes,
        );
        const lines = frame(state, columns, rows, 99_999, prompt);
        expect(lines.length).toBeLessThanOrEqual(Math.max(1, rows - 2));
        for (const line of lines) expect(stringWidth(line.map((span) => span.text).join(''))).toBeLessThanOrEqual(columns - 1);
      }),
      { numRuns: 300 },
    );
  });
});
