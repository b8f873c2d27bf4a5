const EACH = 16;
const MOST_AT_ONCE = 4096;

let pool = new Uint8Array(0);
let taken = 0;

/** 16 random bytes. They are made in stocks that double: a command wants a few, a server some with every request. */
export function randomBytes(): Uint8Array {
  if (taken + EACH > pool.length) {
    // Loading the part of Node that makes random numbers takes a while: only when one is wanted.
    pool = process.getBuiltinModule('node:crypto').randomBytes(Math.min(MOST_AT_ONCE, Math.max(EACH, pool.length * 2)));
    taken = 0;
  }
  taken += EACH;
  return pool.subarray(taken - EACH, taken);
}
