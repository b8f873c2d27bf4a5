import { createHash } from 'node:crypto';

/** Points of a public vote, which move with every vote: 118 of 455 models differed in three days by nothing else. */
const RESTLESS: ReadonlySet<string> = new Set(['design_arena']);

/**
 * The same for two wire objects that say the same: order of keys and of lists of words, null and missing, and results of public votes
 * make no difference.
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
  // A list of pairs: an object would lose a key called __proto__, and put numbers first.
  return fields.length === 0 ? undefined : fields;
}
