import type { ReasoningPart } from '../../../apis/message.ts';
import { addReasoningParts } from '../../../core/answer/reasoning-parts.ts';
import type { FieldValues } from '../fields.ts';
import { sealReasoning } from '../sealed-reasoning.ts';
import type { ItemPlace, ItemStatus, OpenItem } from './item-place.ts';

/**
 * An output item of reasoning. Only the part that follows a text tells whether it is the reasoning itself or a summary, so the
 * first piece is held back until then. `encrypted_content` contains what the vendor requires back, whichever vendor it is.
 */
export class ReasoningOutput implements OpenItem {
  readonly #place: ItemPlace;
  readonly #answeredBy: string;
  #parts: readonly ReasoningPart[] = [];
  #text = '';
  /** Undefined while nothing has been sent. */
  #kind: 'summary' | 'text' | undefined;
  #waiting = '';

  constructor(place: ItemPlace, answeredBy: string) {
    this.#place = place;
    this.#answeredBy = answeredBy;
    place.open({ type: 'reasoning', summary: [] });
  }

  add(text: string): void {
    if (this.#kind === undefined && this.#waiting === '') {
      this.#waiting = text;
      return;
    }
    this.#flush('text');
    this.#tell(text);
  }

  addParts(parts: readonly ReasoningPart[]): void {
    this.#parts = addReasoningParts(this.#parts, parts);
    if (this.#waiting !== '') this.#flush(parts.some(({ kind }) => kind === 'summary') ? 'summary' : 'text');
  }

  close(status: ItemStatus): FieldValues {
    if (this.#waiting !== '') this.#flush('text');
    const text = this.#text;
    const content = { type: 'reasoning_text', text };
    const summary = { type: 'summary_text', text };
    if (this.#kind === 'summary') {
      this.#place.emit('response.reasoning_summary_text.done', { summary_index: 0, text });
      this.#place.emit('response.reasoning_summary_part.done', { summary_index: 0, part: summary });
    } else if (this.#kind === 'text') {
      this.#place.emit('response.reasoning_text.done', { content_index: 0, text });
      this.#place.emit('response.content_part.done', { content_index: 0, part: content });
    }
    const item = {
      type: 'reasoning',
      summary: this.#kind === 'summary' ? [summary] : [],
      ...(this.#kind === 'text' && { content: [content] }),
      // Present even when empty: without it, no vendor would accept the reasoning back.
      encrypted_content: sealReasoning({ parts: this.#parts, answeredBy: this.#answeredBy }),
    };
    return this.#place.close(item, status);
  }

  #flush(kind: 'summary' | 'text'): void {
    if (this.#kind !== undefined) return;
    this.#kind = kind;
    if (kind === 'summary') {
      this.#place.emit('response.reasoning_summary_part.added', { summary_index: 0, part: { type: 'summary_text', text: '' } });
    } else {
      this.#place.emit('response.content_part.added', { content_index: 0, part: { type: 'reasoning_text', text: '' } });
    }
    const waiting = this.#waiting;
    this.#waiting = '';
    this.#tell(waiting);
  }

  #tell(text: string): void {
    if (text === '') return;
    this.#text += text;
    if (this.#kind === 'summary') this.#place.emit('response.reasoning_summary_text.delta', { summary_index: 0, delta: text });
    else this.#place.emit('response.reasoning_text.delta', { content_index: 0, delta: text });
  }
}
