import { decimalText, parseDecimal } from '../../../decimal.ts';
import { OrxError } from '../../../errors.ts';
import type { RoutingPreferences } from '../../../apis/completion.ts';

const SORTS = ['price', 'throughput', 'latency'] as const;
/** USD per million tokens, higher than any real price: replaces the missing half of `max_price`. */
const NO_LIMIT = '1000000000';

/**
 * Parses the wire's `provider` object. `rest` contains unknown fields unchanged. Throws status 400 for a known field with a type
 * that the API does not accept.
 */
export function parseRouting(value: unknown): { preferences?: RoutingPreferences; rest?: Record<string, unknown> } {
  if (value === undefined || value === null) return {};
  if (typeof value !== 'object' || Array.isArray(value)) throw badField('provider', 'an object');
  const rest: Record<string, unknown> = { ...value };
  const take = (name: string): unknown => {
    const taken = rest[name];
    delete rest[name];
    return taken ?? undefined;
  };
  const sort = SORTS.find((name) => name === rest['sort']);
  if (sort !== undefined) delete rest['sort'];
  // Percentiles other than the median pass as they are.
  const numberOf = (name: string): number | undefined => (typeof rest[name] === 'number' ? (take(name) as number) : undefined);
  const preferences: RoutingPreferences = {
    order: texts('provider.order', take('order')),
    only: texts('provider.only', take('only')),
    ignore: texts('provider.ignore', take('ignore')),
    quantizations: texts('provider.quantizations', take('quantizations')),
    allowFallbacks: boolean('provider.allow_fallbacks', take('allow_fallbacks')),
    zeroDataRetention: boolean('provider.zdr', take('zdr')),
    dataCollection: dataCollection(take('data_collection')),
    maxPrice: maxPrice(take('max_price')),
    minThroughput: numberOf('preferred_min_throughput'),
    maxLatency: numberOf('preferred_max_latency'),
    sort,
  };
  return { preferences, ...(Object.keys(rest).length === 0 ? {} : { rest }) };
}

function texts(name: string, value: unknown): readonly string[] | undefined {
  if (value === undefined) return undefined;
  if (!Array.isArray(value) || !value.every((item) => typeof item === 'string')) throw badField(name, 'a list of strings');
  return value.length === 0 ? undefined : value;
}

function boolean(name: string, value: unknown): boolean | undefined {
  if (value === undefined || typeof value === 'boolean') return value;
  throw badField(name, 'true or false');
}

function dataCollection(value: unknown): 'allow' | 'deny' | undefined {
  if (value === undefined || value === 'allow' || value === 'deny') return value;
  throw badField('provider.data_collection', '"allow" or "deny"');
}

// The API's schema has strings, its pages have numbers: clients send both.
function maxPrice(value: unknown): RoutingPreferences['maxPrice'] {
  if (value === undefined) return undefined;
  if (typeof value !== 'object' || value === null) throw badField('provider.max_price', 'an object');
  const { prompt, completion } = value as { prompt?: unknown; completion?: unknown };
  return { prompt: limit('prompt', prompt), completion: limit('completion', completion) };
}

function limit(name: string, value: unknown): string {
  if (value === undefined || value === null) return NO_LIMIT;
  const amount = parseDecimal(value);
  if (amount === undefined || amount.lt(0)) throw badField(`provider.max_price.${name}`, 'a price in USD per million tokens');
  return decimalText(amount);
}

function badField(name: string, expected: string): OrxError {
  return new OrxError(`${name} must be ${expected}`, { kind: 'usage', code: 'invalid_request', status: 400 });
}
