import { cutRows } from './cut-rows.ts';
import type { CodeColors } from './highlighter.ts';
import { type OpenBlock, type PieceRow, plainPiece } from './piece.ts';

/** Where so many columns are not left, code is not indented. */
const LEAST_WIDTH = 12;
const INDENT = 2;

/** Lines as they stand, each shown as soon as it is complete. `push` takes whole lines without their newline, and parts of very long ones. */
export function createCodeBlock(initialWidth: number, colors: CodeColors): OpenBlock {
  let width = initialWidth;
  /** Empty lines are shown when something follows them. */
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
