import { NO_ROWS, type OpenBlock } from './piece.ts';

/** Extends an open block without changing it. */
export class DraftBlock implements OpenBlock {
  readonly #block: OpenBlock;
  #added = '';

  constructor(block: OpenBlock) {
    this.#block = block;
  }

  push(source: string): readonly string[] {
    this.#added += source;
    return NO_ROWS;
  }

  end(): readonly string[] {
    return this.preview('');
  }

  preview(source: string): readonly string[] {
    return this.#block.preview(this.#added + source);
  }

  resize(): readonly string[] {
    return NO_ROWS;
  }
}
