import type { RoutingPreferences, Usage } from './completion.ts';
import type { EmbedOptions } from './embeddings.ts';
import type { Vendor } from './vendors.ts';

export interface RerankRequest {
  model: string;
  query: string;
  documents: readonly string[];
  /** Number of documents in the reply. Default: all. */
  top?: number | undefined;
  routing?: RoutingPreferences | undefined;
  /** Tags in the body of a client of the gateway. Never sent to an API. */
  tags?: readonly string[] | undefined;
}

/** The relevance of one document to the query. */
export interface RankedDocument {
  /** Its place in the request. */
  index: number;
  /** Higher is more relevant. Most models return 0 to 1. */
  score: number;
}

export interface Reranking {
  id?: string | undefined;
  /** The model that answered. */
  model: string;
  provider?: string | undefined;
  /** The most relevant first. */
  results: readonly RankedDocument[];
  usage?: RerankUsage | undefined;
  /** Requested settings that the vendor does not support and orx left out, in words for the user. */
  dropped?: readonly string[] | undefined;
}

/** `promptTokens` is 0 when the API counts only searches. */
export interface RerankUsage extends Usage {
  /** The unit of Cohere's prices: a query with up to 100 documents. */
  searchUnits?: number | undefined;
}

export type Rerank = (request: RerankRequest, options?: EmbedOptions) => Promise<Reranking>;

/** The decoded reply of an API. */
export type DecodedReranking = Omit<Reranking, 'model' | 'dropped'> & { model?: string | undefined };

/** The rerank API of a kind of vendor: pure translation. */
export interface RerankDialect {
  /** Maximum number of documents in one request. */
  most: number;
  encode: (request: RerankRequest, vendor?: Vendor) => { path: string; body: Readonly<Record<string, unknown>> };
  /** Throws OrxError for a body without a valid ranking. `count`: the number of documents in the request. */
  decode: (body: string, count: number) => DecodedReranking;
}
