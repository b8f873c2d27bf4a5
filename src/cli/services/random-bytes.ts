import { closeSync, openSync, readSync } from 'node:fs';

const EACH = 16;
const MOST_AT_ONCE = 4096;

let pool: Uint8Array = new Uint8Array(0);
let taken = 0;

/**
 * Returns 16 random bytes. Generates them in batches of doubling size: a command needs few, a server needs some for every
 * request.
 */
export function randomBytes(): Uint8Array {
  if (taken + EACH > pool.length) {
    pool = freshBytes(Math.min(MOST_AT_ONCE, Math.max(EACH, pool.length * 2)));
    taken = 0;
  }
  taken += EACH;
  return pool.subarray(taken - EACH, taken);
}

/** Loading node:crypto takes some 3 ms, the system's own source of randomness takes none. Windows has no such file. */
function freshBytes(count: number): Uint8Array {
  return systemBytes(count) ?? process.getBuiltinModule('node:crypto').randomBytes(count);
}

function systemBytes(count: number): Uint8Array | undefined {
  if (process.platform === 'win32') return undefined;
  let file: number | undefined;
  try {
    file = openSync('/dev/urandom', 'r');
    const bytes = new Uint8Array(count);
    return readSync(file, bytes, 0, count, null) === count ? bytes : undefined;
  } catch {
    return undefined;
  } finally {
    if (file !== undefined) closeSync(file);
  }
}
