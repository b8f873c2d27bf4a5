import { hashText, seededRandom } from './random.ts';
import { tokenPieces } from './token-pieces.ts';

/** Each token changes this many places of a vector. */
const PLACES = 24;
/** A token of this length or longer has the full weight: short ones are mostly function words. */
const HEAVY = 6;
/** Further tokens hardly change a vector. */
const MOST_PIECES = 4000;

/**
 * Returns a vector of length 1 that depends only on the tokens of the text: texts with common words have similar vectors. It is not
 * that of any model. Its numbers are 32-bit floats.
 */
export function simulatedVector(text: string, dimensions: number): number[] {
  const sums = new Float64Array(dimensions);
  for (const [piece, weight] of weightsOf(text)) {
    const random = seededRandom(hashText(piece));
    for (let place = 0; place < PLACES; place += 1) {
      const at = Math.floor(random() * dimensions);
      sums[at] = sums[at]! + weight * (random() < 0.5 ? -1 : 1);
    }
  }
  const length = Math.hypot(...sums);
  if (length === 0) sums[0] = 1;
  return Array.from(sums, (value) => Math.fround(length === 0 ? value : value / length));
}

/** Returns from 0 to 1 how many tokens of the query a document has, and how much of it they are. Six digits. */
export function simulatedRelevance(query: string, document: string): number {
  const wanted = weightsOf(query);
  const present = weightsOf(document);
  let [found, all, matching, whole] = [0, 0, 0, 0];
  for (const [piece, weight] of wanted) {
    all += weight;
    if (present.has(piece)) found += weight;
  }
  for (const [piece, weight] of present) {
    whole += weight;
    if (wanted.has(piece)) matching += weight;
  }
  const share = all === 0 ? 0 : found / all;
  const focus = whole === 0 ? 0 : matching / whole;
  return Math.round((0.001 + 0.9 * share + 0.098 * focus) * 1e6) / 1e6;
}

function weightsOf(text: string): ReadonlyMap<string, number> {
  const weights = new Map<string, number>();
  for (const piece of tokenPieces(text.toLowerCase()).slice(0, MOST_PIECES)) {
    const token = piece.trim();
    if (!/[\p{L}\p{N}]/u.test(token)) continue;
    weights.set(token, Math.max(weights.get(token) ?? 0, Math.min(1, (token.length / HEAVY) ** 2)));
  }
  // A text of other characters alone.
  if (weights.size === 0 && text.trim() !== '') weights.set(text.trim(), 1);
  return weights;
}
