import { type Draft, EMPTY_DRAFT, pastedDraft } from './draft.ts';

/** The sent messages, oldest first, and the position of the user in them. */
export interface PromptHistory {
  entries: readonly Draft[];
  /** Index of the entry that is shown; `entries.length`: the draft is shown. */
  at: number;
  /** The text that the user was writing before moving up. */
  draft: Draft;
}

/** An incremental backward search, newest match first. */
export interface HistorySearch {
  query: string;
  /** Number of newer matches that are skipped. */
  skip: number;
}

export const MOST_PROMPTS = 1000;

/** Returns a history of earlier conversations. Which parts were typed is not known, so none counts as typed. */
export function storedHistory(texts: readonly string[]): PromptHistory {
  return startHistory(texts.map(pastedDraft));
}

export function startHistory(entries: readonly Draft[]): PromptHistory {
  return { entries, at: entries.length, draft: EMPTY_DRAFT };
}

/** Appends a message. The same text twice in a row is stored once, as it was last sent. */
export function withPrompt({ entries }: PromptHistory, draft: Draft): PromptHistory {
  if (draft.text.trim() === '') return startHistory(entries);
  const others = entries.at(-1)?.text === draft.text ? entries.slice(0, -1) : entries;
  return startHistory([...others, draft].slice(-MOST_PROMPTS));
}

/** Moves one entry back or forward; `shown` is undefined at either end. `current` is the content of the editor. */
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

/** Returns the match of a search; undefined without one. Case-insensitive unless the query contains upper case. */
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
