import type { BodyVersion, Catalogue, Endpoint, ModelEndpoint } from './catalogue.ts';
import type { ChatRequest, StreamCompletion } from './completion.ts';

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

/**
 * Who can answer. Every method throws OrxError (not found: kind `no-endpoint`, status 404).
 * `wire` fields hold the API's object verbatim: the gateway and `--json` pass them on.
 */
export interface Api {
  streamCompletion: StreamCompletion;
  /** The request that streamCompletion would send, its key hidden. Only of a provider that sends any. */
  describeCompletion?: (request: ChatRequest) => WireRequest;
  /** Models of every modality. */
  listModels(options?: ApiCallOptions): Promise<Catalogue>;
  /** The same where it is no longer at this version; undefined when it is. */
  listModelsSince(version: BodyVersion, options?: ApiCallOptions): Promise<Catalogue | undefined>;
  /** Endpoints of one model; `wire` is the whole `data` object. */
  listEndpoints(model: string, options?: ApiCallOptions): Promise<{ endpoints: readonly Endpoint[]; wire: unknown }>;
  /** The endpoints of all models that keep nothing of a prompt (zero data retention). */
  listZdrEndpoints(options?: ApiCallOptions): Promise<{ endpoints: readonly ModelEndpoint[] }>;
  getKey(options?: ApiCallOptions): Promise<KeyInfo>;
  getCredits(options?: ApiCallOptions): Promise<Credits>;
  getGeneration(id: string, options?: ApiCallOptions): Promise<Generation>;
}
