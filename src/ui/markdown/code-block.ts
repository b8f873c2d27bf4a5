import type { Theme } from '../../output/text/theme.ts';
import { cutRows } from './cut-rows.ts';
import type { CodeColors } from './highlighter.ts';
import { type BlockWidth, NO_ROWS, type OpenBlock } from './piece.ts';

/** In fewer columns, code is not indented. */
const LEAST_WIDTH = 12;
const INDENT = '  ';
const BLANK = /^\s*$/;

/**
 * Creates a block that shows each line unchanged as soon as it is complete. `push` takes whole lines without their newline, or
 * parts of very long lines.
 */
export function createCodeBlock(width: number, theme: Theme, colors: CodeColors): OpenBlock {
  return new CodeBlock(width, theme, colors);
}

class CodeBlock implements OpenBlock {
  #width: number;
  readonly #theme: Theme;
  readonly #colors: CodeColors;
  /** Empty lines that are shown when a non-empty line follows. */
  #blanks = 0;

  constructor(width: number, theme: Theme, colors: CodeColors) {
    this.#width = width;
    this.#theme = theme;
    this.#colors = colors;
  }

  push(source: string): readonly string[] {
    const pieces = this.#colors.line(source);
    if (BLANK.test(source)) {
      this.#blanks += 1;
      return NO_ROWS;
    }
    const rows = this.#rows(pieces);
    this.#blanks = 0;
    return rows;
  }

  end(): readonly string[] {
    return NO_ROWS;
  }

  preview(source: string): readonly string[] {
    return BLANK.test(source) ? NO_ROWS : this.#rows(this.#colors.preview(source));
  }

  resize(next: BlockWidth): readonly string[] {
    this.#width = next.all;
    return NO_ROWS;
  }

  #rows(pieces: Parameters<typeof cutRows>[0]): readonly string[] {
    const indent = this.#width < LEAST_WIDTH ? '' : INDENT;
    const rows = cutRows(pieces, this.#width - indent.length, this.#theme);
    for (let index = 0; index < rows.length; index += 1) if (rows[index] !== '') rows[index] = indent + rows[index]!;
    return this.#blanks === 0 ? rows : [...Array.from({ length: this.#blanks }, () => ''), ...rows];
  }
}
