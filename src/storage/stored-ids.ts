import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';

/** Larger ones were not written by orx: storage/catalogue-cache.ts. */
const LARGEST_FILE = 64 * 1024 * 1024;
const NEWLINE = 0x0a;
// A quote within a JSON text has a backslash before it: what stands here is a field, never part of a description.
const ID = /"id"\s*:\s*"([\w~@.:/+-]+\/[\w~@.:/+-]+)"/g;

/**
 * The ids of the models in the stored catalogue of this API, however old, without reading the rest of it: a key press waits for them. Ids
 * of other letters than ids have are left out. Empty when there is no copy; never throws.
 */
export function readStoredIds(folder: string, source: string): readonly string[] {
  try {
    // A handful of files; their names are made with a hash, which takes longer to load than looking into each.
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
    // Not there, or not readable.
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
