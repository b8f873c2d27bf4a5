import type { SearchTerm } from '../../storage/conversations/conversations.ts';

/** Parses a search: words, matched by their beginning, and `"exact words"` in double quotes. */
export function searchTerms(words: string): SearchTerm[] {
  return [...words.matchAll(/"([^"]*)"?|[^\s"]+/g)]
    .map(([text, quoted]): SearchTerm => ({ text: (quoted ?? text).trim(), isExact: quoted !== undefined }))
    .filter(({ text }) => text !== '');
}
