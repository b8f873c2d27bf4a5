import { decimal, type Decimal } from '../../decimal.ts';
import type { ChatRequest } from '../../apis/completion.ts';
import { type ExtraCosts, NO_EXTRA, searchCost } from './extra-costs.ts';
import { costAt, type PriceBound } from './price-bounds.ts';

/** A request that cannot pass its budgets, and what it may cost. */
export interface BoundRequest {
  kind: 'bound';
  request: ChatRequest;
  /** The most that it may cost, in USD. */
  most: Decimal;
  /** The places that may answer it; none are known where no price is. */
  places: readonly PriceBound[];
  /** What was added so that it holds. */
  added: { maxTokens?: number; maxPrice?: { prompt: string; completion: string } };
}

/** Even a short answer would pass a budget. `fitting`: the longest answer that would not, in tokens; 0 when there is none. */
export interface TooExpensive {
  kind: 'too-expensive';
  most: Decimal;
  fitting: number;
  /** Nobody knows its price, and the API keeps no limit of it: no budget can allow it. */
  isUnpriced?: boolean;
}

export interface Bounding {
  promptTokens: number;
  /** As price-bounds.ts gives them; undefined when the price is not known beforehand. */
  prices: { bounds: readonly PriceBound[]; isComplete: boolean } | undefined;
  /** What may be spent, in USD; the least of all budgets. */
  left: Decimal;
  /** Default: one prompt and one answer are all that is billed. */
  extra?: ExtraCosts;
  /** Whether the API asks no provider above `max_price`. Default true: one that routes between providers does. */
  keepsPriceLimit?: boolean;
  /** Whether the length of the answer may be limited. Default true; else the request fits as it came or is too expensive. */
  limitsRequests?: boolean;
}

/** What it is that is billed by the token: how large the prompt is, and what comes beside it. */
interface Sizes {
  promptTokens: number;
  extra: ExtraCosts;
}

/** An answer that may not even have so many tokens is not worth sending for. */
const LEAST_OUTPUT = 256;
/** So many leave room for an answer of common length. */
export const COMMON_OUTPUT = 1000;
/** Where no price is known: the limit of an answer that asked for none, and how many times the price of the prompt its tokens cost. */
const BLIND_OUTPUT = 2048;
const BLIND_RATIO = 4;
/** No request without a limit of its own holds more than this part of what is left: others beside it must find something. */
const SHARE = 4;
const PRICE_DIGITS = 6;
const ROUND_DOWN = 0;

/**
 * The request with as much of a limit as it takes to stay within what is left, and the most that it may then cost. Where an answer of any
 * length fits in a quarter of what is left nothing is added but a price limit, and that only when more expensive endpoints may exist than are known.
 * Else `max_tokens` is derived from a quarter (or from all, where a quarter is less than a common answer), and endpoints too expensive even for a
 * short answer are shut out by `max_price`. A limit that the user set is respected: it fits, or the request is too expensive.
 */
export function boundRequest(
  request: ChatRequest,
  { promptTokens, prices, left, extra = NO_EXTRA, keepsPriceLimit = true, limitsRequests = true }: Bounding,
): BoundRequest | TooExpensive {
  const sizes = { promptTokens, extra };
  if (prices === undefined) {
    return keepsPriceLimit
      ? boundBlindly(request, sizes, left, limitsRequests)
      : { kind: 'too-expensive', most: decimal(0), fitting: 0, isUnpriced: true };
  }
  const leastAt = (bound: PriceBound): number | undefined =>
    request.maxTokens ?? (limitsRequests ? LEAST_OUTPUT : longestOutput(bound));
  const affordable = affordablePlaces(prices.bounds, (bound) => {
    const least = leastAt(bound);
    return least !== undefined && costAt(bound, promptTokens, least, extra).lte(left);
  });
  // Without a price limit any of the places may answer.
  const mayCostMore = !keepsPriceLimit && affordable.length < prices.bounds.length;
  if (affordable.length === 0 || mayCostMore) return tooExpensive(prices.bounds, sizes, leastAt, left);

  const capped = keepsPriceLimit && (affordable.length < prices.bounds.length || !prices.isComplete);
  const maxPrice = capped ? priceLimit(affordable, request) : undefined;
  const maxTokens = request.maxTokens ?? (limitsRequests ? derivedOutput(affordable, sizes, left) : undefined);
  const most = highestCost(affordable, sizes, maxTokens ?? Infinity);
  return {
    kind: 'bound',
    request: {
      ...request,
      maxTokens,
      routing: maxPrice === undefined ? request.routing : { ...request.routing, maxPrice },
    },
    most,
    places: affordable,
    added: {
      ...(maxTokens === undefined || request.maxTokens !== undefined ? {} : { maxTokens }),
      ...(affordable.length < prices.bounds.length && maxPrice !== undefined ? { maxPrice } : {}),
    },
  };
}

/**
 * Places that may be asked: as many as a price limit can divide from those that are too expensive. A place that is expensive for another reason than its
 * prices, such as its fee, takes with it those that are no cheaper.
 */
function affordablePlaces(bounds: readonly PriceBound[], isAffordable: (bound: PriceBound) => boolean): readonly PriceBound[] {
  const candidates = bounds.filter(isAffordable).toSorted((a, b) => a.completion.cmp(b.completion) || a.prompt.cmp(b.prompt));
  for (; candidates.length > 0; candidates.pop()) {
    const [prompt, completion] = [highestOf(candidates, 'prompt'), highestOf(candidates, 'completion')];
    const admitted = bounds.filter((bound) => bound.prompt.lte(prompt) && bound.completion.lte(completion));
    if (admitted.every(isAffordable)) return admitted;
  }
  return [];
}

