import { type Draft, EMPTY_DRAFT, pastedDraft } from './draft.ts';

/** What was sent before, oldest first, and where the user stands in it. */
export interface PromptHistory {
  entries: readonly Draft[];
  /** Index of the entry that is shown; `entries.length`: none, the draft. */
  at: number;
  /** What was being written when the user went up. */
  draft: Draft;
}

/** An incremental search backwards, newest match first. */
export interface HistorySearch {
  query: string;
  /** How many matches newer than the shown one are skipped. */
  skip: number;
}

export const MOST_PROMPTS = 1000;

/** A history of earlier conversations. Nobody can tell any more what of it was typed, so nothing was. */
export function storedHistory(texts: readonly string[]): PromptHistory {
  return startHistory(texts.map(pastedDraft));
}

export function startHistory(entries: readonly Draft[]): PromptHistory {
  return { entries, at: entries.length, draft: EMPTY_DRAFT };
}

/** With one more at the end; the same text twice in a row stands there once, as it was sent last. */
export function withPrompt({ entries }: PromptHistory, draft: Draft): PromptHistory {
  if (draft.text.trim() === '') return startHistory(entries);
  const others = entries.at(-1)?.text === draft.text ? entries.slice(0, -1) : entries;
  return startHistory([...others, draft].slice(-MOST_PROMPTS));
}

/** One back or on; `shown` is undefined at the end of it. `current` is what stands in the editor. */
export function stepHistory(
  history: PromptHistory,
  step: -1 | 1,
  current: Draft,
): { history: PromptHistory; shown: Draft | undefined } {
  const { entries, at } = history;
  const next = at + step;
  if (next < 0 || next > entries.length) return { history, shown: undefined };
  const draft = at === entries.length ? current : history.draft;
  return { history: { entries, at: next, draft }, shown: next === entries.length ? draft : entries[next] };
}

/** The match of a search, undefined without one. Upper and lower case are the same unless the query has upper case. */
export function findPrompt({ entries }: Pick<PromptHistory, 'entries'>, { query, skip }: HistorySearch): Draft | undefined {
  if (query === '') return undefined;
  const isExact = query !== query.toLowerCase();
  const seen = new Set<string>();
  for (let at = entries.length - 1; at >= 0; at -= 1) {
    const entry = entries[at]!;
    if (seen.has(entry.text) || !(isExact ? entry.text : entry.text.toLowerCase()).includes(query)) continue;
    if (seen.size === skip) return entry;
    seen.add(entry.text);
  }
  return undefined;
}
