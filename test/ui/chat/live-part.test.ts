import xterm from '@xterm/headless';
import fc from 'fast-check';
import stringWidth from 'string-width';
import { expect, test } from 'vitest';
import { createLivePart } from '../../../src/ui/chat/live-part.ts';

const WIDE = 60;

/** Returns a frame as Ink writes it: its rows, then the cursor moves up to its place. */
function frameText(rows: readonly string[], cursor: { x: number; y: number }): string {
  const up = rows.length - cursor.y;
  return `${rows.join('\n')}\n${up > 0 ? `\u001b[${up}A` : ''}\u001b[${cursor.x + 1}G\u001b[?25h`;
}

/** Returns how Ink removes a frame: from the cursor down to the row after the last, then up, erasing each row. */
function clearText(rows: readonly string[], cursor: { y: number }): string {
  const down = rows.length - cursor.y;
  const erased = Array.from({ length: rows.length + 1 }, () => '\u001b[2K').join('\u001b[1A');
  return `${down > 0 ? `\u001b[${down}B` : ''}\u001b[1G${erased}\u001b[G`;
}

/** Returns how Ink moves only the cursor: down to the row after the last, then up to its place. */
function moveText(rows: readonly string[], from: { y: number }, to: { x: number; y: number }): string {
  return `\u001b[?25l\u001b[${rows.length - from.y}B\u001b[1G\u001b[${rows.length - to.y}A\u001b[${to.x + 1}G\u001b[?25h`;
}

async function linesOf(terminal: InstanceType<typeof xterm.Terminal>): Promise<string[]> {
  await new Promise<void>((resolve) => terminal.write('', resolve));
  const { active } = terminal.buffer;
  return Array.from({ length: active.length }, (_, index) => active.getLine(index)?.translateToString(true) ?? '');
}

test('a live part leaves nothing behind on a terminal that becomes narrower, and nothing above it is lost', async () => {
  const row = fc.string({ unit: fc.constantFrom('a', 'b', ' ', '日', 'é'), maxLength: 28 });
  // The rows below the cursor fit on the screen: emulators differ in where the cursor is when they do not.
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
      const live = createLivePart(() => terminal.cols);
      const write = (text: string): void => terminal.write(text);
      // The cursor is after the typed text, not beyond its row.
      const cursor = { x: Math.min(2, stringWidth(rows[y]!)), y };
      write(`the transcript\n${live.rewrite(frameText(rows, cursor))}`);
      await linesOf(terminal);
      terminal.resize(columns, 40);
      write(`${live.rewrite(clearText(rows, cursor))}END`);
      const text = await linesOf(terminal);
      terminal.dispose();
      expect(text.join('').replaceAll(/\s/g, '')).toBe('thetranscriptEND');
    }),
    // Wide characters are not split: 22 columns take three rows of eleven, not two.
    { examples: [[{ above: ['日'.repeat(11), 'ab'], status: '', columns: 11 }]] },
  );
});

test('a terminal that becomes wider and shorter at once loses no line, and shows the whole live part', async () => {
  const sizes = fc.array(fc.record({ columns: fc.integer({ min: 40, max: 120 }), rows: fc.integer({ min: 8, max: 40 }) }), {
    minLength: 1,
    maxLength: 6,
  });
  const transcript = Array.from({ length: 60 }, (_, index) => `line ${index}`);
  await fc.assert(
    fc.asyncProperty(sizes, fc.boolean(), async (steps, isTold) => {
      const terminal = new xterm.Terminal({ cols: 40, rows: 30, allowProposedApi: true, convertEol: true, scrollback: 1000 });
      const live = createLivePart(() => terminal.cols);
      const rows = ['', '› draft', '  status'];
      const cursor = { x: 4, y: 1 };
      terminal.write(`${transcript.join('\n')}\n${live.rewrite(frameText(rows, cursor))}`);
      let columns = 40;
      for (const step of steps) {
        await linesOf(terminal);
        terminal.resize(step.columns, step.rows);
        // Either the program is notified, or it continues writing before that.
        if (isTold && step.columns >= columns) terminal.write(live.redraw(step.rows));
        else terminal.write(live.rewrite(clearText(rows, cursor) + frameText(rows, cursor)));
        columns = step.columns;
      }
      const text = await linesOf(terminal);
      terminal.dispose();
      expect(text.filter((line) => line.startsWith('line '))).toEqual(transcript);
      expect(text.filter((line) => line.trim() !== '').slice(60)).toEqual(['› draft', '  status']);
    }),
    { examples: [[[{ columns: 110, rows: 20 }], true]] },
  );
});

test("a pure cursor movement starts from the cursor's position", () => {
  const live = createLivePart(() => 40);
  const rows = ['one', 'two', 'three'];
  live.rewrite(frameText(rows, { x: 0, y: 0 }));
  expect(live.rewrite(moveText(rows, { y: 0 }, { x: 2, y: 1 }))).toBe('\u001b[?25l\u001b[1B\u001b[3G\u001b[?25h');
  expect(live.rewrite(moveText(rows, { y: 1 }, { x: 0, y: 0 }))).toBe('\u001b[?25l\u001b[1A\u001b[1G\u001b[?25h');
  // A frame that was written without its cursor: the cursor follows separately, from after the last row.
  live.rewrite(`${rows.join('\n')}\n`);
  expect(live.rewrite('\u001b[2A\u001b[3G\u001b[?25h')).toBe('\u001b[?25l\u001b[2A\u001b[3G\u001b[?25h');
  expect(live.rewrite(clearText(rows, { y: 1 }))).toBe('\r\u001b[1A\u001b[2K\u001b[2G\u001b[J\r');
  live.rewrite(frameText(rows, { x: 0, y: 0 }));
  expect(live.rewrite(clearText(rows, { y: 0 }))).toBe('\r\u001b[2K\u001b[2G\u001b[J\r');
  expect(live.redraw(30)).toBe('');
  expect(live.rewrite('\u001b[?2026h')).toBe('\u001b[?2026h');
});
