import type { ChatRequest, CompletionEvent } from '../../../apis/completion.ts';
import type { FieldValues } from '../fields.ts';
import type { EncoderOptions, StreamEncoder, StreamPiece } from '../served-dialect.ts';
import { routerMetadataField, withFailureFields, withRouterMetadata } from '../with-router-metadata.ts';
import { contentText, ContentWriter, withContentCost } from './content-writer.ts';
import { geminiError } from './gemini-error.ts';
import { askedForm } from './parse-request.ts';

const NOTHING: readonly StreamPiece[] = [];
/** Keeps the connection busy. Older versions of @google/genai fail on a comment, but all skip blank lines. */
const BLANK_LINE: readonly StreamPiece[] = [{ text: '\n' }];

/**
 * Encodes the responses of streamGenerateContent: as server-sent events, or as the items of one JSON list if the client does not
 * request events. Google's own are forwarded unchanged, except for the cost, which is added to the last counts.
 */
export class StreamedContent implements StreamEncoder {
  readonly contentType: string | undefined;
  readonly #writer: ContentWriter;
  readonly #options: EncoderOptions;
  readonly #isEvents: boolean;
  #hasBegun = false;
  #isPassed = false;
  #lastPassed = '';
  /** Google's response that may be the last one: the cost is known after it. */
  #held: string | undefined;

  constructor(request: ChatRequest, options: EncoderOptions) {
    this.#options = options;
    this.#writer = new ContentWriter(request);
    this.#isEvents = askedForm(request).isEvents;
    this.contentType = this.#isEvents ? undefined : 'application/json';
  }

  encode(event: CompletionEvent): readonly StreamPiece[] {
    if (event.type === 'heartbeat') return this.#isEvents ? BLANK_LINE : NOTHING;
    if (event.type === 'chunk' && event.dialect === 'gemini') {
      this.#isPassed = true;
      this.#lastPassed = event.data;
      const before = this.#takeHeld();
      if (!mayBeLast(event.data)) return [...before, this.#piece(event.data)];
      this.#held = event.data;
      return before;
    }
    if (this.#isPassed) return this.#seePassed(event);
    const response = this.#writer.encode(event);
    if (response === undefined) return NOTHING;
    const isLast = event.type === 'response-end';
    return [this.#piece(contentText(isLast ? { ...response, ...routerMetadataField(this.#options) } : response))];
  }

  fail(error: unknown, more: FieldValues): readonly StreamPiece[] {
    const isTold = tellsError(this.#lastPassed);
    if (isTold) this.#held &&= withFailureFields(this.#held, more);
    const before = this.#takeHeld();
    return isTold ? before : [...before, this.#piece(JSON.stringify({ ...geminiError(error), ...more }))];
  }

  end(): readonly StreamPiece[] {
    const before = this.#takeHeld();
    return this.#isEvents ? before : [...before, { text: this.#hasBegun ? '\n]\n' : '[]\n' }];
  }

  #seePassed(event: CompletionEvent): readonly StreamPiece[] {
    if (event.type === 'usage' && this.#held !== undefined) this.#held = withContentCost(this.#held, event.usage);
    if (event.type !== 'response-end') return NOTHING;
    this.#held &&= withRouterMetadata(this.#held, this.#options);
    return this.#takeHeld();
  }

  #takeHeld(): readonly StreamPiece[] {
    const held = this.#held;
    this.#held = undefined;
    return held === undefined ? NOTHING : [this.#piece(held)];
  }

  #piece(data: string): StreamPiece {
    if (this.#isEvents) return { data };
    const start = this.#hasBegun ? '\n,\r\n' : '[';
    this.#hasBegun = true;
    return { text: `${start}${data}` };
  }
}

/** Returns whether a response of Google has a finish reason, or only counts. */
function mayBeLast(data: string): boolean {
  return data.includes('"finishReason"') || !data.includes('"candidates"');
}

/** Returns whether the last data that the client received already reports the failure. */
function tellsError(data: string): boolean {
  try {
    return (JSON.parse(data) as { error?: unknown } | null)?.error !== undefined;
  } catch {
    return data !== '';
  }
}
