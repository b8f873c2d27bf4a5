import { decimal, type Decimal } from '../../decimal.ts';
import type { Endpoint, Model, Price } from '../../apis/catalogue.ts';
import type { RoutingPreferences } from '../../apis/completion.ts';
import { quotedPromptSize, type Workload } from './quote.ts';

/** Tags of service tiers. A request reaches such an endpoint only if it requests the tier or names the whole tag. */
const TIERS: ReadonlySet<string> = new Set(['flex', 'priority', 'batch']);
/** The variant of a model id that admits a tier, if it differs from the tier's name. */
const ADMITTING: Readonly<Record<string, string>> = { flex: 'floor', priority: 'nitro' };

/**
 * Returns in a few words why routing would not send this workload to this endpoint; undefined if it may. The catalogue does not say what an
 * endpoint stores of a prompt, so the data policy excludes nothing here (see `zeroRetention` of quoteEndpoints).
 */
export function whyExcluded(
  model: Pick<Model, 'id'>,
  endpoint: Endpoint,
  workload: Workload,
  routing: RoutingPreferences,
): string | undefined {
  const { only, ignore, order, allowFallbacks, quantizations } = routing;
  const tier = closedTier(model, endpoint, routing);
  if (tier !== undefined) return `service tier ${tier}`;
  if (only !== undefined && !isNamed(endpoint, only)) return 'not in --only';
  if (ignore !== undefined && isNamed(endpoint, ignore)) return 'in --ignore';
  if (order !== undefined && allowFallbacks === false && !isNamed(endpoint, order)) return 'not in --provider';
  const quantization = endpoint.quantization ?? 'unknown';
  if (quantizations?.every((level) => level.toLowerCase() !== quantization.toLowerCase()) === true) {
    return `quantization ${quantization}`;
  }
  return tooExpensive(endpoint, routing) ?? tooSmall(endpoint, workload);
}

/** Returns the service tier of an endpoint that this request does not reach; undefined for every other endpoint. */
export function closedTier(
  model: Pick<Model, 'id'>,
  endpoint: Endpoint,
  { only, order }: RoutingPreferences,
): string | undefined {
  const names = [...(only ?? []), ...(order ?? [])];
  const tier = endpoint.tag.split('/').at(-1)!.toLowerCase();
  const isOpen = !TIERS.has(tier) || isTagNamed(endpoint, names) || model.id.endsWith(`:${ADMITTING[tier] ?? tier}`);
  return isOpen ? undefined : tier;
}

/**
 * Returns whether one of the names refers to the endpoint: a slug (every endpoint of the provider), a whole tag (one endpoint) or a display
 * name.
 */
export function isNamed(endpoint: Endpoint, names: readonly string[]): boolean {
  const tag = endpoint.tag.toLowerCase();
  return names.some((name) => [tag, tag.split('/')[0], endpoint.providerName.toLowerCase()].includes(name.trim().toLowerCase()));
}

function isTagNamed({ tag }: Endpoint, names: readonly string[]): boolean {
  return names.some((name) => name.trim().toLowerCase() === tag.toLowerCase());
}

function tooExpensive(endpoint: Endpoint, { maxPrice }: RoutingPreferences): string | undefined {
  return maxPrice !== undefined && isTooExpensive(endpoint, maxPrice) ? 'above --max-price' : undefined;
}

/** Returns whether a price of the endpoint or model is above the limit. */
export function isTooExpensive(
  { pricing }: Pick<Endpoint, 'pricing'>,
  maxPrice: NonNullable<RoutingPreferences['maxPrice']>,
): boolean {
  const isOver = (price: Price | undefined, limit: string): price is Decimal =>
    typeof price === 'object' && price.times(1_000_000).gt(decimal(limit));
  return isOver(pricing.prompt, maxPrice.prompt) || isOver(pricing.completion, maxPrice.completion);
}

function tooSmall(endpoint: Endpoint, workload: Workload): string | undefined {
  const { contextLength, maxPromptTokens, maxCompletionTokens } = endpoint;
  const size = quotedPromptSize(workload);
  // A missing limit and a limit of 0 both mean no limit.
  if (isAbove(size, maxPromptTokens)) return `accepts at most ${maxPromptTokens} tokens`;
  if (isAbove(size + workload.completionTokens, contextLength)) return `context of ${contextLength} tokens`;
  return isAbove(workload.completionTokens, maxCompletionTokens) ? `outputs at most ${maxCompletionTokens} tokens` : undefined;
}

function isAbove(tokens: number, limit: number | undefined): boolean {
  return limit !== undefined && limit > 0 && tokens > limit;
}
