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

/** Counts the conversations whose id begins like this. If it is a complete id, others that begin with it do not count. */
export function readPastConversations({ sql }: Store, beginning: string): { count: number; latest: string | undefined } {
  const entries = 'FROM entry INDEXED BY entry_conversation WHERE conversation';
  const exact = sql.first<{ found: number }>(`SELECT 1 found ${entries} = ? LIMIT 1`, [beginning]);
  if (exact !== undefined) return { count: 1, latest: beginning };
  const range = [beginning, `${beginning}\u{10FFFF}`];
  const from = `${entries} >= ? AND conversation < ?`;
  const match = sql.first<{ count: number }>(`SELECT COUNT(DISTINCT conversation) count ${from}`, range);
  const latest = sql.first<{ conversation: string }>(
    `SELECT ${texts('conversation')} ${from} ORDER BY opened_at DESC, row DESC LIMIT 1`,
    range,
  );
  return { count: match?.count ?? 0, latest: latest?.conversation };
}
