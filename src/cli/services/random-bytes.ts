const EACH = 16;
const MOST_AT_ONCE = 4096;

let pool = new Uint8Array(0);
let taken = 0;

/**
 * Returns 16 random bytes. Generates them in batches of doubling size: a command needs few, a server needs some for every
 * request.
 */
export function randomBytes(): Uint8Array {
  if (taken + EACH > pool.length) {
    // Loading Node's random number module takes time, so it is loaded when the first bytes are needed.
    pool = process.getBuiltinModule('node:crypto').randomBytes(Math.min(MOST_AT_ONCE, Math.max(EACH, pool.length * 2)));
    taken = 0;
  }
  taken += EACH;
  return pool.subarray(taken - EACH, taken);
}
