import type { Decimal } from '../../decimal.ts';
import type { Model } from '../../apis/catalogue.ts';
import { routedName, vendorOf } from '../model-id/direct-name.ts';
import { tokenPrices } from './blend.ts';
import { endpointsOf, hasZeroRetention, isAtProvider, type MarketFacts } from './market-facts.ts';
import { authorOf } from '../text/near-names.ts';
import { isFree } from '../price/kind.ts';

/** What models must be like. All that is given must hold; lists are alternatives unless it says otherwise; names in any case. */
export interface ModelFilter {
  /** Words that must all occur in id or name; capitals make no difference. */
  search?: string | undefined;
  /** Who is asked: names of vendors, and `openrouter`. */
  vendor?: readonly string[] | undefined;
  /** The part of the id before the slash. */
  author?: readonly string[] | undefined;
  /** Providers that have the model, by display name, slug or tag. Together with `quantization`: in one and the same endpoint. */
  provider?: readonly string[] | undefined;
  /** Only models that cost nothing. */
  free?: boolean | undefined;
  /** Modalities that it must all take. */
  inputs?: readonly string[] | undefined;
  /** Modalities of which it must make one; `all` is any. */
  outputs?: readonly string[] | undefined;
  /** Supported parameters that must all be there. */
  parameters?: readonly string[] | undefined;
  /** A price for input that is read from a cache. */
  cache?: boolean | undefined;
  /** Tokens. */
  minContext?: number | undefined;
  /** USD per million tokens. What is not priced by the token, and what varies, does not pass. */
  maxInputPrice?: Decimal | undefined;
  maxOutputPrice?: Decimal | undefined;
  /** Zero data retention can be had. */
  zdr?: boolean | undefined;
  quantization?: readonly string[] | undefined;
  /** Unix seconds; models listed since then. */
  createdSince?: number | undefined;
  /** `YYYY-MM-DD`; models that are gone by the end of this day. */
  expiringBefore?: string | undefined;
  /** Ids. */
  favourites?: ReadonlySet<string> | undefined;
}

type Condition = (model: Model) => boolean;

const ONE_MILLIONTH = '0.000001';

/**
 * The models that pass all that is given, in the order they came. What is not known of a model does not pass: conditions on endpoints and
 * on retention let nothing through without the facts.
 */
export function filterModels(models: readonly Model[], filter: ModelFilter, facts?: MarketFacts): Model[] {
  const conditions = [...catalogueConditions(filter), ...endpointConditions(filter, facts)];
  return models.filter((model) => conditions.every((holds) => holds(model)));
}

/** The same filter without what needs endpoints: what can be told from the catalogue alone. */
export function catalogueFilter(filter: ModelFilter): ModelFilter {
  return { ...filter, provider: undefined, quantization: undefined, zdr: undefined };
}

function catalogueConditions(filter: ModelFilter): Condition[] {
  const conditions: Condition[] = [];
  const { vendor, author, inputs, outputs, parameters, minContext, createdSince, expiringBefore, favourites } = filter;
  const words = wordsOf(filter.search ?? '');
  if (favourites !== undefined) conditions.push(({ id }) => favourites.has(id));
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
