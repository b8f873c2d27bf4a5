import fc from 'fast-check';
import stringWidth from 'string-width';
import { describe, expect, it } from 'vitest';
import { EMPTY_ANSWER } from '../../../src/core/answer/answer.ts';
import { createLaneWindow } from '../../../src/ui/compare/lane-window.ts';
import { wrapRows } from '../../../src/output/text/wrap-rows.ts';

const answer = (text: string, reasoning = '') => ({ ...EMPTY_ANSWER, text, reasoning });

describe('createLaneWindow', () => {
  it('shows the last rows, padded to the column', () => {
    const window = createLaneWindow();
    expect(window.rows(answer('one two three four'), 8, 2)).toEqual(['three   ', 'four    ']);
    expect(window.rows(answer('one two three four five'), 8, 2)).toEqual(['four    ', 'five    ']);
  });

  it('shows the reasoning until there is text', () => {
    const window = createLaneWindow();
    expect(window.rows(answer('', 'hm, let me see'), 10, 3)).toEqual(['hm, let me', 'see       ']);
    expect(window.rows(answer('42', 'hm, let me see'), 10, 3)).toEqual(['42        ']);
  });

  it('is the end of the whole text, however it grew', () => {
    const words = fc.array(fc.constantFrom('word ', 'a ', '漢字', '\n', 'longer-than-a-row ', '👨‍👩‍👧 ', '\u001b[2J'), {
      maxLength: 40,
    });
    fc.assert(
      fc.property(words, fc.integer({ min: 4, max: 20 }), fc.integer({ min: 1, max: 6 }), (pieces, width, height) => {
        const window = createLaneWindow();
        let text = '';
        for (const piece of pieces) {
          text += piece;
          const rows = window.rows(answer(text), width, height);
          const whole = wrapRows(text.replaceAll('\u001b', '␛'), width).map((row) => row.text);
          expect(rows.map((row) => row.trimEnd())).toEqual(whole.slice(-height).map((row) => row.trimEnd()));
          for (const row of rows) expect(stringWidth(row)).toBe(width);
        }
      }),
    );
  });

  it('is refilled at another size without reading all of a long answer', () => {
    const window = createLaneWindow();
    const long = Array.from({ length: 5000 }, (_, index) => `line ${index}`).join('\n');
    window.rows(answer(long), 40, 4);
    expect(window.rows(answer(long), 20, 3)).toEqual(['line 4997', 'line 4998', 'line 4999'].map((row) => row.padEnd(20)));
    const emojis = '😀'.repeat(50_000);
    expect(window.rows(answer(emojis), 11, 2)).toEqual(['😀😀😀😀😀 ', expect.stringMatching(/^(😀){1,5} +$/u)]);
  });
});
