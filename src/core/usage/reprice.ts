import { decimal, type Decimal } from '../../decimal.ts';
import type { Model, Price, UnitPrices } from '../../providers/catalogue.ts';
import type { PastWorkload } from '../../storage/ledger/ledger.ts';
import { effectivePricing } from '../effective-pricing.ts';
import { priceKind } from '../price-kind.ts';

const MINUTE_MS = 60_000;
const WEEK_MS = 7 * 24 * 60 * MINUTE_MS;
const ALL_OF_TIME_MS = Number.MAX_SAFE_INTEGER;

/** Tokens by kind, with cached and written ones among the prompt's, reasoning among the completion's. */
export type TokenCounts = Omit<PastWorkload, 'at' | 'tier' | 'model' | 'cost'>;

/** A model as it was listed from a moment on. */
export interface Listing {
  from: number;
  model: Model;
}

/** How time and prompts have to be cut, so that within each piece a price holds throughout. */
export interface Cut {
  /** Milliseconds. */
  stretchMs: number;
  /** Prompt sizes in tokens, ascending. */
  sizes: readonly number[];
}

/** Exact USD; `varies` and `other` as in PriceKind: no amount can be named. */
export type Repriced = { kind: 'amount'; cost: Decimal } | { kind: 'varies' } | { kind: 'other' };

/**
 * Where no price depends on the clock, all of time is one piece; else a quarter of an hour, or a minute where a price changes at another
 * one. `isDated`: prices also change from one day to another. Sizes are those above which a price changes, and those given.
 */
export function cutFor(
  models: readonly Model[],
  { sizes = [], isDated = false }: { sizes?: readonly number[]; isDated?: boolean } = {},
): Cut {
  const overrides = models.flatMap(({ pricing }) => pricing.overrides);
  const clocked = overrides.filter((one) =>
    [one.utcStartMinute, one.utcEndMinute, one.utcDays].some((part) => part !== undefined),
  );
  const minutes = clocked.flatMap(({ utcStartMinute, utcEndMinute }) => [utcStartMinute ?? 0, utcEndMinute ?? 0]);
  const limits = overrides.map(({ minPromptTokens }) => minPromptTokens).filter((limit) => limit !== undefined);
  const isQuarters = minutes.every((minute) => minute % 15 === 0);
  return {
    stretchMs: clocked.length === 0 && !isDated ? ALL_OF_TIME_MS : isQuarters ? 15 * MINUTE_MS : MINUTE_MS,
    sizes: [...new Set([...limits, ...sizes])].sort((a, b) => a - b),
  };
}

/**
 * What past work costs on a model that is listed like this (ascending; the first holds for all that was before it): every token at the
 * price of its kind for a prompt of that size at that time, and the fee of each request. Exact, and linear in the tokens.
 */
export function reprice(listings: readonly Listing[], workloads: Iterable<PastWorkload>, { stretchMs, sizes }: Cut): Repriced {
  const parts = new Map<string, { prices: UnitPrices; kind: ReturnType<typeof priceKind>; tokens: TokenCounts }>();
  const hasOverrides = listings.some(({ model }) => model.pricing.overrides.length > 0);
  for (const workload of workloads) {
    const place = Math.max(
      0,
      listings.findLastIndex(({ from }) => from <= workload.at),
    );
    // The same price comes again every week.
    const key = hasOverrides ? `${place} ${workload.tier} ${Math.floor((workload.at % WEEK_MS) / stretchMs)}` : String(place);
    const part = parts.get(key);
    if (part !== undefined) {
      addTokens(part.tokens, workload);
      continue;
    }
    const { model } = listings[place]!;
    const promptTokens = workload.tier === 0 ? 0 : sizes[workload.tier - 1]! + 1;
    const prices = effectivePricing(model.pricing, { promptTokens, at: new Date(workload.at) });
    parts.set(key, { prices, kind: priceKind(model), tokens: { ...workload } });
  }
  let cost = decimal(0);
  for (const { prices, kind, tokens } of parts.values()) {
    const amount = kind === 'varies' || kind === 'other' ? kind : tokensCost(prices, tokens);
    if (typeof amount === 'string') return { kind: amount };
    cost = cost.plus(amount);
  }
  return { kind: 'amount', cost };
}

/**
 * What tokens cost at these prices. Kinds without a price of their own cost what their kind is part of; the catalogue also writes 0 for a
 * write or a thought that has none.
 */
export function tokensCost(prices: UnitPrices, tokens: TokenCounts): Decimal | 'varies' {
  const prompt = prices.prompt ?? decimal(0);
  const completion = prices.completion ?? decimal(0);
  const uncached = tokens.promptTokens - tokens.cachedTokens - tokens.cacheWriteTokens;
  const parts: readonly (readonly [Price, number])[] = [
    [prompt, uncached],
    [prices.cacheRead ?? prompt, tokens.cachedTokens],
    [ownPrice(prices.cacheWrite) ?? prompt, tokens.cacheWriteTokens],
    [completion, tokens.completionTokens - tokens.reasoningTokens],
    [ownPrice(prices.internalReasoning) ?? completion, tokens.reasoningTokens],
    [prices.request ?? decimal(0), tokens.requests],
  ];
  let cost = decimal(0);
  for (const [price, count] of parts) {
    if (count === 0) continue;
    if (price === 'varies') return 'varies';
    cost = cost.plus(price.times(count));
  }
  return cost;
}

function ownPrice(price: Price | undefined): Price | undefined {
  return price !== undefined && price !== 'varies' && price.eq(0) ? undefined : price;
}

/** Work of the same time of the week as one piece: prices of one listing come again every week. */
export function foldWeeks(workloads: readonly PastWorkload[], { stretchMs }: Cut): PastWorkload[] {
  const folded = new Map<string, PastWorkload>();
  for (const workload of workloads) {
    const key = `${workload.tier} ${Math.floor((workload.at % WEEK_MS) / stretchMs)} ${workload.model}`;
    const known = folded.get(key);
    if (known === undefined) folded.set(key, { ...workload });
    else addTokens(known, workload);
  }
  return [...folded.values()];
}

/** Work as one piece: for models whose price is the same at any size and time. */
export function joinWorkloads(workloads: readonly PastWorkload[]): PastWorkload[] {
  const [first, ...others] = workloads;
  if (first === undefined) return [];
  const joined = { ...first, tier: 0 };
  for (const workload of others) addTokens(joined, workload);
  return [joined];
}

function addTokens(to: TokenCounts, from: TokenCounts): void {
  to.requests += from.requests;
  to.promptTokens += from.promptTokens;
  to.cachedTokens += from.cachedTokens;
  to.cacheWriteTokens += from.cacheWriteTokens;
  to.completionTokens += from.completionTokens;
  to.reasoningTokens += from.reasoningTokens;
}
