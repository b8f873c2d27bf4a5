import type { BodyVersion, Catalogue, Endpoint, ModelEndpoint } from './catalogue.ts';
import { OrxError } from '../errors.ts';
import type { ChatRequest, PushCompletion, StreamCompletion, StreamOptions } from './completion.ts';
import type { Embed } from './embeddings.ts';
import type { Rerank } from './rerank.ts';
import type { ManagedKeysCapability } from './managed-keys.ts';
import type { RawCapability } from './raw-call.ts';

export interface ApiCallOptions {
  signal?: AbortSignal | undefined;
}

/** What the API reports about the current key. USD amounts are exact decimal text. */
export interface KeyInfo {
  /** Shortened by the API; untrusted. */
  label?: string | undefined;
  limit?: string | undefined;
  limitRemaining?: string | undefined;
  /** How often the limit is reset, such as `monthly`; undefined if never. Untrusted. */
  limitReset?: string | undefined;
  usage?: string | undefined;
  isFreeTier?: boolean | undefined;
  isManagementKey?: boolean | undefined;
  /** ISO 8601; undefined if never. Untrusted. */
  expiresAt?: string | undefined;
  /** The original `data` object. */
  wire: unknown;
}

export interface Credits {
  totalCredits?: string | undefined;
  totalUsage?: string | undefined;
  wire: unknown;
}

/** The cost of one generation. Available some seconds after it ended, even if it was stopped. */
export interface Generation {
  id: string;
  model?: string | undefined;
  provider?: string | undefined;
  /** Billed USD, as exact decimal text. */
  cost?: string | undefined;
  /** As in `Usage`. */
  isByok?: boolean | undefined;
  upstreamCost?: string | undefined;
  promptTokens?: number | undefined;
  completionTokens?: number | undefined;
  cachedTokens?: number | undefined;
  reasoningTokens?: number | undefined;
  finishReason?: string | undefined;
  nativeFinishReason?: string | undefined;
  /** ISO 8601. */
  createdAt?: string | undefined;
  isStreamed?: boolean | undefined;
  /** The client closed the connection before the end. */
  isCanceled?: boolean | undefined;
  latencyMs?: number | undefined;
  generationMs?: number | undefined;
  serviceTier?: string | undefined;
  region?: string | undefined;
  /** The providers that were tried, in order. */
  attempts?: readonly { provider: string; status?: number | undefined; latencyMs?: number | undefined }[] | undefined;
  wire: unknown;
}

/** A request as orx sends it. */
export interface WireRequest {
  method: string;
  url: string;
  headers: Readonly<Record<string, string>>;
  body: Readonly<Record<string, unknown>>;
}

/** Lists the models of all modalities that an API offers. */
export interface CatalogueCapability {
  listModels(options?: ApiCallOptions): Promise<Catalogue>;
  /** Like `listModels`, but returns undefined when the list still has this version. */
  listModelsSince(version: BodyVersion, options?: ApiCallOptions): Promise<Catalogue | undefined>;
}

/** Lists the providers of a model with their prices. Only for an API that routes between providers. */
export interface EndpointsCapability {
  /** Lists the endpoints of one model. `wire` is the whole `data` object. */
  listEndpoints(model: string, options?: ApiCallOptions): Promise<{ endpoints: readonly Endpoint[]; wire: unknown }>;
  /** Lists the endpoints of all models with zero data retention. */
  listZdrEndpoints(options?: ApiCallOptions): Promise<{ endpoints: readonly ModelEndpoint[] }>;
}

/** Returns what the API reports about the current key. */
export interface AccountCapability {
  getKey(options?: ApiCallOptions): Promise<KeyInfo>;
  getCredits(options?: ApiCallOptions): Promise<Credits>;
}

/**
 * The contract between orx and an API that answers requests. Only `id` and `streamCompletion` are always present. What an API
 * does not offer is absent, and `capability` throws an error for a caller that needs it. Every method throws OrxError (not found:
 * kind `no-endpoint`, status 404). `wire` fields contain the API's object verbatim, which the gateway and `--json` output.
 */
export interface Api {
  /** Identifies the API in messages, and its own data in `apiData`: `openrouter`. */
  id: string;
  streamCompletion: StreamCompletion;
  /** The same, but pushed. Without it, callers read the events of `streamCompletion`. */
  pushCompletion?: PushCompletion | undefined;
  /** Returns the request that streamCompletion would send, with the key hidden. */
  describeCompletion?: ((request: ChatRequest) => WireRequest | Promise<WireRequest>) | undefined;
  /** Returns the prompt tokens as counted by the vendor of the model. Undefined when the vendor does not count this request. */
  countTokens?:
    | ((request: ChatRequest, options?: Pick<StreamOptions, 'signal' | 'caller'>) => Promise<number | undefined>)
    | undefined;
  /** Creates embeddings of texts. */
  embed?: Embed | undefined;
  /** Sorts documents by their relevance to a query. */
  rerank?: Rerank | undefined;
  /**
   * Returns how many inputs or documents one request may have. Undefined for a model whose API does not offer it.
   */
  mostInputs?: ((model: string, of: 'embed' | 'rerank') => Promise<number | undefined>) | undefined;
  catalogue?: CatalogueCapability | undefined;
  endpoints?: EndpointsCapability | undefined;
  account?: AccountCapability | undefined;
  /** Manages the keys of the account, with a management key. */
  managedKeys?: ManagedKeysCapability | undefined;
  /** Sends requests that the user writes, to any path of the API. */
  raw?: RawCapability | undefined;
  /** Returns the cost of an answer, by the id in its `response-start`. */
  getGeneration?: ((id: string, options?: ApiCallOptions) => Promise<Generation>) | undefined;
}

const CAPABILITIES = {
  describeCompletion: 'does not show the requests that it gets',
  countTokens: 'does not count tokens',
  embed: 'does not offer embeddings',
  rerank: 'does not offer reranking',
  catalogue: 'has no list of models',
  endpoints: 'has no list of endpoints',
  account: 'has no information about its keys',
  managedKeys: 'has no API for its keys',
  raw: 'does not support orx api',
  getGeneration: 'has no costs to look up',
} as const satisfies Partial<Record<keyof Api, string>>;

/** What an API may offer besides answers. */
export type CapabilityName = keyof typeof CAPABILITIES;

/** Returns the named capability. Throws kind `usage`, code `not-offered`, when the API does not have it. */
export function capability<Name extends CapabilityName>(api: Api, name: Name): NonNullable<Api[Name]> {
  const offered = api[name];
  if (offered === undefined) throw new OrxError(`${api.id} ${CAPABILITIES[name]}`, { kind: 'usage', code: 'not-offered' });
  return offered;
}
