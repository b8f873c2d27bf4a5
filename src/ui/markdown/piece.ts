import { NO_MEANING } from '../../markdown/block.ts';
import type { Meaning, Theme } from '../../output/text/theme.ts';

/** Text of one style. Text is cut into rows before it is styled. */
export interface Piece {
  text: string;
  meanings: readonly Meaning[];
  /** The target of the link that the text belongs to. Untrusted. */
  address?: string;
  /** The text only shows the target of the link before it. */
  isAddress?: boolean;
}

/** One row of the screen, from left to right. */
export type PieceRow = readonly Piece[];

export function plainPiece(text: string): Piece {
  return { text, meanings: NO_MEANING };
}

export function paintRow(row: PieceRow, theme: Theme): string {
  let painted = '';
  let [meanings, text]: [readonly Meaning[], string] = [NO_MEANING, ''];
  for (const piece of row) {
    if (isSame(piece.meanings, meanings)) text += piece.text;
    else {
      if (text !== '') painted += theme.paint(meanings, text);
      ({ meanings, text } = piece);
    }
  }
  return text === '' ? painted : painted + theme.paint(meanings, text);
}

function isSame(one: readonly Meaning[], other: readonly Meaning[]): boolean {
  return one === other || (one.length === other.length && one.every((meaning, index) => meaning === other[index]));
}

/** The available width of a block, in columns. */
export interface BlockWidth {
  /** Up to the edge of the screen: for code, tables, and words longer than a row of prose. */
  all: number;
  /** For prose, because long rows are hard to read. Not more than `all`. */
  prose: number;
}

/** A block that is still being received. Finished rows are returned, the rest is buffered. */
export interface OpenBlock {
  /** Adds source and returns the rows that are now final. */
  push: (source: string) => PieceRow[];
  /** Ends the block and returns the remaining rows. */
  end: () => PieceRow[];
  /** Returns the remaining rows as if the block ended with `source`. Changes nothing. */
  preview: (source: string) => PieceRow[];
  /** Uses another width for further rows. Returns the rows that are final in it. */
  resize: (width: BlockWidth) => PieceRow[];
}
