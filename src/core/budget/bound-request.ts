import { decimal, type Decimal } from '../../decimal.ts';
import type { ChatRequest } from '../../apis/completion.ts';
import { type ExtraCosts, NO_EXTRA, searchCost } from './extra-costs.ts';
import { costAt, type PriceBound } from './price-bounds.ts';

/** A request that cannot exceed its budgets, and its maximum cost. */
export interface BoundRequest {
  kind: 'bound';
  request: ChatRequest;
  /** The maximum cost, in USD. */
  most: Decimal;
  /** The endpoints that may answer it; empty if no price is known. */
  places: readonly PriceBound[];
  /** The limits that were added. */
  added: { maxTokens?: number; maxPrice?: { prompt: string; completion: string } };
}

/** Even a short answer would exceed a budget. `fitting`: the longest answer that would not, in tokens; 0 if there is none. */
export interface TooExpensive {
  kind: 'too-expensive';
  most: Decimal;
  fitting: number;
  /** The price is not known, and the API does not enforce a price limit: no budget can allow the request. */
  isUnpriced?: boolean;
}

export interface Bounding {
  promptTokens: number;
  /** The result of price-bounds.ts; undefined if the price is not known in advance. */
  prices: { bounds: readonly PriceBound[]; isComplete: boolean } | undefined;
  /** The amount that may be spent, in USD: the smallest of all budgets. */
  left: Decimal;
  /** Default: the request costs one prompt and one answer. */
  extra?: ExtraCosts;
  /** Whether the API enforces `max_price`. Default true: an API that routes between providers does. */
  keepsPriceLimit?: boolean;
  /** Whether the length of the answer may be limited. Default true; otherwise the request either fits unchanged or is too expensive. */
  limitsRequests?: boolean;
}

/** What is charged per token: the size of the prompt, and additional costs. */
interface Sizes {
  promptTokens: number;
  extra: ExtraCosts;
}

/** A request whose answer would have to be shorter is not sent. */
const LEAST_OUTPUT = 256;
/** Enough tokens for an answer of common length. */
export const COMMON_OUTPUT = 1000;
/**
 * If no price is known: the limit of an answer without its own, and the assumed price of an output token as a multiple of a prompt token's
 * price.
 */
const BLIND_OUTPUT = 2048;
const BLIND_RATIO = 4;
/** A request without its own limit reserves at most a quarter of the remaining budget, so that parallel requests get their share. */
const SHARE = 4;
const PRICE_DIGITS = 6;
const ROUND_DOWN = 0;

/**
 * Returns the request with the limits that it needs to stay within the remaining budget, and its maximum cost with them. If an answer of any
 * length fits in a quarter of the remaining amount, it only adds a price limit, and only if more expensive endpoints may exist than are known.
 * Otherwise `max_tokens` is derived from that quarter (or from the whole amount, if a quarter is less than a common answer), and `max_price`
 * excludes endpoints that are too expensive even for a short answer. A limit that the user set stays: the request either fits or is too
 * expensive.
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
  // Without a price limit, any of the endpoints may answer.
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
 * Returns the endpoints that may be used: those that a price limit can separate from the ones that are too expensive. An endpoint that is too
 * expensive for a reason other than its prices, such as its fee, also excludes those that are not cheaper.
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

/** Returns `max_tokens` for a request without a limit; undefined if it needs none. */
function derivedOutput(bounds: readonly PriceBound[], sizes: Sizes, left: Decimal): number | undefined {
  const share = left.div(SHARE);
  // An endpoint without a known limit may write endlessly, which only matters if tokens cost something.
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
    // Free tokens cost nothing, whatever their number.
    const cost = costAt(bound, promptTokens, bound.completion.eq(0) ? 0 : tokens, extra);
    return cost.gt(most) ? cost : most;
  }, decimal(0));
}

/** Returns the longest answer that an amount pays for; 0 if it does not even pay for the prompt. */
function fittingOutput(bound: PriceBound, { promptTokens, extra }: Sizes, amount: Decimal): number {
  const rest = amount.minus(costAt(bound, promptTokens, 0, extra));
  if (rest.lt(0)) return 0;
  if (bound.completion.eq(0)) return bound.mostOutput ?? Number.MAX_SAFE_INTEGER;
  const tokens = rest.div(bound.completion.times(extra.rounds)).round(0, ROUND_DOWN).toNumber();
  return Math.min(tokens, bound.mostOutput ?? tokens);
}

/** Returns the tokens of the longest answer at an endpoint; undefined if it is not known. If tokens are free, every length costs the same. */
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

/** Returns the limit in USD per million tokens, as the API expects it. A lower limit of the user stays. */
function priceLimit(bounds: readonly PriceBound[], { routing }: ChatRequest): { prompt: string; completion: string } {
  const limit = (kind: 'prompt' | 'completion'): string => {
    const highest = highestOf(bounds, kind).times(1_000_000);
    const own = routing?.maxPrice?.[kind];
    return own !== undefined && decimal(own).lt(highest) ? own : highest.toFixed();
  };
  return { prompt: limit('prompt'), completion: limit('completion') };
}

/** Limits the price itself if the price is not known in advance. */
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
