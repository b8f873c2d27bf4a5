import type { Decimal } from '../decimal.ts';

/** A unit price in USD. `varies`: the catalogue gives -1, the real price depends on where a router sends the request. */
export type Price = Decimal | 'varies';

/** Prices that differ under conditions: all given conditions must hold; a later match wins per price; absent prices inherit. */
export interface PricingOverride {
  /** Holds when the prompt has strictly more tokens than this. */
  minPromptTokens?: number | undefined;
  /** Minutes since 00:00 UTC, half-open interval that may wrap over midnight. */
  utcStartMinute?: number | undefined;
  utcEndMinute?: number | undefined;
  /** Lower-case English day names, `monday` … */
  utcDays?: readonly string[] | undefined;
  prices: UnitPrices;
}

/** USD per single unit, exact. A missing kind is not priced on its own (cache read → prompt, reasoning → completion). */
export interface UnitPrices {
  prompt?: Price | undefined;
  completion?: Price | undefined;
  request?: Price | undefined;
  image?: Price | undefined;
  /** Per token of audio in, and out. */
  audio?: Price | undefined;
  audioOutput?: Price | undefined;
  audioCacheRead?: Price | undefined;
  /** Per token of an image in, and per token (or image) out. */
  imageToken?: Price | undefined;
  imageOutput?: Price | undefined;
  webSearch?: Price | undefined;
  internalReasoning?: Price | undefined;
  cacheRead?: Price | undefined;
  cacheWrite?: Price | undefined;
  /** A cache that lasts an hour. */
  cacheWrite1h?: Price | undefined;
}

export interface Pricing extends UnitPrices {
  overrides: readonly PricingOverride[];
}

/** One model of the catalogue. Texts are untrusted. */
export interface Model {
  id: string;
  /** The permanent, dated slug: what a response may name instead of the id. */
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
  /** Whose way of counting tokens, such as `Claude`, `GPT`, `Other`. */
  tokenizer?: string | undefined;
  /** `owner/name` of its open weights at Hugging Face. */
  huggingFaceId?: string | undefined;
  isModerated?: boolean | undefined;
  /** Last day of its training data, `YYYY-MM-DD`. */
  knowledgeCutoff?: string | undefined;
  /** Absent for models that do not reason, and for routers. */
  reasoning?: ModelReasoning | undefined;
  benchmarks?: Benchmarks | undefined;
  /** The model an alias such as `~author/x-latest` stands for. */
  aliasTarget?: string | undefined;
  /** `YYYY-MM-DD` after which the model is gone. */
  expirationDate?: string | undefined;
  /** Where the prices of a direct model come from; absent for the models of a catalogue, which has their prices itself. */
  priceSource?: PriceSource | undefined;
  /** `YYYY-MM-DD` on which they held. Of `catalogue` and `bundled`. */
  priceDate?: string | undefined;
  /** The wire object as it came, for `--json`. */
  wire: unknown;
}

/**
 * `file`: the user's price file; `vendor`: the vendor's own list; `catalogue`: OpenRouter's; `bundled`: the table that orx brings along;
 * `local`: a server of the user's own, which costs nothing; `unknown`: nobody says.
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

/** Indices of Artificial Analysis as the catalogue repeats them; higher is better. */
export interface Benchmarks {
  intelligence?: number | undefined;
  coding?: number | undefined;
  agentic?: number | undefined;
}

/** Of the last 30 minutes. */
export interface Percentiles {
  p50?: number | undefined;
  p75?: number | undefined;
  p90?: number | undefined;
  p99?: number | undefined;
}

/** A model at a provider. */
export interface Endpoint {
  providerName: string;
  /** The slug that pins it in provider preferences. */
  tag: string;
  contextLength?: number | undefined;
  maxCompletionTokens?: number | undefined;
  quantization?: string | undefined;
  pricing: Pricing;
  maxPromptTokens?: number | undefined;
  supportedParameters: readonly string[];
  /** 0 is well; below it the API holds the endpoint back, the further the more. */
  status?: number | undefined;
  /** Percent over the last 5 minutes, 30 minutes and day. */
  uptimeLast5m?: number | undefined;
  uptimeLast30m?: number | undefined;
  uptimeLast1d?: number | undefined;
  /** Milliseconds to the first token. Only told to those with a key. */
  latency?: Percentiles | undefined;
  /** Tokens per second. Only told to those with a key. */
  throughput?: Percentiles | undefined;
  /** Caches prompts without being asked. */
  cachesImplicitly?: boolean | undefined;
  wire: unknown;
}

/** An endpoint in a list over all models. */
export interface ModelEndpoint extends Endpoint {
  /** Id of the model, as the catalogue has it. */
  modelId: string;
}

/** The endpoints of all models that keep nothing of a prompt, and the JSON array that they were decoded from. */
export interface ZdrEndpointList {
  endpoints: readonly ModelEndpoint[];
  body: string;
}

/** The catalogue as it was fetched: the decoded models, and the body it was decoded from. */
export interface Catalogue {
  models: readonly Model[];
  /** JSON body as it came, to be cached and forwarded. */
  body: string;
  version?: BodyVersion | undefined;
}

/** What the API calls this state of a body, to ask later whether it still holds: the headers ETag and Last-Modified. */
export interface BodyVersion {
  etag?: string | undefined;
  lastModified?: string | undefined;
}

/** The endpoints of one model, and the `data` object that they were decoded from. */
export interface EndpointList {
  endpoints: readonly Endpoint[];
  /** JSON, to be cached. */
  body: string;
}
