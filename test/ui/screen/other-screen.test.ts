import xterm from '@xterm/headless';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { openOtherScreen, type OtherScreen } from '../../../src/ui/screen/other-screen.ts';

const JOB_CONTROL = { hold: () => () => undefined, suspend: () => undefined };

/** Returns the alternate screen of an emulator, what was written to it, and the rows that it shows. */
function opened(
  columns: number,
  rows: number,
): {
  screen: OtherScreen;
  /** Writes a frame as Ink does: it erases the rows of the last one, and writes nothing if they are the same. */
  draw: (rows: readonly string[]) => void;
  written: string[];
  resize: typeof terminal.resize;
  shown: () => Promise<string[]>;
} {
  const terminal = new xterm.Terminal({ cols: columns, rows, allowProposedApi: true, convertEol: true });
  const written: string[] = [];
  const stdout = {
    isTTY: true,
    get columns() {
      return terminal.cols;
    },
    get rows() {
      return terminal.rows;
    },
    write(text: string) {
      written.push(text);
      terminal.write(text);
      return true;
    },
  };
  const screen = openOtherScreen({
    stdin: { isTTY: false } as NodeJS.ReadStream,
    stdout: stdout as unknown as NodeJS.WriteStream,
    jobControl: JOB_CONTROL,
  });
  screen.enter();
  let before: readonly string[] | undefined;
  return {
    screen,
    draw(rows) {
      if (before?.join('\n') === rows.join('\n')) return;
      const erase = before === undefined ? '' : `${'\u001b[2K\u001b[1A'.repeat(before.length)}\u001b[2K\u001b[G`;
      before = rows;
      screen.stdout.write(erase + rows.map((row) => `${row}\n`).join(''));
    },
    written,
    resize: (cols, height) => terminal.resize(cols, height),
    async shown() {
      await new Promise<void>((resolve) => terminal.write('', resolve));
      const { active } = terminal.buffer;
      return Array.from(
        { length: terminal.rows },
        (_, y) =>
          active
            .getLine(active.baseY + y)
            ?.translateToString(false, 0, terminal.cols)
            .trimEnd() ?? '',
      );
    },
  };
}

const filled = (rows: readonly string[], height: number): string[] => [
  ...rows,
  ...Array.from({ length: height - rows.length }, () => ''),
];

test('the screen shows the last rows, whatever was painted before and however its size changes', async () => {
  const row = fc.string({ unit: fc.constantFrom('a', 'b', '日', 'é', '─'), maxLength: 19 });
  const frame = fc.record({
    rows: fc.array(fc.oneof(row, fc.constantFrom('', 'the-same-row')), { maxLength: 8 }),
    columns: fc.option(fc.integer({ min: 6, max: 60 })),
    height: fc.integer({ min: 3, max: 12 }),
    isRedrawn: fc.boolean(),
  });
  await fc.assert(
    fc.asyncProperty(fc.array(frame, { minLength: 1, maxLength: 8 }), async (frames) => {
      let [columns, height] = [60, 12];
      const { screen, draw, resize, shown } = opened(columns, height);
      for (const next of frames) {
        if (next.columns !== null) {
          [columns, height] = [next.columns, next.height];
          resize(columns, height);
        }
        if (next.columns !== null || next.isRedrawn) screen.redraw();
        // As views do, fewer rows and columns than there are.
        const rows = next.rows.slice(0, height - 2).map((text) => text.slice(0, Math.floor((columns - 1) / 2)));
        draw(rows);
        expect(await shown()).toEqual(filled(rows, height));
      }
    }),
    { numRuns: 60 },
  );
});

test('only rows that have changed are written', async () => {
  const { draw, written, shown } = opened(40, 10);
  draw(['one', 'two', 'three']);
  written.length = 0;
  draw(['one', '2', 'three']);
  expect(written.join('')).toContain('2');
  expect(written.join('')).not.toMatch(/one|three/);
  draw(['one']);
  expect(await shown()).toEqual(filled(['one'], 10));
  draw([]);
  expect(await shown()).toEqual(filled([], 10));
});

test('what Ink writes behind a frame stays, such as the cursor', () => {
  const { screen, draw, written } = opened(40, 10);
  draw(['one']);
  written.length = 0;
  for (const text of ['\u001b[?25l', '\u001b[2K\u001b[1A\u001b[2K\u001b[Gone\n\u001b[?25h', '\u001b[?25h'])
    screen.stdout.write(text);
  expect(written.join('')).toBe('\u001b[?25l\u001b[?25h\u001b[?25h');
});
