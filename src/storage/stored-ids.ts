import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';

/** orx does not write larger files: storage/catalogue-cache.ts. */
const LARGEST_FILE = 64 * 1024 * 1024;
const NEWLINE = 0x0a;
// Quotes inside a JSON text are escaped, so a match is a field, never part of a description.
const ID = /"id"\s*:\s*"([\w~@.:/+-]+\/[\w~@.:/+-]+)"/g;

/**
 * Returns the model ids in the stored catalogue of this API, however old, without parsing the rest of it: completion must be fast. Skips ids
 * with unusual characters. Empty if there is no copy; never throws.
 */
export function readStoredIds(folder: string, source: string): readonly string[] {
  try {
    // There are only a few files. Their names contain a hash, but loading the hash function takes longer than opening each file.
    for (const name of readdirSync(folder).filter((each) => /^catalogue-[0-9a-f]{16}$/.test(each))) {
      const path = join(folder, name);
      const stat = statSync(path);
      if (!stat.isFile() || stat.size > LARGEST_FILE) continue;
      const bytes = readFileSync(path);
      const end = bytes.indexOf(NEWLINE);
      if (sourceIn(bytes.toString('utf8', 0, end)) !== source) continue;
      return [...new Set(Array.from(bytes.toString('latin1', end + 1).matchAll(ID), ([, id]) => id!))];
    }
  } catch {
    // Missing or unreadable.
  }
  return [];
}

function sourceIn(facts: string): unknown {
  try {
    return (JSON.parse(facts) as { source?: unknown }).source;
  } catch {
    return undefined;
  }
}
