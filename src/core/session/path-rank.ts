/** How well a path matches the typed text: the kind of match from 0, the best, and the number of folders in the path. */
export interface Rank {
  kind: number;
  depth: number;
}

const EXACT = 0;
const NAME_BEGINS = 1;
const NAME_HOLDS = 2;
const PATH_BEGINS = 3;
const PATH_HOLDS = 4;
const NAME_RESEMBLES = 5;
const PATH_RESEMBLES = 6;
/** Shortest text for a fuzzy match: a shorter one resembles nearly everything. */
const LEAST_RESEMBLING = 2;

/**
 * Returns the rank of a path (a folder ends with a slash); undefined if it does not match. Case-insensitive. An empty text matches the files and
 * folders directly in the folder.
 */
export function pathRank(path: string, typed: string): Rank | undefined {
  const whole = (path.endsWith('/') ? path.slice(0, -1) : path).toLowerCase();
  const start = whole.lastIndexOf('/') + 1;
  const depth = start === 0 ? 0 : whole.split('/').length - 1;
  if (typed === '') return depth === 0 ? { kind: EXACT, depth } : undefined;
  const wanted = typed.toLowerCase();
  const kind = kindOf(whole, start, wanted);
  return kind === undefined ? undefined : { kind, depth };
}

function kindOf(path: string, start: number, wanted: string): number | undefined {
  if (path === wanted) return EXACT;
  if (path.startsWith(wanted, start)) return NAME_BEGINS;
  const at = path.lastIndexOf(wanted);
  if (at >= start && at !== -1) return NAME_HOLDS;
  if (at !== -1) return path.startsWith(wanted) ? PATH_BEGINS : PATH_HOLDS;
  // Trailing punctuation ends a sentence, unless a path contains the text as it is.
  if (wanted.length < LEAST_RESEMBLING || !/[\p{L}\p{N}]$/u.test(wanted)) return undefined;
  if (resembles(path, start, wanted)) return NAME_RESEMBLES;
  return resembles(path, 0, wanted) ? PATH_RESEMBLES : undefined;
}

/** Returns whether the characters occur in the path in this order, the first at the beginning of a word, and close together. */
function resembles(path: string, from: number, wanted: string): boolean {
  const longest = wanted.length * 4 + 8;
  for (let at = path.indexOf(wanted[0]!, from); at !== -1; at = path.indexOf(wanted[0]!, at + 1)) {
    if (at > from && /[\p{L}\p{N}]/u.test(path[at - 1]!)) continue;
    let match = at;
    for (let index = 1; index < wanted.length && match !== -1; index += 1) match = path.indexOf(wanted[index]!, match + 1);
    if (match === -1) return false;
    if (match - at < longest) return true;
  }
  return false;
}
