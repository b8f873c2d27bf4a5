import fc from 'fast-check';

/**
 * Cuts bytes at the given positions. Positions may be any numbers: they are taken modulo the length, so that a property test can choose every split.
 */
export function cutAt(bytes: Uint8Array, places: readonly number[]): Uint8Array[] {
  const cuts = [...new Set(places.map((place) => place % (bytes.length + 1)))].sort((a, b) => a - b);
  const pieces: Uint8Array[] = [];
  let start = 0;
  for (const cut of [...cuts, bytes.length]) {
    if (cut > start) pieces.push(bytes.subarray(start, cut));
    start = Math.max(start, cut);
  }
  return pieces;
}

/** Positions to cut at: none, few or very many. */
export const anyCuts = fc.array(fc.nat(), { maxLength: 200 });

export async function* asPieces(pieces: readonly Uint8Array[]): AsyncGenerator<Uint8Array> {
  for (const piece of pieces) yield piece;
}

export async function gather<T>(items: AsyncIterable<T>): Promise<T[]> {
  const matches: T[] = [];
  for await (const item of items) matches.push(item);
  return matches;
}
