import type { Decimal } from '../decimal.ts';

/** A unit price in USD. `varies`: the catalogue has -1, because the price depends on where a router sends the request. */
export type Price = Decimal | 'varies';

/**
 * Prices under conditions. All given conditions must hold; for each price, the last matching override applies; absent prices are
 * inherited.
 */
export interface PricingOverride {
  /** Holds when the prompt has strictly more tokens than this. */
  minPromptTokens?: number | undefined;
  /** Minutes since 00:00 UTC. A half-open interval that may wrap past midnight. */
  utcStartMinute?: number | undefined;
  utcEndMinute?: number | undefined;
  /** Lower-case English day names, such as `monday`. */
  utcDays?: readonly string[] | undefined;
  prices: UnitPrices;
}

/** Exact USD per unit. A missing kind has no separate price (cache read uses prompt, reasoning uses completion). */
export interface UnitPrices {
  prompt?: Price | undefined;
  completion?: Price | undefined;
  request?: Price | undefined;
  image?: Price | undefined;
  /** Per token of audio input and output. */
  audio?: Price | undefined;
  audioOutput?: Price | undefined;
  audioCacheRead?: Price | undefined;
  /** Per token of image input, and per token (or image) of output. */
  imageToken?: Price | undefined;
  imageOutput?: Price | undefined;
  webSearch?: Price | undefined;
  internalReasoning?: Price | undefined;
  cacheRead?: Price | undefined;
  cacheWrite?: Price | undefined;
  /** A cache entry that lasts an hour. */
  cacheWrite1h?: Price | undefined;
}

export interface Pricing extends UnitPrices {
  overrides: readonly PricingOverride[];
}

/** One model of the catalogue. Texts are untrusted. */
export interface Model {
  id: string;
  /** The permanent, dated slug. A response may name it instead of the id. */
  canonicalSlug?: string | undefined;
  name: string;
  description?: string | undefined;
  /** Unix seconds. */
  created?: number | undefined;
  /** Tokens. */
  contextLength?: number | undefined;
  maxCompletionTokens?: number | undefined;
  inputModalities: readonly string[];
  outputModalities: readonly string[];
  supportedParameters: readonly string[];
  pricing: Pricing;
  /** The family of the tokenizer, such as `Claude`, `GPT`, `Other`. */
  tokenizer?: string | undefined;
  /** `owner/name` of its open weights on Hugging Face. */
  huggingFaceId?: string | undefined;
  isModerated?: boolean | undefined;
  /** Last day of its training data, `YYYY-MM-DD`. */
  knowledgeCutoff?: string | undefined;
  /** Absent for models that do not reason, and for routers. */
  reasoning?: ModelReasoning | undefined;
  benchmarks?: Benchmarks | undefined;
  /** The model that an alias such as `~author/x-latest` stands for. */
  aliasTarget?: string | undefined;
  /** The model is not available after this date, `YYYY-MM-DD`. */
  expirationDate?: string | undefined;
  /** The source of a direct model's prices. Absent for catalogue models, whose prices come with them. */
  priceSource?: PriceSource | undefined;
  /** Date of the prices, `YYYY-MM-DD`. Only for `catalogue` and `bundled`. */
  priceDate?: string | undefined;
  /** The original wire object, for `--json`. */
  wire: unknown;
}

/**
 * `file`: the user's price file; `vendor`: the vendor's own list; `catalogue`: OpenRouter's catalogue; `bundled`: the table that
 * ships with orx; `local`: a server on the user's machine, which costs nothing; `unknown`: no source has a price.
 */
export const PRICE_SOURCES = ['file', 'vendor', 'catalogue', 'bundled', 'local', 'unknown'] as const;
export type PriceSource = (typeof PRICE_SOURCES)[number];

export interface ModelReasoning {
  isMandatory: boolean;
  /** Undefined: any effort. */
  efforts?: readonly string[] | undefined;
  defaultEffort?: string | undefined;
  isDefault?: boolean | undefined;
}

/** Indices of Artificial Analysis, as the catalogue lists them. Higher is better. */
export interface Benchmarks {
  intelligence?: number | undefined;
  coding?: number | undefined;
  agentic?: number | undefined;
}

/** Over the last 30 minutes. */
export interface Percentiles {
  p50?: number | undefined;
  p75?: number | undefined;
  p90?: number | undefined;
  p99?: number | undefined;
}

/** A model at a provider. */
export interface Endpoint {
  providerName: string;
  /** The slug that selects it in provider preferences. */
  tag: string;
  contextLength?: number | undefined;
  maxCompletionTokens?: number | undefined;
  quantization?: string | undefined;
  pricing: Pricing;
  maxPromptTokens?: number | undefined;
  supportedParameters: readonly string[];
  /** 0 is healthy. The lower a negative value, the less the API uses the endpoint. */
  status?: number | undefined;
  /** Percent over the last 5 minutes, 30 minutes and day. */
  uptimeLast5m?: number | undefined;
  uptimeLast30m?: number | undefined;
  uptimeLast1d?: number | undefined;
  /** Milliseconds to the first token. The API reports it only to users with a key. */
  latency?: Percentiles | undefined;
  /** Tokens per second. The API reports it only to users with a key. */
  throughput?: Percentiles | undefined;
  /** Caches prompts automatically. */
  cachesImplicitly?: boolean | undefined;
  wire: unknown;
}

/** An endpoint in a list for all models. */
export interface ModelEndpoint extends Endpoint {
  /** Catalogue id of the model. */
  modelId: string;
}

/** The endpoints with zero data retention of all models, and the JSON array from which they were decoded. */
export interface ZdrEndpointList {
  endpoints: readonly ModelEndpoint[];
  body: string;
}

/** The fetched catalogue: the decoded models, and the body from which they were decoded. */
export interface Catalogue {
  models: readonly Model[];
  /** The original JSON body, for caching and forwarding. */
  body: string;
  version?: BodyVersion | undefined;
}

/** The headers ETag and Last-Modified of a body, to ask later whether it has changed. */
export interface BodyVersion {
  etag?: string | undefined;
  lastModified?: string | undefined;
}

/** The endpoints of one model, and the `data` object from which they were decoded. */
export interface EndpointList {
  endpoints: readonly Endpoint[];
  /** JSON, for caching. */
  body: string;
}
