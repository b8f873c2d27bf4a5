import type { ManagedKey } from '../../apis/managed-keys.ts';
import { usageError } from '../../errors.ts';

/** A shorter start of a hash could be the wrong key tomorrow. */
const SHORTEST_HASH = 6;

/** Finds a key by its name, its hash, or the start of its hash. Throws a usage error if no key or more than one key matches. */
export function findManagedKey(word: string, keys: readonly ManagedKey[]): ManagedKey {
  const start = word.toLowerCase();
  const exact = keys.find(({ hash }) => hash === start);
  if (exact !== undefined) return exact;
  const named = keys.filter(({ name }) => name === word);
  const isHash = start.length >= SHORTEST_HASH && /^[\da-f]+$/.test(start);
  const found = named.length > 0 ? named : isHash ? keys.filter(({ hash }) => hash.startsWith(start)) : [];
  const [key, other] = found;
  if (key === undefined) throw usageError(`unknown key "${word}"`, 'use its name, or the start of its hash: orx keys list');
  if (other !== undefined)
    throw usageError(
      `"${word}" matches ${found.length} keys`,
      `use the hash of one: ${found
        .map(({ hash }) => hash.slice(0, 16))
        .slice(0, 5)
        .join(', ')}`,
    );
  return key;
}
