import type { BodyVersion, Catalogue, Endpoint, ModelEndpoint } from './catalogue.ts';
import { OrxError } from '../errors.ts';
import type { ChatRequest, StreamCompletion } from './completion.ts';
import type { Embed } from './embeddings.ts';

export interface ApiCallOptions {
  signal?: AbortSignal | undefined;
}

/** What the API knows about the key in use. USD amounts as exact decimal text. */
export interface KeyInfo {
  /** Already shortened by the API; untrusted. */
  label?: string | undefined;
  limit?: string | undefined;
  limitRemaining?: string | undefined;
  usage?: string | undefined;
  isFreeTier?: boolean | undefined;
  isManagementKey?: boolean | undefined;
  /** The `data` object as it came. */
  wire: unknown;
}

export interface Credits {
  totalCredits?: string | undefined;
  totalUsage?: string | undefined;
  wire: unknown;
}

/** The bill of one generation, known some seconds after it ended, also when it was stopped. */
export interface Generation {
  id: string;
  model?: string | undefined;
  provider?: string | undefined;
  /** Billed USD, exact decimal text. */
  cost?: string | undefined;
  /** As in `Usage`. */
  isByok?: boolean | undefined;
  upstreamCost?: string | undefined;
  promptTokens?: number | undefined;
  completionTokens?: number | undefined;
  cachedTokens?: number | undefined;
  reasoningTokens?: number | undefined;
  finishReason?: string | undefined;
  wire: unknown;
}

/** A request as it goes over the wire. */
export interface WireRequest {
  method: string;
  url: string;
  headers: Readonly<Record<string, string>>;
  body: Readonly<Record<string, unknown>>;
}

/** Models of every modality that an API offers. */
export interface CatalogueCapability {
  listModels(options?: ApiCallOptions): Promise<Catalogue>;
  /** The same where it is no longer at this version; undefined when it is. */
  listModelsSince(version: BodyVersion, options?: ApiCallOptions): Promise<Catalogue | undefined>;
}

/** Who hosts a model, at which price: only of an API that routes between providers. */
export interface EndpointsCapability {
  /** Endpoints of one model; `wire` is the whole `data` object. */
  listEndpoints(model: string, options?: ApiCallOptions): Promise<{ endpoints: readonly Endpoint[]; wire: unknown }>;
  /** The endpoints of all models that keep nothing of a prompt (zero data retention). */
  listZdrEndpoints(options?: ApiCallOptions): Promise<{ endpoints: readonly ModelEndpoint[] }>;
}

/** What the API tells of the key in use. */
export interface AccountCapability {
  getKey(options?: ApiCallOptions): Promise<KeyInfo>;
  getCredits(options?: ApiCallOptions): Promise<Credits>;
}

/**
 * Who answers: the contract between orx and a vendor. Only `id` and `streamCompletion` are there always; what an API does not offer is
 * missing, and `capability` throws an error for a caller that needs it. Every method throws OrxError (not found: kind
 * `no-endpoint`, status 404). `wire` fields hold the API's object verbatim: the gateway and `--json` pass them on.
 */
export interface Api {
  /** Names the API in messages, and its own data in `apiData`: `openrouter`. */
  id: string;
  streamCompletion: StreamCompletion;
  /** The request that streamCompletion would send, its key hidden. */
  describeCompletion?: ((request: ChatRequest) => WireRequest | Promise<WireRequest>) | undefined;
  /** The tokens of a prompt by the count of who would answer it; undefined where that is not offered for this request. */
  countTokens?: ((request: ChatRequest, options?: ApiCallOptions) => Promise<number | undefined>) | undefined;
  /** Vectors of texts. */
  embed?: Embed | undefined;
  catalogue?: CatalogueCapability | undefined;
  endpoints?: EndpointsCapability | undefined;
  account?: AccountCapability | undefined;
  /** The bill of an answer, by the id in its `response-start`. */
  getGeneration?: ((id: string, options?: ApiCallOptions) => Promise<Generation>) | undefined;
}

const CAPABILITIES = {
  describeCompletion: 'does not show its requests',
  countTokens: 'does not count tokens',
  embed: 'makes no embeddings',
  catalogue: 'has no list of models',
  endpoints: 'has no list of endpoints',
  account: 'tells nothing about a key',
  getGeneration: 'has no costs to look up',
} as const satisfies Partial<Record<keyof Api, string>>;

/** What an API may offer beside answers. */
export type CapabilityName = keyof typeof CAPABILITIES;

/** The named capability. Throws kind `usage`, code `not-offered`, where the API does not have it. */
export function capability<Name extends CapabilityName>(api: Api, name: Name): NonNullable<Api[Name]> {
  const offered = api[name];
  if (offered === undefined) throw new OrxError(`${api.id} ${CAPABILITIES[name]}`, { kind: 'usage', code: 'not-offered' });
  return offered;
}
