import type { Annotation } from '../../../apis/message.ts';
import { type FieldValues, isFields } from '../fields.ts';
import type { ItemPlace, ItemStatus, OpenItem } from './item-place.ts';

type PartKind = 'output_text' | 'refusal';

interface TextPart {
  kind: PartKind;
  text: string;
  annotations: FieldValues[];
}

/** An output message: its text, or the model's refusal to answer. */
export class MessageOutput implements OpenItem {
  readonly #place: ItemPlace;
  readonly #parts: TextPart[] = [];

  constructor(place: ItemPlace) {
    this.#place = place;
    place.open({ type: 'message', role: 'assistant', content: [] });
  }

  add(kind: PartKind, text: string): void {
    const part = this.#part(kind);
    part.text += text;
    const fields = { content_index: this.#parts.length - 1, delta: text };
    if (kind === 'refusal') this.#place.emit('response.refusal.delta', fields);
    else this.#place.emit('response.output_text.delta', { ...fields, logprobs: [] });
  }

  cite(annotation: Annotation & { kind: 'citation' }): void {
    const part = this.#part('output_text');
    const wire = citation(annotation, part.text.length);
    this.#place.emit('response.output_text.annotation.added', {
      content_index: this.#parts.length - 1,
      annotation_index: part.annotations.length,
      annotation: wire,
    });
    part.annotations.push(wire);
  }

  close(status: ItemStatus): FieldValues {
    this.#closePart();
    return this.#place.close({ type: 'message', role: 'assistant', content: this.#parts.map(partObject) }, status);
  }

  #part(kind: PartKind): TextPart {
    const last = this.#parts.at(-1);
    if (last?.kind === kind) return last;
    this.#closePart();
    const part = { kind, text: '', annotations: [] };
    this.#parts.push(part);
    this.#place.emit('response.content_part.added', { content_index: this.#parts.length - 1, part: partObject(part) });
    return part;
  }

  #closePart(): void {
    const part = this.#parts.at(-1);
    if (part === undefined) return;
    const fields = { content_index: this.#parts.length - 1 };
    if (part.kind === 'refusal') this.#place.emit('response.refusal.done', { ...fields, refusal: part.text });
    else this.#place.emit('response.output_text.done', { ...fields, text: part.text, logprobs: [] });
    this.#place.emit('response.content_part.done', { ...fields, part: partObject(part) });
  }
}

function partObject({ kind, text, annotations }: TextPart): FieldValues {
  return kind === 'refusal' ? { type: kind, refusal: text } : { type: kind, text, annotations: [...annotations], logprobs: [] };
}

/** A source without a position is placed at the end of the current text. */
function citation({ url, title, apiData }: Annotation & { kind: 'citation' }, at: number): FieldValues {
  const own = apiData?.['openrouter'];
  const inner = isFields(own) && isFields(own['url_citation']) ? own['url_citation'] : {};
  const [start, end] = [inner['start_index'], inner['end_index']];
  return {
    type: 'url_citation',
    url,
    title: title ?? '',
    start_index: typeof start === 'number' ? start : at,
    end_index: typeof end === 'number' ? end : at,
  };
}
