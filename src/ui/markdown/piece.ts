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
  const joined: Piece[] = [];
  for (const piece of row) {
    const last = joined.at(-1);
    if (last !== undefined && isSameStyle(last, piece)) joined[joined.length - 1] = { ...last, text: last.text + piece.text };
    else joined.push(piece);
  }
  return joined.map(({ text, meanings }) => theme.paint(meanings, text)).join('');
}

function isSameStyle(one: Piece, other: Piece): boolean {
  return one.meanings === other.meanings || one.meanings.join() === other.meanings.join();
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
