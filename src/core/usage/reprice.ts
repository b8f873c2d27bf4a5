import { decimal, type Decimal } from '../../decimal.ts';
import type { Model, Price, UnitPrices } from '../../providers/catalogue.ts';
import type { PastWorkload } from '../../storage/ledger/ledger.ts';
import { effectivePricing } from '../effective-pricing.ts';
import { priceKind } from '../price-kind.ts';

const MINUTE_MS = 60_000;
const WEEK_MS = 7 * 24 * 60 * MINUTE_MS;

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

/** A quarter of an hour, unless a price changes at another minute; every size above which a price changes, and those given. */
export function cutFor(models: readonly Model[], sizes: readonly number[] = []): Cut {
  const overrides = models.flatMap(({ pricing }) => pricing.overrides);
  const minutes = overrides.flatMap(({ utcStartMinute, utcEndMinute }) => [utcStartMinute ?? 0, utcEndMinute ?? 0]);
  const limits = overrides.map(({ minPromptTokens }) => minPromptTokens).filter((limit) => limit !== undefined);
  return {
    stretchMs: minutes.every((minute) => minute % 15 === 0) ? 15 * MINUTE_MS : MINUTE_MS,
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
