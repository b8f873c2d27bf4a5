import type { CompletionEvent } from '../completion.ts';
import type { ReasoningPart } from '../message.ts';

/** Marks reasoning of this API, which alone can read its encrypted form. */
export const RESPONSES_REASONING = 'openai-responses-v1';

/** Separates paragraphs that the API sends individually. */
const PARAGRAPH = '\n\n';

interface ReasoningItem {
  /** Index among the reasoning items of the answer, from 0; also the index of its parts. */
  index: number;
  /** The text so far, by kind and paragraph. */
  texts: Map<string, string>;
}

/**
 * The reasoning of an answer. An item may contain a summary, the reasoning itself and its encrypted form; the paragraphs of a
 * summary arrive separately. When a text arrives again in full, only the missing part is added.
 */
export class ReasoningItems {
  readonly #items = new Map<string, ReasoningItem>();
  #hasText = false;

  /** Adds a piece of a paragraph. `item` identifies the item. */
  add(item: string, kind: 'summary' | 'text', paragraph: number, text: string): readonly CompletionEvent[] {
    if (text === '') return [];
    const entry = this.#entry(item);
    const key = `${kind} ${paragraph}`;
    const before = entry.texts.get(key);
    const isNewParagraph = before === undefined;
    const isFirstOfKind = ![...entry.texts.keys()].some((other) => other.startsWith(`${kind} `));
    entry.texts.set(key, (before ?? '') + text);
    const shown = isNewParagraph && this.#hasText ? PARAGRAPH + text : text;
    const kept = isNewParagraph && !isFirstOfKind ? PARAGRAPH + text : text;
    this.#hasText = true;
    return [
      { type: 'reasoning-delta', text: shown },
      { type: 'reasoning-parts', parts: [{ kind, text: kept, format: RESPONSES_REASONING, index: entry.index }] },
    ];
  }

  /** Adds what was missing when the complete paragraph arrives. */
  complete(item: string, kind: 'summary' | 'text', paragraph: number, whole: string): readonly CompletionEvent[] {
    const known = this.#items.get(item)?.texts.get(`${kind} ${paragraph}`) ?? '';
    return whole.startsWith(known) ? this.add(item, kind, paragraph, whole.slice(known.length)) : [];
  }

  /** Ends an item: adds its encrypted form and id, which are sent back to the model. */
  close(item: string, id: string | undefined, encrypted: string | undefined): readonly CompletionEvent[] {
    const entry = this.#entry(item);
    const hasText = [...entry.texts.keys()].some((key) => key.startsWith('text '));
    if (encrypted === undefined && (id === undefined || !hasText)) return [];
    const part: ReasoningPart =
      encrypted === undefined
        ? { kind: 'text', text: '', format: RESPONSES_REASONING, index: entry.index, id }
        : { kind: 'encrypted', encrypted, format: RESPONSES_REASONING, index: entry.index, ...(id !== undefined && { id }) };
    return [{ type: 'reasoning-parts', parts: [part] }];
  }

  #entry(item: string): ReasoningItem {
    const known = this.#items.get(item);
    if (known !== undefined) return known;
    const entry = { index: this.#items.size, texts: new Map<string, string>() };
    this.#items.set(item, entry);
    return entry;
  }
}
