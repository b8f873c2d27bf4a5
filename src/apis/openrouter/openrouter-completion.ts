import { unrepeatable } from '../../errors.ts';
import type { HttpRequest, HttpResponse } from '../../http/exchange.ts';
import { readText, startOf } from '../../http/read-body.ts';
import { sseBatches } from '../../http/sse.ts';
import { exactJson } from '../../text/exact-json.ts';
import { decodeStream, StreamDecoder } from '../chat-completions/decode-stream.ts';
import { wholeReplyBatch } from '../chat-completions/whole-reply.ts';
import type { AnswerSink, ChatRequest, CompletionEvent, StreamOptions } from '../completion.ts';
import type { DecodeOptions, WireItem } from '../dialect.ts';
import { refuseUntranslated } from '../original-request.ts';
import { pushEvents } from '../push-events.ts';
import { hideSecrets } from '../wire/errors/hide-key.ts';
import { tellHeadroom } from '../wire/limits/request-headroom.ts';
import { contentEncoding, MAX_JSON_BYTES, unpackedBody } from '../wire/packed-reply.ts';
import { PushedReply } from '../wire/pushed-reply.ts';
import { refusedReply } from '../wire/errors/refused-reply.ts';
import type { WireObject } from '../wire/wire-value.ts';
import { encodeRequest } from './encode-request.ts';

export const COMPLETIONS = '/chat/completions';
const HEAD_ARRIVED: readonly WireItem[] = [{ type: 'comment' }];

export type SendOptions = Pick<StreamOptions, 'signal' | 'limits' | 'gatherMs' | 'onHeadroom'>;

export type Send = (
  method: 'POST',
  path: string,
  call: SendOptions,
  headers: Record<string, string>,
  body: string,
  receive?: HttpRequest['receive'],
) => Promise<HttpResponse>;

interface CompletionParts {
  apiKey?: string | undefined;
  headers?: Readonly<Record<string, string>> | undefined;
  stallMs?: number | undefined;
  now: () => number;
}

/** One completion of OpenRouter, as events that the caller pulls (`events`) or that are pushed (`push`). */
export class OpenRouterCompletion {
  readonly #request: ChatRequest;
  readonly #call: StreamOptions;
  readonly #parts: CompletionParts;
  readonly #send: Send;
  readonly #decoding: DecodeOptions;

  constructor(request: ChatRequest, call: StreamOptions, parts: CompletionParts, send: Send) {
    this.#request = request;
    this.#call = call;
    this.#parts = parts;
    this.#send = send;
    const decoding: DecodeOptions = {
      includeChunks: call.includeChunks,
      toolNames: request.tools?.flatMap((tool) => (tool.type === 'function' ? tool.name : [])),
      stallMs: parts.stallMs,
      refine: (error) => hideSecrets(decoding.isAccepted === true ? unrepeatable(error) : error, parts),
    };
    this.#decoding = decoding;
  }

  /**
   * Yields the events. Sends the request when the first event is requested. Events pass through a single generator, because each
   * one costs time per token.
   */
  events(): AsyncGenerator<CompletionEvent, void, undefined> {
    return decodeStream(this.#batches(), this.#decoding);
  }

  /** Pushes the same events to `sink` as they arrive. */
  async push(sink: AnswerSink): Promise<void> {
    const decoding = this.#decoding;
    const reply = new PushedReply(new StreamDecoder(decoding, undefined), decoding, sink, {
      joinsText: true,
      wholeItems: (text) => wholeReplyBatch(text, decoding.requestId),
    });
    let isPushed = false;
    let response: HttpResponse;
    try {
      response = await this.#ask((head, flow) => {
        isPushed = isGood(head) && isNamedStream(head) === true && contentEncoding(head) === undefined;
        if (!isPushed) return undefined;
        this.#accept(head);
        reply.begin(flow, decoding.requestId !== undefined);
        return reply;
      });
    } catch (error) {
      throw decoding.refine!(error);
    }
    return isPushed ? reply.done : pushEvents(decodeStream(this.#batches(response), decoding), sink);
  }

  async *#batches(given?: HttpResponse): AsyncGenerator<readonly WireItem[], void, undefined> {
    const decoding = this.#decoding;
    const response = given ?? (await this.#ask());
    decoding.requestId = requestIdOf(response);
    try {
      if (!isGood(response)) {
        const usages: WireObject[] = [];
        const error = await refusedReply(response, { now: this.#parts.now, onUsage: (usage) => usages.push(usage) });
        if (usages.length > 0) yield usages.map((usage) => ({ type: 'data', data: JSON.stringify({ usage }) }));
        throw error;
      }
      this.#accept(response);
      decoding.release = () => response.cancel();
      const unpacked = await unpackedBody(response);
      // The ledger gets the generation id before anything is billed.
      if (decoding.requestId !== undefined) yield HEAD_ARRIVED;
      const { start, body } = await startOf(unpacked, 1, { skipSpace: true });
      const isStream = isEventStream(start[0]) ?? isNamedStream(response) ?? this.#request.stream;
      if (isStream) yield* sseBatches(body);
      else yield wholeReplyBatch(await readText(body, MAX_JSON_BYTES), decoding.requestId);
    } finally {
      // After an early exit, a failure or an abort, close the connection, so that the provider stops and costs end.
      if (decoding.isComplete !== true) response.cancel();
    }
  }

  async #ask(receive?: HttpRequest['receive']): Promise<HttpResponse> {
    refuseUntranslated(this.#request, 'OpenRouter');
    const body = exactJson(encodeRequest(this.#request));
    return this.#send('POST', COMPLETIONS, this.#call, completionHeaders(this.#request), body, receive);
  }

  #accept(head: HttpResponse): void {
    this.#decoding.requestId = requestIdOf(head);
    this.#decoding.isAccepted = true;
    tellHeadroom(head, this.#parts.now, this.#call);
  }
}

export function completionHeaders(request: ChatRequest): Record<string, string> {
  return {
    accept: request.stream ? 'text/event-stream' : 'application/json',
    'content-type': 'application/json',
    'x-openrouter-metadata': 'enabled',
  };
}

function isGood({ status }: HttpResponse): boolean {
  return status >= 200 && status <= 299;
}

function requestIdOf({ headers }: HttpResponse): string | undefined {
  return headers['x-generation-id'];
}

/** Undefined without a content type. */
function isNamedStream({ headers }: HttpResponse): boolean | undefined {
  return headers['content-type']?.includes('event-stream');
}

/**
 * Returns whether an answer is an event stream, by its first byte: the API may answer a streaming request with one JSON body, and
 * proxies may change the content type. Returns undefined when the byte does not decide.
 */
function isEventStream(first: number | undefined): boolean | undefined {
  const character = first === undefined ? '' : String.fromCharCode(first);
  // The first characters of SSE fields and comments; no JSON begins with them.
  if (':dire'.includes(character) && character !== '') return true;
  return '{[<'.includes(character) && character !== '' ? false : undefined;
}
