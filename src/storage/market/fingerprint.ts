import { createHash } from 'node:crypto';

/** Scores of a public vote, which change with every vote: within three days, 118 of 455 models differed only in these. */
const RESTLESS: ReadonlySet<string> = new Set(['design_arena']);

/**
 * Returns a hash of a wire object. It ignores the order of keys and of lists of words, the difference between null and missing, and results of
 * public votes.
 */
export function catalogueFingerprint(wire: unknown): string {
  return createHash('sha256')
    .update(JSON.stringify(canonical(wire) ?? null))
    .digest('hex')
    .slice(0, 32);
}

function canonical(value: unknown): unknown {
  if (Array.isArray(value)) {
    const items = value.map((item) => canonical(item) ?? null);
    return items.every((item) => typeof item === 'string') ? items.toSorted() : items;
  }
  if (typeof value !== 'object' || value === null) return value ?? undefined;
  const fields = Object.entries(value)
    .filter(([key]) => !RESTLESS.has(key))
    .map(([key, field]) => [key, canonical(field)] as const)
    .filter(([, field]) => field !== undefined)
    .toSorted(([a], [b]) => (a < b ? -1 : 1));
  // A list of pairs: an object would lose a key named __proto__ and move numeric keys to the front.
  return fields.length === 0 ? undefined : fields;
}
