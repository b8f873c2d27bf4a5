import type { Decimal } from '../../decimal.ts';
import type { Model } from '../../apis/catalogue.ts';
import { routedName, vendorOf } from '../model-id/direct-name.ts';
import { tokenPrices } from './blend.ts';
import { endpointsOf, hasZeroRetention, isAtProvider, type MarketFacts } from './market-facts.ts';
import { authorOf } from '../text/near-names.ts';
import { isFree } from '../price/kind.ts';

/**
 * Conditions for models. All that are given must hold. A list matches if one of its items does, unless its comment says otherwise. Names are
 * case-insensitive.
 */
export interface ModelFilter {
  /** Words that must all occur in the id or name, case-insensitive. */
  search?: string | undefined;
  /** Names of vendors; `openrouter` is one of them. */
  vendor?: readonly string[] | undefined;
  /** The part of the id before the slash. */
  author?: readonly string[] | undefined;
  /** Providers that host the model, by display name, slug or tag. Together with `quantization`, the same endpoint must match both. */
  provider?: readonly string[] | undefined;
  /** Only models that cost nothing. */
  free?: boolean | undefined;
  /** Input modalities; the model must support all of them. */
  inputs?: readonly string[] | undefined;
  /** Output modalities, of which the model must support one; `all` matches any. */
  outputs?: readonly string[] | undefined;
  /** Parameters; the model must support all of them. */
  parameters?: readonly string[] | undefined;
  /** Only models with a price for cached input. */
  cache?: boolean | undefined;
  /** Tokens. */
  minContext?: number | undefined;
  /** USD per million tokens. Models that are not priced per token or whose price varies do not match. */
  maxInputPrice?: Decimal | undefined;
  maxOutputPrice?: Decimal | undefined;
  /** Only models with an endpoint that has zero data retention. */
  zdr?: boolean | undefined;
  quantization?: readonly string[] | undefined;
  /** Unix seconds; models listed since then. */
  createdSince?: number | undefined;
  /** `YYYY-MM-DD`; models that expire by the end of this day. */
  expiringBefore?: string | undefined;
  /** Ids. */
  favorites?: ReadonlySet<string> | undefined;
}

type Condition = (model: Model) => boolean;

const ONE_MILLIONTH = '0.000001';

/**
 * Returns the models that match all conditions, in their original order. A model does not match if the information is missing: conditions on
 * endpoints and retention match nothing without `facts`.
 */
export function filterModels(models: readonly Model[], filter: ModelFilter, facts?: MarketFacts): Model[] {
  const conditions = [...catalogueConditions(filter), ...endpointConditions(filter, facts)];
  return models.filter((model) => conditions.every((holds) => holds(model)));
}

/** Returns the filter without the conditions that need endpoints, so that the catalogue alone is enough. */
export function catalogueFilter(filter: ModelFilter): ModelFilter {
  return { ...filter, provider: undefined, quantization: undefined, zdr: undefined };
}

function catalogueConditions(filter: ModelFilter): Condition[] {
  const conditions: Condition[] = [];
  const { vendor, author, inputs, outputs, parameters, minContext, createdSince, expiringBefore, favorites } = filter;
  const words = wordsOf(filter.search ?? '');
  if (favorites !== undefined) conditions.push(({ id }) => favorites.has(id));
  if (words.length > 0) conditions.push((model) => hasWords(model, words));
  if (vendor !== undefined) conditions.push(({ id }) => vendor.includes(vendorOf(id) ?? 'openrouter'));
  if (author !== undefined) conditions.push(isOneOf(author, ({ id }) => authorOf(routedName(id))));
  if (filter.free === true) conditions.push(isFree);
  if (inputs !== undefined) conditions.push(hasAll(inputs, ({ inputModalities }) => inputModalities));
  if (outputs !== undefined && !outputs.includes('all')) {
    const wanted = lowered(outputs);
    conditions.push(({ outputModalities }) => wanted.some((name) => outputModalities.includes(name)));
  }
  if (parameters !== undefined) conditions.push(hasAll(parameters, ({ supportedParameters }) => supportedParameters));
  if (filter.cache === true) conditions.push(({ pricing }) => typeof pricing.cacheRead === 'object');
  if (minContext !== undefined) conditions.push(({ contextLength = 0 }) => contextLength >= minContext);
  conditions.push(...priceConditions(filter));
  if (createdSince !== undefined) conditions.push(({ created }) => created !== undefined && created >= createdSince);
  if (expiringBefore !== undefined) {
    conditions.push(({ expirationDate }) => expirationDate !== undefined && expirationDate <= expiringBefore);
  }
  return conditions;
}

function priceConditions({ maxInputPrice, maxOutputPrice }: ModelFilter): Condition[] {
  const limits = [
    [maxInputPrice, 'prompt'],
    [maxOutputPrice, 'completion'],
  ] as const;
  return limits.flatMap(([limit, kind]) => {
    if (limit === undefined) return [];
    const most = limit.times(ONE_MILLIONTH);
    return [(model: Model) => tokenPrices(model)?.[kind].lte(most) ?? false];
  });
}

function endpointConditions({ provider, quantization, zdr }: ModelFilter, facts: MarketFacts | undefined): Condition[] {
  const conditions: Condition[] = [];
  if (zdr === true) conditions.push((model) => hasZeroRetention(model, facts));
  if (provider === undefined && quantization === undefined) return conditions;
  const levels = quantization === undefined ? undefined : lowered(quantization);
  conditions.push((model) =>
    (endpointsOf(model, facts) ?? []).some(
      (endpoint) =>
        (provider === undefined || provider.some((name) => isAtProvider(endpoint, name))) &&
        (levels === undefined || levels.includes(endpoint.quantization?.toLowerCase() ?? 'unknown')),
    ),
  );
  return conditions;
}

function wordsOf(search: string): string[] {
  return search
    .toLowerCase()
    .split(/\s+/)
    .filter((word) => word !== '');
}

function hasWords({ id, name }: Model, words: readonly string[]): boolean {
  const text = `${id} ${name}`.toLowerCase();
  return words.every((word) => text.includes(word));
}

function isOneOf(names: readonly string[], of: (model: Model) => string): Condition {
  const wanted = lowered(names);
  return (model) => wanted.includes(of(model).toLowerCase());
}

function hasAll(names: readonly string[], of: (model: Model) => readonly string[]): Condition {
  const wanted = lowered(names);
  return (model) => wanted.every((name) => of(model).includes(name));
}

function lowered(names: readonly string[]): string[] {
  return names.map((name) => name.trim().toLowerCase());
}
