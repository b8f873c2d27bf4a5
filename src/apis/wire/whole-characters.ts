import type { CompletionEvent } from '../completion.ts';

type Delta = Extract<CompletionEvent, { type: 'text-delta' | 'reasoning-delta' | 'tool-call-delta' }>;

/**
 * Joins characters that a server has split: a character beyond U+FFFF, such as an emoji, is two units of a JSON string, and they
 * may arrive in two chunks. The first half is held back until the second arrives, so that a consumer of deltas never sees half a
 * character.
 */
export class WholeCharacters {
  /** Halves held back, as the delta that will contain them, by the kind of delta and the tool call. */
  readonly #pending = new Map<string, Delta>();

  /** Returns the text of a delta with the half that was held back before it, and without the half that is now held back. */
  join(text: string): string {
    return this.#pending.size === 0 && !endsInHalf(text) ? text : this.#take('text-delta', { type: 'text-delta', text }, text);
  }

  /** Does the same for all deltas of a list, in place. Removes deltas that become empty. */
  joinAll(events: CompletionEvent[]): void {
    if (this.#pending.size === 0 && !events.some((event) => isDelta(event) && endsInHalf(textOf(event)))) return;
    const whole = events.flatMap((event): readonly CompletionEvent[] => {
      if (!isDelta(event)) return [event];
      const key = event.type === 'tool-call-delta' ? `${event.type} ${event.index}` : event.type;
      const text = this.#take(key, event, textOf(event));
      const isText = text !== '' || (event.type === 'tool-call-delta' && (event.id ?? event.name) !== undefined);
      return isText ? [withText(event, text)] : [];
    });
    events.splice(0, events.length, ...whole);
  }

  /** Returns the halves whose other half never arrived. */
  rest(): readonly CompletionEvent[] {
    const left = [...this.#pending.values()];
    this.#pending.clear();
    return left;
  }

  #take(key: string, event: Delta, text: string): string {
    const pending = this.#pending.get(key);
    const all = pending === undefined ? text : textOf(pending) + text;
    this.#pending.delete(key);
    if (!endsInHalf(all)) return all;
    const { type } = event;
    const half = all.slice(-1);
    this.#pending.set(key, type === 'tool-call-delta' ? { type, index: event.index, arguments: half } : { type, text: half });
    return all.slice(0, -1);
  }
}

function isDelta(event: CompletionEvent): event is Delta {
  return event.type === 'text-delta' || event.type === 'reasoning-delta' || event.type === 'tool-call-delta';
}

function textOf(event: Delta): string {
  return event.type === 'tool-call-delta' ? event.arguments : event.text;
}

function withText(event: Delta, text: string): CompletionEvent {
  return event.type === 'tool-call-delta' ? { ...event, arguments: text } : { ...event, text };
}

function endsInHalf(text: string): boolean {
  const last = text.charCodeAt(text.length - 1);
  return last >= 0xd800 && last <= 0xdbff;
}
