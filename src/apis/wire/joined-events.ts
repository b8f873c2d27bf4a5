import type { CompletionEvent } from '../completion.ts';

/** In UTF-16 units. A longer piece would reach the user later, and a budget that ends during an answer would stop it later. */
const LONGEST_PIECE = 4096;

/**
 * Collects the events of one piece of a reply, with neighboring pieces of text joined. Each event passes through every stage
 * between the API and the output, which takes several times as long as decoding it. The first piece of text stays separate: it
 * tells when the answer began.
 */
export class JoinedEvents {
  readonly #joinsChunks: boolean;
  #events: CompletionEvent[] = [];
  #hasText = false;
  /** The last event can take more text. */
  #isOpen = false;
  /** The last chunk, if the text of the next event decides whether it is joined with the one before. */
  #next: FilledChunk | undefined;
  /** The texts that were added to the last chunk. */
  #more: string[] | undefined;

  /** `joinsChunks`: chunks of one form are joined as well (`filled.more`), for readers that expect it. */
  constructor({ joinsChunks = false }: { joinsChunks?: boolean | undefined } = {}) {
    this.#joinsChunks = joinsChunks;
  }

  add(event: CompletionEvent): void {
    if (this.#next !== undefined) {
      if (this.#joinsNext(this.#next.filled.text, event)) return;
      this.#addNext();
    } else if (event.type === 'chunk' && this.#isOpen && this.#fits(event)) {
      this.#next = event;
      return;
    }
    const at = this.#events.length - 1;
    const last = this.#isOpen ? this.#events[at] : undefined;
    if (last?.type === event.type && isJoinable(last) && isJoinable(event)) {
      if (last.text.length + event.text.length <= LONGEST_PIECE) {
        this.#events[at] = { type: last.type, text: last.text + event.text };
        return;
      }
    }
    this.#push(event);
  }

  /** Returns the events since the last call. */
  take(): readonly CompletionEvent[] {
    this.#addNext();
    const events = this.#events;
    this.#events = [];
    this.#isOpen = false;
    this.#more = undefined;
    return events;
  }

  #push(event: CompletionEvent): void {
    this.#events.push(event);
    this.#isOpen = this.#hasText && isJoinable(event);
    this.#hasText ||= isJoinable(event);
    if (event.type === 'chunk') this.#more = undefined;
  }

  /** Returns whether a chunk has the form of the last one, whose text is the last event. */
  #fits(event: Extract<CompletionEvent, { type: 'chunk' }>): event is FilledChunk {
    if (!this.#joinsChunks || event.filled === undefined) return false;
    const last = this.#events.at(-2);
    return last?.type === 'chunk' && last.filled?.template === event.filled.template;
  }

  #joinsNext(text: string, event: CompletionEvent): boolean {
    const at = this.#events.length - 1;
    const last = this.#events[at]!;
    if (last.type !== 'text-delta' || event.type !== 'text-delta' || event.text !== text || !isJoinable(event)) return false;
    if (last.text.length + text.length > LONGEST_PIECE) return false;
    this.#next = undefined;
    this.#events[at] = { type: 'text-delta', text: last.text + text };
    if (this.#more === undefined) {
      const chunk = this.#events[at - 1] as FilledChunk;
      this.#more = [];
      this.#events[at - 1] = { ...chunk, filled: { ...chunk.filled, more: this.#more } };
    }
    this.#more.push(text);
    return true;
  }

  #addNext(): void {
    if (this.#next !== undefined) this.#push(this.#next);
    this.#next = undefined;
  }
}

type FilledChunk = Extract<CompletionEvent, { type: 'chunk' }> & {
  filled: NonNullable<Extract<CompletionEvent, { type: 'chunk' }>['filled']>;
};

/** A refusal is marked, so it is not joined with other text. */
function isJoinable(event: CompletionEvent): event is Extract<CompletionEvent, { type: 'text-delta' | 'reasoning-delta' }> {
  return event.type === 'reasoning-delta' || (event.type === 'text-delta' && event.isRefusal === undefined);
}
