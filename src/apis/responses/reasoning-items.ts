import type { CompletionEvent } from '../completion.ts';
import type { ReasoningPart } from '../message.ts';

/** Marks reasoning of this API: only it can read what is encrypted. */
export const RESPONSES_REASONING = 'openai-responses-v1';

/** Between paragraphs that the API sends apart. */
const PARAGRAPH = '\n\n';

interface ReasoningItem {
  /** Position among the reasoning of the answer, from 0: the index of its parts. */
  index: number;
  /** By kind and paragraph: the text so far. */
  texts: Map<string, string>;
}

/**
 * The reasoning of an answer. An item may hold a summary, the reasoning itself and its encrypted form; the paragraphs of a summary come apart.
 * Texts that are told again whole add only what was missing.
 */
export class ReasoningItems {
  readonly #items = new Map<string, ReasoningItem>();
  #hasText = false;

  /** A piece of a paragraph. `item` tells items apart. */
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

  /** A paragraph told whole. */
  complete(item: string, kind: 'summary' | 'text', paragraph: number, whole: string): readonly CompletionEvent[] {
    const known = this.#items.get(item)?.texts.get(`${kind} ${paragraph}`) ?? '';
    return whole.startsWith(known) ? this.add(item, kind, paragraph, whole.slice(known.length)) : [];
  }

  /** What goes back to the model when the item is whole: its encrypted form and its id. */
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
