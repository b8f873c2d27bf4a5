interface Remembered<Value> {
  value: Value;
  until: number;
}

/** How long a server caches prices of models. The stored lists behind them are kept longer. */
export const PRICES_KEPT_MS = 60_000;

/** Largest number of cached results. Nobody uses more models; beyond that the names are made up. */
const MOST = 1000;

/**
 * Returns the same function with its results cached for `forMs` milliseconds. A server uses it, because its requests look up the same keys. A
 * rejected result is not cached.
 */
export function remember<Value>(load: (key: string) => Value, forMs: number, now: () => number): (key: string) => Value {
  const known = new Map<string, Remembered<Value>>();
  return (key) => {
    const match = known.get(key);
    if (match !== undefined && match.until > now()) return match.value;
    if (known.size >= MOST) known.clear();
    const value = load(key);
    known.set(key, { value, until: now() + forMs });
    if (value instanceof Promise) value.catch(() => known.delete(key));
    return value;
  };
}

/**
 * Returns the same function with its results cached as `remember` does. What has been loaded is returned without a promise, so that callers
 * that look up the same keys for each request do not wait for one.
 */
export function rememberLoaded<Value>(
  load: (key: string) => Promise<Value>,
  forMs: number,
  now: () => number,
): (key: string) => Value | Promise<Value> {
  const find = remember(load, forMs, now);
  const loaded = new WeakMap<Promise<Value>, { value: Value }>();
  return (key) => {
    const pending = find(key);
    const match = loaded.get(pending);
    if (match !== undefined) return match.value;
    pending.then(
      (value) => loaded.set(pending, { value }),
      () => undefined,
    );
    return pending;
  };
}