function highestOf(bounds: readonly PriceBound[], kind: 'prompt' | 'completion'): Decimal {
  return bounds.reduce((most, bound) => (bound[kind].gt(most) ? bound[kind] : most), decimal(0));
}

/** Tokens that a request without a limit gets; undefined when it needs none. */
function derivedOutput(bounds: readonly PriceBound[], sizes: Sizes, left: Decimal): number | undefined {
  const share = left.div(SHARE);
  // An endpoint that tells no limit may write for ever; where tokens are free it may.
  const isLimited = bounds.every(({ mostOutput, completion }) => mostOutput !== undefined || completion.eq(0));
  if (isLimited && highestCost(bounds, sizes, Infinity).lte(share)) {
    return undefined;
  }
  const common = highestCost(bounds, sizes, COMMON_OUTPUT);
  const target = common.lte(share) ? share : common.lte(left) ? common : left;
  return Math.min(...bounds.map((bound) => fittingOutput(bound, sizes, target)));
}

function highestCost(bounds: readonly PriceBound[], { promptTokens, extra }: Sizes, outputTokens: number): Decimal {
  return bounds.reduce((most, bound) => {
    const tokens = Math.min(outputTokens, bound.mostOutput ?? outputTokens);
    // Free tokens cost nothing, however many.
    const cost = costAt(bound, promptTokens, bound.completion.eq(0) ? 0 : tokens, extra);
    return cost.gt(most) ? cost : most;
  }, decimal(0));
}

/** The longest answer that an amount pays for; 0 when it does not even pay for the prompt. */
function fittingOutput(bound: PriceBound, { promptTokens, extra }: Sizes, amount: Decimal): number {
  const rest = amount.minus(costAt(bound, promptTokens, 0, extra));
  if (rest.lt(0)) return 0;
  if (bound.completion.eq(0)) return bound.mostOutput ?? Number.MAX_SAFE_INTEGER;
  const tokens = rest.div(bound.completion.times(extra.rounds)).round(0, ROUND_DOWN).toNumber();
  return Math.min(tokens, bound.mostOutput ?? tokens);
}

/** Tokens of the longest answer at a place; undefined when nobody says. Where they are free any length costs the same. */
function longestOutput({ mostOutput, completion }: PriceBound): number | undefined {
  return mostOutput ?? (completion.eq(0) ? 0 : undefined);
}

function tooExpensive(
  bounds: readonly PriceBound[],
  sizes: Sizes,
  outputAt: (bound: PriceBound) => number | undefined,
  left: Decimal,
): TooExpensive {
  const costs = bounds.map((bound) => costAt(bound, sizes.promptTokens, outputAt(bound) ?? LEAST_OUTPUT, sizes.extra));
  return {
    kind: 'too-expensive',
    most: costs.reduce((least, cost) => (cost.lt(least) ? cost : least)),
    fitting: Math.max(0, ...bounds.map((bound) => fittingOutput(bound, sizes, left))),
  };
}

/** USD per million, as the API takes it. A stricter limit of the user's own stays. */
function priceLimit(bounds: readonly PriceBound[], { routing }: ChatRequest): { prompt: string; completion: string } {
  const limit = (kind: 'prompt' | 'completion'): string => {
    const highest = highestOf(bounds, kind).times(1_000_000);
    const own = routing?.maxPrice?.[kind];
    return own !== undefined && decimal(own).lt(highest) ? own : highest.toFixed();
  };
  return { prompt: limit('prompt'), completion: limit('completion') };
}

/** Where nobody knows the price beforehand, the price itself is limited. */
function boundBlindly(
  request: ChatRequest,
  { promptTokens, extra }: Sizes,
  left: Decimal,
  limitsRequests: boolean,
): BoundRequest | TooExpensive {
  if (!limitsRequests && request.maxTokens === undefined)
    return { kind: 'too-expensive', most: decimal(0), fitting: left.gt(0) ? BLIND_OUTPUT : 0 };
  const maxTokens = request.maxTokens ?? BLIND_OUTPUT;
  const fees = searchCost(extra, undefined);
  const rest = left.minus(fees);
  const forTokens = request.maxTokens === undefined ? rest.div(SHARE) : rest;
  const most = forTokens.plus(fees);
  const perToken = forTokens.div(promptTokens * extra.rounds + extra.addedTokens + BLIND_RATIO * maxTokens * extra.rounds);
  const limit = (factor: number): Decimal => perToken.times(factor).times(1_000_000).round(PRICE_DIGITS, ROUND_DOWN);
  if (rest.lte(0) || limit(1).eq(0)) return { kind: 'too-expensive', most: fees, fitting: 0 };
  const own = request.routing?.maxPrice;
  const tighter = (mine: Decimal, users: string | undefined): string =>
    users !== undefined && decimal(users).lt(mine) ? users : mine.toFixed();
  const maxPrice = { prompt: tighter(limit(1), own?.prompt), completion: tighter(limit(BLIND_RATIO), own?.completion) };
  return {
    kind: 'bound',
    request: { ...request, maxTokens, routing: { ...request.routing, maxPrice } },
    most,
    places: [],
    added: { maxPrice, ...(request.maxTokens === undefined ? { maxTokens } : {}) },
  };
}
