import type { ChatRequest, CompletionEvent, Usage } from '../../../apis/completion.ts';
import { type FieldValues, isFields } from '../fields.ts';
import type { EncoderOptions, WholeEncoder } from '../served-dialect.ts';
import { withRouterMetadata } from '../with-router-metadata.ts';
import { contentText, ContentWriter, withContentCost } from './content-writer.ts';

/** Encodes the single response of generateContent: Google's own with the cost added, or the merged responses of a stream. */
export class WholeContent implements WholeEncoder {
  readonly #writer: ContentWriter;
  readonly #options: EncoderOptions;
  readonly #own: string[] = [];
  readonly #parts: Record<string, unknown>[] = [];
  #last: FieldValues = {};
  #usage: Usage | undefined;

  constructor(request: ChatRequest, options: EncoderOptions) {
    this.#options = options;
    this.#writer = new ContentWriter(request);
  }

  add(event: CompletionEvent): void {
    if (event.type === 'chunk' && event.dialect === 'gemini') this.#own.push(event.data);
    if (event.type === 'usage') this.#usage = event.usage;
    const response = this.#writer.encode(event);
    if (response === undefined) return;
    this.#last = response;
    for (const part of candidateOf(response)?.parts ?? []) this.#addPart(part);
  }

  body(): string {
    return withRouterMetadata(this.#content(), this.#options);
  }

  #content(): string {
    const [own] = this.#own;
    if (own !== undefined && this.#own.length === 1) return this.#usage === undefined ? own : withContentCost(own, this.#usage);
    const candidate = candidateOf(this.#last);
    if (candidate === undefined) return contentText(this.#last);
    const content = { role: 'model', parts: this.#parts };
    return contentText({ ...this.#last, candidates: [{ ...candidate.fields, content }] });
  }

  /** Pieces of one text become one part. */
  #addPart(part: FieldValues): void {
    const last = this.#parts.at(-1);
    const isText = typeof part['text'] === 'string' && typeof last?.['text'] === 'string';
    if (!isText || last['thought'] !== part['thought']) {
      if (part['text'] !== '' || part['thoughtSignature'] !== undefined || last === undefined) this.#parts.push({ ...part });
      return;
    }
    Object.assign(last, part, { text: `${String(last['text'])}${String(part['text'])}` });
  }
}

function candidateOf(response: FieldValues): { fields: FieldValues; parts: readonly FieldValues[] } | undefined {
  const list = response['candidates'];
  const fields: unknown = Array.isArray(list) ? list[0] : undefined;
  const content = isFields(fields) ? fields['content'] : undefined;
  if (!isFields(fields) || !isFields(content)) return undefined;
  return { fields, parts: Array.isArray(content['parts']) ? content['parts'].filter(isFields) : [] };
}
