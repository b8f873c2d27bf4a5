import { cutRows } from './cut-rows.ts';
import type { CodeColors } from './highlighter.ts';
import { type OpenBlock, type PieceRow, plainPiece } from './piece.ts';

/** In fewer columns, code is not indented. */
const LEAST_WIDTH = 12;
const INDENT = 2;

/**
 * Creates a block that shows each line unchanged as soon as it is complete. `push` takes whole lines without their newline, or
 * parts of very long lines.
 */
export function createCodeBlock(initialWidth: number, colors: CodeColors): OpenBlock {
  let width = initialWidth;
  /** Empty lines that are shown when a non-empty line follows. */
  let blanks = 0;
  const indented = (pieces: Parameters<typeof cutRows>[0]): PieceRow[] => {
    const indent = width < LEAST_WIDTH ? 0 : INDENT;
    return cutRows(pieces, width - indent).map((row) =>
      indent === 0 || row.length === 0 ? row : [plainPiece(' '.repeat(indent)), ...row],
    );
  };
  const blankRows = (): PieceRow[] => Array.from({ length: blanks }, () => []);
  return {
    push(source) {
      const pieces = colors.line(source);
      if (source.trim() === '') {
        blanks += 1;
        return [];
      }
      const rows = [...blankRows(), ...indented(pieces)];
      blanks = 0;
      return rows;
    },
    end: () => [],
    preview: (source) => (source.trim() === '' ? [] : [...blankRows(), ...indented(colors.preview(source))]),
    resize(next) {
      width = next.all;
      return [];
    },
  };
}
