import { decimal, type Decimal } from '../../decimal.ts';
import type { Endpoint, Model, Price } from '../../apis/catalogue.ts';
import type { RoutingPreferences } from '../../apis/completion.ts';
import { quotedPromptSize, type Workload } from './quote.ts';

/** Endpoints of a service tier: only those who ask for the tier, or name the whole tag, get there. */
const TIERS: ReadonlySet<string> = new Set(['flex', 'priority', 'batch']);
/** The variant of a model's id that lets a tier in. */
const ADMITTING: Readonly<Record<string, string>> = { flex: 'floor', priority: 'nitro' };

/**
 * Why routing would not send this workload to this endpoint, in a few words; undefined when it may. What an endpoint keeps and learns of a
 * prompt stands in no catalogue: conditions on that exclude nothing here (see `zeroRetention` of quoteEndpoints).
 */
export function whyExcluded(
  model: Model,
  endpoint: Endpoint,
  workload: Workload,
  routing: RoutingPreferences,
): string | undefined {
  const { only, ignore, order, allowFallbacks, quantizations } = routing;
  const names = [...(only ?? []), ...(order ?? [])];
  const tier = endpoint.tag.split('/').at(-1)!.toLowerCase();
  if (TIERS.has(tier) && !isTagNamed(endpoint, names) && !model.id.endsWith(`:${ADMITTING[tier] ?? tier}`)) {
    return `service tier ${tier}`;
  }
  if (only !== undefined && !isNamed(endpoint, only)) return 'not in --only';
  if (ignore !== undefined && isNamed(endpoint, ignore)) return 'in --ignore';
  if (order !== undefined && allowFallbacks === false && !isNamed(endpoint, order)) return 'not in --provider';
  const quantization = endpoint.quantization ?? 'unknown';
  if (quantizations?.every((level) => level.toLowerCase() !== quantization.toLowerCase()) === true) {
    return `quantization ${quantization}`;
  }
  return tooExpensive(endpoint, routing) ?? tooSmall(endpoint, workload);
}

/** A slug names every endpoint of its provider, a whole tag one of them; display names are taken too. */
export function isNamed(endpoint: Endpoint, names: readonly string[]): boolean {
  const tag = endpoint.tag.toLowerCase();
  return names.some((name) => [tag, tag.split('/')[0], endpoint.providerName.toLowerCase()].includes(name.trim().toLowerCase()));
}

function isTagNamed({ tag }: Endpoint, names: readonly string[]): boolean {
  return names.some((name) => name.trim().toLowerCase() === tag.toLowerCase());
}

function tooExpensive({ pricing }: Endpoint, { maxPrice }: RoutingPreferences): string | undefined {
  if (maxPrice === undefined) return undefined;
  const isOver = (price: Price | undefined, limit: string): price is Decimal =>
    typeof price === 'object' && price.times(1_000_000).gt(decimal(limit));
  return isOver(pricing.prompt, maxPrice.prompt) || isOver(pricing.completion, maxPrice.completion)
    ? 'above --max-price'
    : undefined;
}

function tooSmall(endpoint: Endpoint, workload: Workload): string | undefined {
  const { contextLength, maxPromptTokens, maxCompletionTokens } = endpoint;
  const size = quotedPromptSize(workload);
  // An endpoint without a known limit has none here; 0 is no limit either.
  if (isAbove(size, maxPromptTokens)) return `takes ${maxPromptTokens} tokens at most`;
  if (isAbove(size + workload.completionTokens, contextLength)) return `holds ${contextLength} tokens at most`;
  return isAbove(workload.completionTokens, maxCompletionTokens) ? `answers ${maxCompletionTokens} tokens at most` : undefined;
}

function isAbove(tokens: number, limit: number | undefined): boolean {
  return limit !== undefined && limit > 0 && tokens > limit;
}
