import { OrxError, unrepeatable } from '../../errors.ts';
import type { HttpResponse } from '../../http/exchange.ts';
import { ndjsonBatches } from '../../http/ndjson.ts';
import { readText, startOf } from '../../http/read-body.ts';
import { sseBatches } from '../../http/sse.ts';
import {
  type AnswerSink,
  type ChatRequest,
  type CompletionEvent,
  isVisible,
  type StreamOptions,
  type Usage,
} from '../completion.ts';
import type { DecodeOptions, Dialect, WireItem } from '../dialect.ts';
import { directId } from '../direct-id.ts';
import type { Vendor } from '../vendors.ts';
import { decodeAnswer } from '../wire/decode-answer.ts';
import { hideKey } from '../wire/errors/hide-key.ts';
import { contentEncoding, MAX_JSON_BYTES, unpackedBody } from '../wire/packed-reply.ts';
import { PushedReply } from '../wire/pushed-reply.ts';
import { refusedReply } from '../wire/errors/refused-reply.ts';
import { tellHeadroom } from '../wire/limits/request-headroom.ts';
import { type OutgoingRequest, outgoingRequest } from './outgoing-request.ts';
import { type KeyHeaders, requestIdOf, sendToVendor, type VendorConnection, withKey } from './vendor-connection.ts';

type Receive = Parameters<VendorConnection['http']['send']>[0]['receive'];

/**
 * One completion of a vendor, as events that the caller pulls (`events`) or that are pushed (`push`). They include `chunk` events
 * if the client uses the vendor's dialect.
 */
export class VendorCompletion {
  readonly #request: ChatRequest;
  readonly #call: StreamOptions;
  readonly #connection: VendorConnection & { dialect: Dialect };
  readonly #keyHeaders: KeyHeaders;
  readonly #decoding: DecodeOptions;
  /** Set before the request is sent. */
  #outgoing!: OutgoingRequest;
  /** The events from the first visible one on, when the client wants no stream and the vendor always streams. */
  readonly #held: CompletionEvent[] = [];
  readonly #holds: boolean;

  constructor(
    request: ChatRequest,
    call: StreamOptions,
    connection: VendorConnection & { dialect: Dialect },
    keyHeaders: KeyHeaders,
  ) {
    const { dialect, apiKey } = connection;
    this.#request = request;
    this.#call = call;
    this.#connection = connection;
    this.#keyHeaders = keyHeaders;
    this.#holds = !request.stream && dialect.alwaysStreams === true;
    const decoding: DecodeOptions = {
      stallMs: connection.stallMs,
      toolNames: request.tools?.flatMap((tool) => (tool.type === 'function' ? tool.name : [])),
      // A request that the vendor reports as failed is not billed; one that was cut off may be.
      refine: (error) => hideKey(decoding.isAccepted === true && !isRefusal(error) ? unrepeatable(error) : error, apiKey),
    };
    this.#decoding = decoding;
  }

