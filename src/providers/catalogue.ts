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
  audio?: Price | undefined;
  webSearch?: Price | undefined;
  internalReasoning?: Price | undefined;
  cacheRead?: Price | undefined;
  cacheWrite?: Price | undefined;
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
  /** The model an alias such as `~author/x-latest` stands for. */
  aliasTarget?: string | undefined;
  /** `YYYY-MM-DD` after which the model is gone. */
  expirationDate?: string | undefined;
  /** The wire object as it came, for `--json`. */
  wire: unknown;
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
  /** Percent over the last 30 minutes. */
  uptimeLast30m?: number | undefined;
  wire: unknown;
}

/** The catalogue as it was fetched: the decoded models, and the body it was decoded from. */
export interface Catalogue {
  models: readonly Model[];
  /** JSON body as it came, to be cached and forwarded. */
  body: string;
}
