import { NO_MEANING } from '../../markdown/block.ts';
import type { Meaning, Theme } from '../../output/text/theme.ts';

/** Text of one style. What is shown as several pieces is never styled before it is cut into rows. */
export interface Piece {
  text: string;
  meanings: readonly Meaning[];
  /** Where the link goes that this is part of. Untrusted. */
  address?: string;
  /** It only tells where the link before it goes. */
  isAddress?: boolean;
}

/** One row of the screen, left to right. */
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

/** The room for a block, in columns. */
export interface BlockWidth {
  /** To the edge of the screen: for code, tables, and words that are longer than a row of prose. */
  all: number;
  /** For prose: long rows are hard to read. At most as many. */
  prose: number;
}

/** A part of a document that is being received: what is finished is given out, the rest is buffered. */
export interface OpenBlock {
  /** Takes more of the block's source, and gives the rows that are final with it. */
  push: (source: string) => PieceRow[];
  /** The rows of what is left. The block is over. */
  end: () => PieceRow[];
  /** The rows of what is left, as they would be if the block ended with this as well. Changes nothing. */
  preview: (source: string) => PieceRow[];
  /** From here on rows of another width: gives those that are final in it. */
  resize: (width: BlockWidth) => PieceRow[];
}
