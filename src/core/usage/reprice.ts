import { decimal, type Decimal } from '../../decimal.ts';
import type { Model, Price, UnitPrices } from '../../apis/catalogue.ts';
import type { PastWorkload, WorkloadCut } from '../../storage/ledger/reports/report.ts';
import { effectivePricing } from '../price/effective.ts';
import { priceKind } from '../price/kind.ts';

const DAY_MINUTES = 24 * 60;

/** Tokens by kind, with cached and written ones among the prompt's, reasoning among the completion's. */
export type TokenCounts = Pick<
  PastWorkload,
  'requests' | 'promptTokens' | 'cachedTokens' | 'cacheWriteTokens' | 'completionTokens' | 'reasoningTokens'
>;

/** A model as it was listed from a moment on. */
export interface Listing {
  from: number;
  model: Model;
}

/** Exact USD; `varies` and `other` as in PriceKind: no amount can be named. */
export type Repriced = { kind: 'amount'; cost: Decimal } | { kind: 'varies' } | { kind: 'other' };

/** Where prices of these models change: by the size of a prompt, by the clock, by the day of the week, and at the moments that are given. */
export function cutFor(models: readonly Model[], moments: readonly number[] = []): WorkloadCut {
  const overrides = models.flatMap(({ pricing }) => pricing.overrides);
  const minutes = overrides.flatMap(({ utcStartMinute, utcEndMinute }) => [utcStartMinute ?? 0, utcEndMinute ?? 0]);
  return {
    sizes: distinct(overrides.flatMap(({ minPromptTokens }) => minPromptTokens ?? [])),
    minutes: distinct(minutes.filter((minute) => minute % DAY_MINUTES !== 0)),
    isByWeekday: overrides.some(({ utcDays }) => utcDays !== undefined),
    moments: distinct(moments),
  };
}

/**
 * What past work costs on a model that is listed like this (ascending; the first holds for all that was before it): every token at the
 * price of its kind for a prompt of that size at that time, and the fee of each request. Exact, and linear in the tokens.
 */
export function reprice(
  listings: readonly Listing[],
  workloads: Iterable<PastWorkload>,
  { sizes }: Pick<WorkloadCut, 'sizes'>,
): Repriced {
  let cost = decimal(0);
  for (const workload of workloads) {
    const { model } = listings.findLast(({ from }) => from <= workload.at) ?? listings[0]!;
    const promptTokens = workload.tier === 0 ? 0 : sizes[workload.tier - 1]! + 1;
    const prices = effectivePricing(model.pricing, { promptTokens, at: new Date(workload.at) });
    const kind = priceKind(model);
    const amount = kind === 'varies' || kind === 'other' ? kind : tokensCost(prices, workload);
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

function distinct(values: readonly number[]): number[] {
  return [...new Set(values)].sort((a, b) => a - b);
}
