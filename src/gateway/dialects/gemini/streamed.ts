import type { ChatRequest, CompletionEvent } from '../../../apis/completion.ts';
import type { StreamEncoder, StreamPiece } from '../served-dialect.ts';
import { contentText, ContentWriter } from './content-writer.ts';
import { geminiError } from './gemini-error.ts';
import { askedForm } from './parse-request.ts';

const NOTHING: readonly StreamPiece[] = [];
/** Keeps the connection busy. Older versions of @google/genai fail on a comment, but all skip blank lines. */
const BLANK_LINE: readonly StreamPiece[] = [{ text: '\n' }];

/**
 * Encodes the responses of streamGenerateContent: as server-sent events, or as the items of one JSON list if the client does not
 * request events. Google's own are forwarded unchanged.
 */
export class StreamedContent implements StreamEncoder {
  readonly contentType: string | undefined;
  readonly #writer: ContentWriter;
  readonly #isEvents: boolean;
  #hasBegun = false;
  #isPassed = false;
  #lastPassed = '';

  constructor(request: ChatRequest) {
    this.#writer = new ContentWriter(request);
    this.#isEvents = askedForm(request).isEvents;
    this.contentType = this.#isEvents ? undefined : 'application/json';
  }

  encode(event: CompletionEvent): readonly StreamPiece[] {
    if (event.type === 'heartbeat') return this.#isEvents ? BLANK_LINE : NOTHING;
    if (event.type === 'chunk' && event.dialect === 'gemini') {
      this.#isPassed = true;
      this.#lastPassed = event.data;
      return [this.#piece(event.data)];
    }
    if (this.#isPassed) return NOTHING;
    const response = this.#writer.encode(event);
    return response === undefined ? NOTHING : [this.#piece(contentText(response))];
  }

  fail(error: unknown): readonly StreamPiece[] {
    return tellsError(this.#lastPassed) ? NOTHING : [this.#piece(JSON.stringify(geminiError(error)))];
  }

  end(): readonly StreamPiece[] {
    return this.#isEvents ? NOTHING : [{ text: this.#hasBegun ? '\n]\n' : '[]\n' }];
  }

  #piece(data: string): StreamPiece {
    if (this.#isEvents) return { data };
    const start = this.#hasBegun ? '\n,\r\n' : '[';
    this.#hasBegun = true;
    return { text: `${start}${data}` };
  }
}

/** Returns whether the last data that the client received already reports the failure. */
function tellsError(data: string): boolean {
  try {
    return (JSON.parse(data) as { error?: unknown } | null)?.error !== undefined;
  } catch {
    return data !== '';
  }
}
