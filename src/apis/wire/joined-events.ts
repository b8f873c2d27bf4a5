import type { CompletionEvent } from '../completion.ts';

/** In UTF-16 units. A longer piece would reach the user later, and a budget that ends during an answer would stop it later. */
const LONGEST_PIECE = 4096;

/**
 * Collects the events of one piece of a reply, with neighboring pieces of text joined. Each event passes through every stage
 * between the API and the output, which takes several times as long as decoding it. The first piece of text stays separate: it
 * tells when the answer began.
 */
export class JoinedEvents {
  #events: CompletionEvent[] = [];
  #hasText = false;
  /** The last event can take more text. */
  #isOpen = false;

  add(event: CompletionEvent): void {
    const at = this.#events.length - 1;
    const last = this.#isOpen ? this.#events[at] : undefined;
    if (last?.type === event.type && isJoinable(last) && isJoinable(event)) {
      if (last.text.length + event.text.length <= LONGEST_PIECE) {
        this.#events[at] = { type: last.type, text: last.text + event.text };
        return;
      }
    }
    this.#events.push(event);
    this.#isOpen = this.#hasText && isJoinable(event);
    this.#hasText ||= isJoinable(event);
  }

  /** Returns the events since the last call. */
  take(): readonly CompletionEvent[] {
    const events = this.#events;
    this.#events = [];
    this.#isOpen = false;
    return events;
  }
}

/** A refusal is marked, so it is not joined with other text. */
function isJoinable(event: CompletionEvent): event is Extract<CompletionEvent, { type: 'text-delta' | 'reasoning-delta' }> {
  return event.type === 'reasoning-delta' || (event.type === 'text-delta' && event.isRefusal === undefined);
}
