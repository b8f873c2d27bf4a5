import type { CompletionEvent } from '../completion.ts';
import { asArray, asObject, asText } from '../wire/wire-value.ts';

/** The text of an answer, which may come in several messages, such as a remark before a call and the text after it. */
export class MessageItems {
  /** The text so far, by item and part. */
  readonly #texts = new Map<string, string>();
  readonly #cited = new Set<string>();
  #lastItem: string | undefined;
  /** The text is a refusal. */
  isRefusal = false;

  add(item: string, part: number, text: string, isRefusal = false): readonly CompletionEvent[] {
    if (text === '') return [];
    const key = `${item} ${part}`;
    this.#texts.set(key, (this.#texts.get(key) ?? '') + text);
    const isNext = this.#lastItem !== undefined && this.#lastItem !== item;
    this.#lastItem = item;
    if (isRefusal) this.isRefusal = true;
    return [{ type: 'text-delta', text: isNext ? `\n\n${text}` : text, ...(isRefusal && { isRefusal }) }];
  }

  /** Adds what was missing when the complete text arrives. */
  complete(item: string, part: number, whole: string, isRefusal = false): readonly CompletionEvent[] {
    const known = this.#texts.get(`${item} ${part}`) ?? '';
    return whole.startsWith(known) ? this.add(item, part, whole.slice(known.length), isRefusal) : [];
  }

  /** Adds a source, once per URL. Files in the vendor's own store are skipped, because a reader cannot open them. */
  cite(annotation: unknown): readonly CompletionEvent[] {
    const wire = asObject(annotation);
    const url = asText(wire?.['url']);
    if (wire?.['type'] !== 'url_citation' || url === undefined) return [];
    const title = asText(wire['title']);
    const key = JSON.stringify([url, wire['start_index'], wire['end_index']]);
    if (this.#cited.has(key)) return [];
    this.#cited.add(key);
    return [{ type: 'annotation', annotation: { kind: 'citation', url, ...(title !== undefined && { title }) } }];
  }

  /** Adds what was missing when the complete message arrives. */
  close(item: string, content: unknown): readonly CompletionEvent[] {
    return asArray(content).flatMap((value, index) => {
      const part = asObject(value);
      const refusal = part?.['type'] === 'refusal' ? asText(part['refusal']) : undefined;
      const text = refusal ?? asText(part?.['text']) ?? '';
      return [
        ...this.complete(item, index, text, refusal !== undefined),
        ...asArray(part?.['annotations']).flatMap((annotation) => this.cite(annotation)),
      ];
    });
  }
}
