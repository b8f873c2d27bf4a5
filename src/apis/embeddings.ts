import type { RoutingPreferences, StreamOptions, Usage } from './completion.ts';
import type { Vendor } from './vendors.ts';

/** Text, or the tokens that a tokenizer of the model made of it. */
export type EmbeddingInput = string | readonly number[];

export interface EmbeddingRequest {
  model: string;
  /** One vector is made of each. */
  inputs: readonly EmbeddingInput[];
  /** Length of the vectors, where the model lets it be chosen. */
  dimensions?: number | undefined;
  /** What the vectors are for, such as `search_query`. */
  inputType?: string | undefined;
  user?: string | undefined;
  routing?: RoutingPreferences | undefined;
  /** Wire fields that only OpenRouter reads. */
  extra?: Readonly<Record<string, unknown>> | undefined;
}

export interface Embeddings {
  id?: string | undefined;
  /** The model that answered. */
  model: string;
  provider?: string | undefined;
  /** In the order of the inputs. */
  vectors: readonly (readonly number[])[];
  /** `completionTokens` is 0. Undefined where the vendor does not count. */
  usage?: Usage | undefined;
}

export type EmbedOptions = Pick<StreamOptions, 'signal' | 'limits' | 'caller' | 'onAttempt'>;

export type Embed = (request: EmbeddingRequest, options?: EmbedOptions) => Promise<Embeddings>;

/** What a vendor's reply holds. */
export interface DecodedEmbeddings {
  vectors: readonly (readonly number[])[];
  id?: string | undefined;
  model?: string | undefined;
  provider?: string | undefined;
  usage?: Usage | undefined;
}

/** How a kind of vendor is asked for embeddings: pure translation. */
export interface EmbeddingDialect {
  /** Inputs that one request may hold. */
  most: number;
  /** Throws a usage error for what the vendor does not take. */
  encode: (request: EmbeddingRequest, vendor: Vendor) => { path: string; body: Readonly<Record<string, unknown>> };
  /** Throws OrxError for a body that holds no vectors. */
  decode: (body: string) => DecodedEmbeddings;
}
