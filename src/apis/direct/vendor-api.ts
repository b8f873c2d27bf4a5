import { OrxError, unrepeatable } from '../../errors.ts';
import { ndjsonBatches } from '../../http/ndjson.ts';
import { readText, startOf } from '../../http/read-body.ts';
import { sseBatches } from '../../http/sse.ts';
import type { Api, ApiCallOptions } from '../api.ts';
import { type ChatRequest, type CompletionEvent, isVisible, type StreamOptions, type Usage } from '../completion.ts';
import type { DecodeOptions, Dialect, ListedModel, WireItem } from '../dialect.ts';
import { directId } from '../direct-id.ts';
import type { Vendor } from '../vendors.ts';
import { embedAtVendor } from './embed-at-vendor.ts';
import { encodeFor } from './encode-for.ts';
import { type OutgoingRequest, outgoingRequest } from './outgoing-request.ts';
import { hideKey } from '../wire/hide-key.ts';
import { MAX_JSON_BYTES, unpackedBody } from '../wire/packed-reply.ts';
import { refusedReply } from '../wire/refused-reply.ts';
import { type KeyHeaders, readReply, requestIdOf, sendToVendor, type VendorConnection, withKey } from './vendor-connection.ts';

export interface VendorApiOptions extends VendorConnection {
  dialect: Dialect;
  /** Of vendors that are asked in another way for some models. Default: `dialect` for all. */
  dialectOf?: ((model: string) => Dialect) | undefined;
}

/** One vendor, asked with the user's own key. Models go by the vendor's own names in requests, and with its name in front in events. */
export interface VendorApi extends Api {
  /** What the vendor offers, as it says; not joined with prices. */
  listModels: (call?: ApiCallOptions) => Promise<readonly ListedModel[]>;
  /** The body that `listModels` decodes, to be stored. */
  fetchModels: (call?: ApiCallOptions) => Promise<string>;
}

export function createVendorApi(options: VendorApiOptions): VendorApi {
  const { vendor, dialect, apiKey, userAgent } = options;
  const keyHeaders = apiKey === undefined ? {} : dialect.keyHeaders(apiKey);

  const fetchModels = (call: ApiCallOptions = {}): Promise<string> =>
    readReply(options, keyHeaders, { method: 'GET', path: dialect.models.path, ...call });

  return {
    id: vendor.name,
    streamCompletion: (request, streamOptions = {}) => streamCompletion(request, streamOptions, options, keyHeaders),
    describeCompletion(request) {
      const { path, headers, body } = encodeFor(request, dialectFor(request, options), vendor);
      const hidden = Object.fromEntries(
        Object.entries(keyHeaders).map(([name, value]) => [name, value.replace(apiKey!, '(hidden)')]),
      );
      return {
        method: 'POST',
        url: `${vendor.baseUrl}${path}`,
        headers: { 'user-agent': userAgent, 'content-type': 'application/json', ...headers, ...hidden },
        body,
      };
    },
    async countTokens(request, call = {}) {
      const { original } = request;
      const own = dialectFor(request, options);
      if (own.tokenCount === undefined || original?.dialect !== own.name) return undefined;
      const { path, headers, text } = own.tokenCount.passOn(request, original);
      return own.tokenCount.decode(await readReply(options, keyHeaders, { method: 'POST', path, headers, body: text, ...call }));
    },
    embed: (request, { signal, limits } = {}) =>
      embedAtVendor(request, dialect, vendor, (path, body) =>
        readReply(options, keyHeaders, { method: 'POST', path, body: JSON.stringify(body), signal, limits, isAnswer: true }),
      ),
    fetchModels,
    listModels: async (call) => dialect.models.decode(await fetchModels(call)),
  };
}

function dialectFor({ model }: ChatRequest, { dialect, dialectOf }: VendorApiOptions): Dialect {
  return dialectOf?.(model) ?? dialect;
}

/** The request is sent when the first event is asked for. There are `chunk` events where the client speaks the dialect in which the vendor answers. */
async function* streamCompletion(
  request: ChatRequest,
  { signal, limits, includeChunks }: StreamOptions,
  options: VendorApiOptions,
  keyHeaders: KeyHeaders,
): AsyncGenerator<CompletionEvent, void, undefined> {
  const { vendor, apiKey } = options;
  const dialect = dialectFor(request, options);
  const outgoing = outgoingRequest(request, dialect, vendor);
  for (const text of outgoing.dropped) yield { type: 'dropped', text };
  const decoding: DecodeOptions = {
    includeChunks: includeChunks === true && outgoing.isPassed,
    toolNames: request.tools?.flatMap((tool) => (tool.type === 'function' ? tool.name : [])),
    // What the vendor itself calls an error was not answered, and is not billed; what was cut may be.
    refine: (error) => hideKey(decoding.isAccepted === true && !isRefusal(error) ? unrepeatable(error) : error, apiKey),
  };
  const batches = replyBatches(outgoing, { signal, limits }, { ...options, dialect }, keyHeaders, decoding);
  const events = dialect.decode(batches, decoding, vendor);
  // An answer that is wanted whole, of a vendor that is always asked for a stream.
  const waits = !request.stream && dialect.alwaysStreams === true;
  const held: CompletionEvent[] = [];
  for await (const one of events) {
    const event = one.type === 'chunk' ? { ...one, dialect: dialect.name } : named(one, vendor, request.model);
    if (!waits || !(isVisible(event) || held.length > 0) || event.type === 'response-end') {
      yield* held.splice(0);
      yield event;
    } else held.push(event);
  }
}

/**
 * What answers is named as it is asked: with the vendor in front. A vendor that names no model (Cohere) answers with the one asked for. Counts
 * have the names of chat completions, whoever counted them; as they came they are in `native_usage`.
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

async function* replyBatches(
  { path, headers, text }: OutgoingRequest,
  { signal, limits }: StreamOptions,
  options: VendorApiOptions,
  keyHeaders: KeyHeaders,
  decoding: DecodeOptions,
): AsyncGenerator<readonly WireItem[], void, undefined> {
  const { vendor, dialect, userAgent, now } = options;
  const response = await sendToVendor(options, {
    method: 'POST',
    url: new URL(`${vendor.baseUrl}${path}`),
    headers: { 'user-agent': userAgent, 'content-type': 'application/json', ...withKey(headers, keyHeaders) },
    body: text,
    signal,
    limits,
  });
  decoding.requestId = requestIdOf(response);
  try {
    if (response.status < 200 || response.status > 299)
      throw await refusedReply(response, { now, vendor, requestId: decoding.requestId });
    decoding.isAccepted = true;
    decoding.release = () => response.cancel();
    const { start, body: bytes } = await startOf(await unpackedBody(response), 1, { skipSpace: true });
    const first = start[0] === undefined ? '' : String.fromCharCode(start[0]);
    // A vendor may answer a request for a stream with one JSON body; a line of NDJSON begins like one.
    const isWhole = dialect.framing === 'sse' && (first === '{' || first === '[' || first === '<');
    if (isWhole) yield [{ type: 'data', data: (await readText(bytes, MAX_JSON_BYTES)).trim() }];
    else yield* dialect.framing === 'sse' ? sseBatches(bytes) : ndjsonBatches(bytes);
  } finally {
    // Left early, failed or aborted: the connection must close, for the vendor to stop and the bill to end.
    if (decoding.isComplete !== true) response.cancel();
  }
}

function isRefusal(error: unknown): boolean {
  return error instanceof OrxError && error.status !== undefined;
}
