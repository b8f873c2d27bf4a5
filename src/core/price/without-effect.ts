import type { Endpoint, Model } from '../../apis/catalogue.ts';
import type { RoutingPreferences } from '../../apis/completion.ts';
import { closedTier, isNamed, isTooExpensive } from './endpoint-exclusion.ts';

/** A preference that changes nothing for a model, and why. */
export interface WithoutEffect {
  preference: keyof RoutingPreferences;
  flag: string;
  because: string;
}

/**
 * Returns the preferences of a request that change nothing for a model with these endpoints: they choose between providers that do not serve it,
 * or exclude none. A data policy is never one of them, because it protects also when the endpoints change.
 */
export function withoutEffect(
  { id }: Pick<Model, 'id'>,
  endpoints: readonly Endpoint[],
  routing: RoutingPreferences,
): readonly WithoutEffect[] {
  const open = endpoints.filter((endpoint) => closedTier({ id }, endpoint, routing) === undefined);
  const found: WithoutEffect[] = [];
  // A router has no endpoints.
  if (open.length === 0) return found;
  const add = (preference: keyof RoutingPreferences, flag: string, because: string): void =>
    void found.push({ preference, flag, because });
  const { order, only, ignore, sort, maxPrice, quantizations, minThroughput, maxLatency } = routing;
  const unserved = (names: readonly string[] = []): string[] =>
    names.filter((name) => !endpoints.some((one) => isNamed(one, [name])));
  const serves = (names: readonly string[]): string =>
    `${names.join(', ')} ${names.length === 1 ? 'does' : 'do'} not serve ${id}`;
  for (const [preference, flag, names] of [
    ['order', '--provider', order],
    ['only', '--only', only],
    ['ignore', '--ignore', ignore],
  ] as const) {
    const absent = unserved(names);
    // If none of --only is left, the request fails.
    const isFailure = preference === 'only' && absent.length === names?.length;
    if (absent.length > 0 && !isFailure) add(preference, flag, serves(absent));
  }
  if (only !== undefined && open.every((one) => isNamed(one, only))) add('only', '--only', `it names every provider of ${id}`);
  if (maxPrice !== undefined && !open.some((one) => isTooExpensive(one, maxPrice)))
    add('maxPrice', '--max-price', `every price of ${id} is within it`);
  const levels = quantizations?.map((level) => level.toLowerCase());
  if (levels !== undefined && open.every(({ quantization = 'unknown' }) => levels.includes(quantization.toLowerCase())))
    add('quantizations', '--quantization', `every provider of ${id} matches`);
  if (open.length === 1) {
    const because = `${id} has one provider`;
    if (order !== undefined && unserved(order).length === 0) add('order', '--provider', because);
    if (routing.allowFallbacks === false) add('allowFallbacks', '--no-provider-fallbacks', because);
    if (sort !== undefined) add('sort', '--route-by', because);
    if (minThroughput !== undefined) add('minThroughput', '--min-throughput', because);
    if (maxLatency !== undefined) add('maxLatency', '--max-latency', because);
    return found;
  }
  const speeds = open.map(({ throughput }) => throughput?.p50);
  const waits = open.map(({ latency }) => latency?.p50);
  const isKnown = (values: readonly (number | undefined)[]): values is number[] => values.every((value) => value !== undefined);
  if (minThroughput !== undefined && isKnown(speeds) && isUniform(speeds.map((speed) => speed >= minThroughput)))
    add('minThroughput', '--min-throughput', `${speeds[0]! >= minThroughput ? 'every' : 'no'} provider of ${id} is that fast`);
  if (maxLatency !== undefined && isKnown(waits) && isUniform(waits.map((wait) => wait <= maxLatency * 1000)))
    add('maxLatency', '--max-latency', `${waits[0]! <= maxLatency * 1000 ? 'every' : 'no'} provider of ${id} is that fast`);
  return found;
}

function isUniform(values: readonly boolean[]): boolean {
  return values.every((value) => value === values[0]);
}
