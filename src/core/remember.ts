interface Remembered<Value> {
  value: Value;
  until: number;
}

/** How long a server keeps what a model costs. The stored lists behind it are kept for longer. */
export const PRICES_KEPT_MS = 60_000;

/** More than people have models; what is asked for beyond that is made up. */
const MOST = 1000;

/**
 * The same look-up, with its results kept for so many milliseconds: for a server, in which every request asks for the same. A look-up that
 * fails is done again.
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
