import uFuzzy from '@leeoniya/ufuzzy';
import type { Model } from '../../apis/catalogue.ts';

/** Longer queries are cut: nobody types them, and each word of one costs. */
const LONGEST_QUERY = 100;
/** Words in any order: so many of them are tried in all orders, more only as they stand. */
const MOST_SHUFFLED = 4;
/** All matches are ranked, however many there are. */
const RANKED = Number.POSITIVE_INFINITY;

/** A character may stand between those of a word (`gpt4o` finds `gpt-4o`, `deepsek` finds `deepseek`). */
const loose = new uFuzzy({ intraIns: 1, intraChars: '[^ ]' });
/** One wrong, missing or swapped character in each word. */
const forgiving = new uFuzzy({ intraMode: 1, intraIns: 1, intraSub: 1, intraTrn: 1, intraDel: 1 });

const haystacks = new WeakMap<readonly Model[], string[]>();

/**
 * The models whose id (author and all) or name holds the words of the query, the best match first; with `keepOrder` in the order they came.
 * Characters may be left out of words; only where that finds nothing they may also be wrong. `-word` leaves out what holds it.
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
    // No word in it that the matcher knows: other scripts, signs alone.
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
