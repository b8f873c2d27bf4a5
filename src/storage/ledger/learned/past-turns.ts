import { entryConditions } from '../entry-filter.ts';
import type { EntryFilter } from '../entry.ts';
import type { PastTurn } from '../reports/report.ts';
import type { Store } from '../store.ts';
import { texts } from '../../sqlite/stored-text.ts';

interface TurnRow {
  at: number;
  model: number;
  conversation: string;
  prompt: number | null;
  cached: number | null;
  completion: number | null;
}

export function readPastTurns(store: Store, filter: EntryFilter, { limit }: { limit: number }): PastTurn[] {
  const { where, values, index } = entryConditions(store, filter);
  return store.sql
    .all<TurnRow>(
      `SELECT opened_at at, model, ${texts('conversation')}, prompt_tokens prompt, cached_tokens cached, completion_tokens completion
       FROM entry INDEXED BY ${index} WHERE ${where} ORDER BY opened_at DESC, row DESC LIMIT ${Math.floor(limit)}`,
      values,
    )
    .map(({ at, model, conversation, prompt, cached, completion }) => ({
      at,
      model: store.labels.text(model),
      conversation,
      promptTokens: prompt ?? 0,
      cachedTokens: cached ?? 0,
      completionTokens: completion ?? 0,
    }))
    .toReversed();
}

export function readPastConversations(store: Store, beginning: string): { count: number; latest: string | undefined } {
  const { where, values, index } = entryConditions(store, { conversation: beginning });
  const from = `FROM entry INDEXED BY ${index} WHERE ${where}`;
  const match = store.sql.first<{ count: number }>(`SELECT COUNT(DISTINCT conversation) count ${from}`, values);
  const latest = store.sql.first<{ conversation: string }>(
    `SELECT ${texts('conversation')} ${from} ORDER BY opened_at DESC, row DESC LIMIT 1`,
    values,
  );
  return { count: match?.count ?? 0, latest: latest?.conversation };
}
