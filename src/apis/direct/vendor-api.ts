import type { Api, ApiCallOptions } from '../api.ts';
import type { ChatRequest, StreamOptions } from '../completion.ts';
import type { EmbedOptions } from '../embeddings.ts';
import type { Dialect, ListedModel } from '../dialect.ts';
import { embedAtVendor, type PostBody, rerankAtVendor } from './ask-vendor.ts';
import { encodeFor } from './encode-for.ts';
import { VendorCompletion } from './vendor-completion.ts';
import { readReply, type VendorConnection } from './vendor-connection.ts';

export interface VendorApiOptions extends VendorConnection {
  dialect: Dialect;
  /** For vendors that have another dialect for some models. Default: `dialect` for all. */
  dialectOf?: ((model: string) => Dialect) | undefined;
}

/**
 * The API of one vendor, with the user's own key. Requests contain the vendor's names of models; events prefix them with the
 * vendor's name.
 */
export interface VendorApi extends Api {
  /** Returns the vendor's list of models, without prices from other sources. */
  listModels: (call?: ApiCallOptions) => Promise<readonly ListedModel[]>;
  /** Returns the body that `listModels` decodes, for storage. */
  fetchModels: (call?: ApiCallOptions) => Promise<string>;
}

/** Returns an API that sends each request to one vendor, in the dialect of its model. */
export function createVendorApi(options: VendorApiOptions): VendorApi {
  const { vendor, dialect, apiKey, userAgent } = options;
  const keyHeaders = apiKey === undefined ? {} : dialect.keyHeaders(apiKey);

  const fetchModels = (call: ApiCallOptions = {}): Promise<string> =>
    readReply(options, keyHeaders, { method: 'GET', path: dialect.models.path, ...call });

  const asked = (request: ChatRequest, streamOptions: StreamOptions): VendorCompletion =>
    new VendorCompletion(request, streamOptions, { ...options, dialect: dialectFor(request, options) }, keyHeaders);

  const postWith =
    ({ signal, limits, onAccepted, onHeadroom }: EmbedOptions = {}): PostBody =>
    (path, body) =>
      readReply(options, keyHeaders, {
        method: 'POST',
        path,
        body: JSON.stringify(body),
        signal,
        limits,
        onHeadroom,
        isAnswer: true,
        // A vendor has no costs to look up.
        onAccepted: () => onAccepted?.(undefined),
      });

  return {
    id: vendor.name,
    streamCompletion: (request, streamOptions = {}) => asked(request, streamOptions).events(),
    pushCompletion: (request, streamOptions, sink) => asked(request, streamOptions).push(sink),
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
    async countTokens(request, { signal } = {}) {
      const { original } = request;
      const own = dialectFor(request, options);
      if (own.tokenCount === undefined || original?.dialect !== own.name) return undefined;
      const { path, headers, text } = own.tokenCount.passOn(request, original);
      return own.tokenCount.decode(await readReply(options, keyHeaders, { method: 'POST', path, headers, body: text, signal }));
    },
    embed: (request, call) => embedAtVendor(request, dialect, vendor, postWith(call)),
    rerank: (request, call) => rerankAtVendor(request, dialect, vendor, postWith(call)),
    mostInputs: async (_, of) => (of === 'embed' ? dialect.embeddings : dialect.rerank)?.most,
    fetchModels,
    listModels: async (call) => dialect.models.decode(await fetchModels(call)),
  };
}

function dialectFor({ model }: ChatRequest, { dialect, dialectOf }: VendorApiOptions): Dialect {
  return dialectOf?.(model) ?? dialect;
}
