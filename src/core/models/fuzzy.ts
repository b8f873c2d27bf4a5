import uFuzzy from '@leeoniya/ufuzzy';
import type { Model } from '../../apis/catalogue.ts';

/** Longer queries are truncated: no one types them, and each word takes time. */
const LONGEST_QUERY = 100;
/** Most words of a query that are matched in any order. Longer queries are matched only in the given order. */
const MOST_SHUFFLED = 4;
/** All matches are ranked, whatever their number. */
const RANKED = Number.POSITIVE_INFINITY;

/** Allows one additional character between the characters of a word (`gpt4o` finds `gpt-4o`, `deepsek` finds `deepseek`). */
const loose = new uFuzzy({ intraIns: 1, intraChars: '[^ ]' });
/** Allows one wrong, missing or swapped character in each word. */
const forgiving = new uFuzzy({ intraMode: 1, intraIns: 1, intraSub: 1, intraTrn: 1, intraDel: 1 });

const haystacks = new WeakMap<readonly Model[], string[]>();

/**
 * Returns the models whose id (including the author) or name contains the words of the query, best match first; with `keepOrder` in their
 * original order. The query may omit characters of words. If that finds nothing, characters may also be wrong. `-word` excludes models that
 * contain the word.
 */
export function searchModels(models: readonly Model[], query: string, options: { keepOrder?: boolean } = {}): readonly Model[] {
  const wanted = query.trim().slice(0, LONGEST_QUERY);
  if (wanted === '') return models;
  const hits = matches(haystackOf(models), wanted);
  return (options.keepOrder === true ? hits.toSorted((a, b) => a - b) : hits).map((index) => models[index]!);
}

function matches(haystack: string[], query: string): readonly number[] {
  for (const matcher of [loose, forgiving]) {
    const [hit, info, order] = matcher.search(haystack, query, MOST_SHUFFLED, RANKED);
    // The matcher found no word in the query: another script, or only punctuation.
    if (hit === null) return plainMatches(haystack, query);
    if (hit.length > 0) return order === null ? hit : order.map((place) => info.idx[place]!);
  }
  return [];
}

function plainMatches(haystack: readonly string[], query: string): number[] {
  const wanted = query.toLowerCase();
  return haystack.flatMap((text, index) => (text.toLowerCase().includes(wanted) ? [index] : []));
}

function haystackOf(models: readonly Model[]): string[] {
  let haystack = haystacks.get(models);
  if (haystack === undefined) haystacks.set(models, (haystack = models.map(({ id, name }) => `${id} ${name}`)));
  return haystack;
}
