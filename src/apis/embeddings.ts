import type { RoutingPreferences, StreamOptions, Usage } from './completion.ts';
import type { Vendor } from './vendors.ts';

/** Text, or tokens from the model's tokenizer. */
export type EmbeddingInput = string | readonly number[];

/** Numbers, or the bytes of 32-bit floats in base64, which are about a fifth of the size. */
export type VectorEncoding = 'float' | 'base64';

export interface EmbeddingRequest {
  model: string;
  /** The reply has one vector for each input. */
  inputs: readonly EmbeddingInput[];
  /** Length of the vectors, for models that support a choice. */
  dimensions?: number | undefined;
  /** The form of the vectors in the reply. Default: `float`. A vendor that may not support base64 gets `float`. */
  encoding?: VectorEncoding | undefined;
  /** The purpose of the vectors, such as `search_query`. */
  inputType?: string | undefined;
  user?: string | undefined;
  routing?: RoutingPreferences | undefined;
  /** Tags in the body of a client of the gateway. Never sent to an API. */
  tags?: readonly string[] | undefined;
  /** Wire fields that only OpenRouter interprets. */
  extra?: Readonly<Record<string, unknown>> | undefined;
}

export interface Embeddings {
  id?: string | undefined;
  /** The model that answered. */
  model: string;
  provider?: string | undefined;
  /** In the order of the inputs. */
  vectors: readonly (readonly number[])[];
  /** `completionTokens` is 0. Undefined when the vendor does not count. */
  usage?: Usage | undefined;
  /** Requested settings that the vendor does not support and orx left out, in words for the user. */
  dropped?: readonly string[] | undefined;
}

export type EmbedOptions = Pick<StreamOptions, 'signal' | 'limits' | 'caller' | 'onAttempt' | 'onHeadroom'> & {
  /** Called when the API has accepted the request and may charge for it, with the id by which the cost can be looked up. */
  onAccepted?: ((generationId: string | undefined) => void) | undefined;
};

export type Embed = (request: EmbeddingRequest, options?: EmbedOptions) => Promise<Embeddings>;

/** The decoded reply of a vendor. */
export interface DecodedEmbeddings {
  vectors: readonly (readonly number[])[];
  id?: string | undefined;
  model?: string | undefined;
  provider?: string | undefined;
  usage?: Usage | undefined;
}

/** The embeddings API of a kind of vendor: pure translation. */
export interface EmbeddingDialect {
  /** Maximum number of inputs in one request. */
  most: number;
  /** Throws a usage error for what the vendor does not support. */
  encode: (request: EmbeddingRequest, vendor: Vendor) => { path: string; body: Readonly<Record<string, unknown>> };
  /** Throws OrxError for a body without vectors. */
  decode: (body: string) => DecodedEmbeddings;
}
