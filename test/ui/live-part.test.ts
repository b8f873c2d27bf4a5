import xterm from '@xterm/headless';
import fc from 'fast-check';
import stringWidth from 'string-width';
import { expect, test } from 'vitest';
import { createLivePart } from '../../src/ui/talk/live-part.ts';

const WIDE = 60;

/** As Ink writes a frame: its rows, then the cursor up to its place. */
function frameText(rows: readonly string[], cursor: { x: number; y: number }): string {
  const up = rows.length - cursor.y;
  return `${rows.join('\n')}\n${up > 0 ? `\u001b[${up}A` : ''}\u001b[${cursor.x + 1}G\u001b[?25h`;
}

/** As Ink takes it away: down from the cursor to the row behind the last, then up, each row erased. */
function clearText(rows: readonly string[], cursor: { y: number }): string {
  const down = rows.length - cursor.y;
  const erased = Array.from({ length: rows.length + 1 }, () => '\u001b[2K').join('\u001b[1A');
  return `${down > 0 ? `\u001b[${down}B` : ''}\u001b[1G${erased}\u001b[G`;
}

test('of a live part nothing stays behind on a terminal that becomes narrower, and nothing above it goes', async () => {
  const row = fc.string({ unit: fc.constantFrom('a', 'b', ' ', '日', 'é'), maxLength: 28 });
  // What stands below the cursor fits: emulators are of different minds about where the cursor is when it does not.
  const screens = fc.record({
    above: fc.array(row, { minLength: 1, maxLength: 6 }),
    status: fc.string({ unit: 'grapheme-ascii', maxLength: 9 }),
    columns: fc.integer({ min: 10, max: WIDE - 1 }),
  });
  await fc.assert(
    fc.asyncProperty(screens, async ({ above, status, columns }) => {
      const rows = [...above, status];
      const y = above.length - 1;
      const terminal = new xterm.Terminal({ cols: WIDE, rows: 40, allowProposedApi: true, convertEol: true });
      const live = createLivePart();
      const write = (text: string): Promise<void> => new Promise((resolve) => terminal.write(text, resolve));
      // The cursor stands behind what is typed, not beyond its row.
      const cursor = { x: Math.min(2, stringWidth(rows[y]!)), y };
      const frame = frameText(rows, cursor);
      live.see(frame);
      await write(`the transcript\n${frame}`);
      terminal.resize(columns, 40);
      await write(live.afterNarrowing(columns));
      await write(`${clearText(rows, cursor)}END`);
      const { active } = terminal.buffer;
      const text = Array.from({ length: active.length }, (_, index) => active.getLine(index)?.translateToString(true) ?? '');
      terminal.dispose();
      expect(text.join('').replaceAll(/\s/g, '')).toBe('thetranscriptEND');
    }),
    // Wide characters are not cut in two: 22 columns take three rows of eleven, not two.
    { examples: [[{ above: ['日'.repeat(11), 'ab'], status: '', columns: 11 }]] },
  );
});

test('what is erased, and what only moves the cursor, is understood', () => {
  const live = createLivePart();
  expect(live.afterNarrowing(10)).toBe('');
  live.see(frameText(['one', 'two'], { x: 0, y: 0 }));
  expect(live.afterNarrowing(10)).toBe('\r\u001b[J\n\n\u001b[2A');
  live.see('\u001b[?25l\u001b[2B\u001b[1G\u001b[1A\u001b[3G\u001b[?25h');
  expect(live.afterNarrowing(10)).toBe('\r\u001b[1A\u001b[J\n\n\u001b[1A');
  live.see(clearText(['one', 'two'], { y: 1 }));
  expect(live.afterNarrowing(10)).toBe('');
});