  /** Yields the events. Sends the request when the first event is pulled. */
  async *events(): AsyncGenerator<CompletionEvent, void, undefined> {
    for (const text of this.#prepare()) yield { type: 'dropped', text };
    yield* this.#read();
  }

  /** Pushes the same events to `sink` as they arrive. */
  async push(sink: AnswerSink): Promise<void> {
    for (const text of this.#prepare()) sink.see({ type: 'dropped', text });
    const { dialect, vendor } = this.#connection;
    const decoding = this.#decoding;
    const emitting: AnswerSink = {
      see: this.#holds
        ? (event) => {
            for (const next of this.#emitted(event)) sink.see(next);
          }
        : (event) => sink.see(this.#named(event)),
      ready: sink.ready === undefined ? undefined : () => sink.ready!(),
    };
    const reply = new PushedReply(dialect.decoder(decoding, vendor), decoding, emitting, { joinsText: true, joinsChunks: true });
    let isPushed = false;
    let response: HttpResponse;
    try {
      response = await this.#send((head, flow) => {
        isPushed = dialect.framing === 'sse' && isGood(head) && contentEncoding(head) === undefined;
        if (!isPushed) return undefined;
        decoding.requestId = requestIdOf(head);
        decoding.isAccepted = true;
        tellHeadroom(head, this.#connection.now, this.#call);
        reply.begin(flow);
        return reply;
      });
    } catch (error) {
      throw decoding.refine!(error);
    }
    if (isPushed) return reply.done;
    for await (const event of this.#read(response)) {
      sink.see(event);
      await sink.ready?.();
    }
  }

  /** Translates the request. Returns the settings that are left out, in words for the user. */
  #prepare(): readonly string[] {
    const { dialect, vendor } = this.#connection;
    this.#outgoing = outgoingRequest(this.#request, dialect, vendor);
    this.#decoding.includeChunks = this.#call.includeChunks === true && this.#outgoing.isPassed;
    return this.#outgoing.dropped;
  }

  async *#read(response?: HttpResponse): AsyncGenerator<CompletionEvent, void, undefined> {
    const { dialect, vendor } = this.#connection;
    const decoding = this.#decoding;
    for await (const event of decodeAnswer(this.#batches(response), decoding, dialect.decoder(decoding, vendor)))
      for (const next of this.#emitted(event)) yield next;
  }

  /** Returns the events to emit for a decoded event: none while events are held back. */
  #emitted(one: CompletionEvent): readonly CompletionEvent[] {
    const event = this.#named(one);
    if (!this.#holds) return [event];
    if ((isVisible(event) || this.#held.length > 0) && event.type !== 'response-end') {
      this.#held.push(event);
      return [];
    }
    return [...this.#held.splice(0), event];
  }

  #named(event: CompletionEvent): CompletionEvent {
    const { dialect, vendor } = this.#connection;
    if (event.type === 'text-delta') return event;
    if (event.type === 'chunk')
      return { type: 'chunk', data: event.data, event: event.event, dialect: dialect.name, filled: event.filled };
    return named(event, vendor, this.#request.model);
  }

  #send(receive?: Receive): Promise<HttpResponse> {
    const { path, headers, text } = this.#outgoing;
    const { vendor, userAgent } = this.#connection;
    const { signal, limits, gatherMs } = this.#call;
    return sendToVendor(this.#connection, {
      method: 'POST',
      url: urlOf(vendor.baseUrl, path),
      headers: { 'user-agent': userAgent, 'content-type': 'application/json', ...withKey(headers, this.#keyHeaders) },
      body: text,
      signal,
      limits,
      gatherMs,
      receive,
    });
  }

  async *#batches(given?: HttpResponse): AsyncGenerator<readonly WireItem[], void, undefined> {
    const { vendor, dialect, now } = this.#connection;
    const decoding = this.#decoding;
    const response = given ?? (await this.#send());
    decoding.requestId = requestIdOf(response);
    try {
      if (!isGood(response)) throw await refusedReply(response, { now, vendor, requestId: decoding.requestId });
      decoding.isAccepted = true;
      tellHeadroom(response, now, this.#call);
      decoding.release = () => response.cancel();
      const { start, body: bytes } = await startOf(await unpackedBody(response), 1, { skipSpace: true });
      const first = start[0] === undefined ? '' : String.fromCharCode(start[0]);
      // A vendor may answer a streaming request with one JSON body; a line of NDJSON begins like one.
      const isWhole = dialect.framing === 'sse' && (first === '{' || first === '[' || first === '<');
      if (isWhole) yield [{ type: 'data', data: (await readText(bytes, MAX_JSON_BYTES)).trim() }];
      else yield* dialect.framing === 'sse' ? sseBatches(bytes) : ndjsonBatches(bytes);
    } finally {
      // After an early exit, a failure or an abort, close the connection, so that the vendor stops and costs end.
      if (decoding.isComplete !== true) response.cancel();
    }
  }
}

/** Returns the URL of a path. Most requests have the same one. */
function urlOf(baseUrl: string, path: string): URL {
  const text = baseUrl + path;
  if (latestUrl?.text !== text) latestUrl = { text, url: new URL(text) };
  return latestUrl.url;
}

let latestUrl: { text: string; url: URL } | undefined;

function isGood({ status }: HttpResponse): boolean {
  return status >= 200 && status <= 299;
}

/**
 * Prefixes the answering model with the vendor's name, as in requests. If the vendor names no model (Cohere), uses the requested
 * one. Converts counts to the names of chat completions; the original counts are in `native_usage`.
 */
function named(event: CompletionEvent, vendor: Vendor, asked: string): CompletionEvent {
  if (event.type === 'usage') return { ...event, usage: { ...event.usage, wire: usageWire(event.usage) } };
  if (event.type !== 'response-start') return event;
  const model = directId({ vendor: vendor.name, model: event.model === '' ? asked : event.model });
  return { ...event, model, provider: event.provider ?? vendor.label };
}

function usageWire(usage: Usage): Record<string, unknown> {
  const { cachedTokens, cacheWriteTokens, reasoningTokens } = usage;
  return {
    prompt_tokens: usage.promptTokens,
    completion_tokens: usage.completionTokens,
    total_tokens: usage.totalTokens,
    prompt_tokens_details: {
      ...(cachedTokens !== undefined && { cached_tokens: cachedTokens }),
      ...(cacheWriteTokens !== undefined && { cache_write_tokens: cacheWriteTokens }),
    },
    completion_tokens_details: { ...(reasoningTokens !== undefined && { reasoning_tokens: reasoningTokens }) },
    native_usage: usage.wire,
  };
}

function isRefusal(error: unknown): boolean {
  return error instanceof OrxError && error.status !== undefined;
}
