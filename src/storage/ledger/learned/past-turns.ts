import { isAscii } from 'node:buffer';
import { entryConditions } from '../entry-filter.ts';
import type { EntryFilter } from '../entry.ts';
import type { PastTurn } from '../reports/report.ts';
import type { Store } from '../store.ts';
import { columnText, texts } from '../../sqlite/stored-text.ts';

/** What precedes the conversation of a turn, which has no end of its own: any byte may be part of it. */
const NUMBERS = [
  'opened_at',
  'model',
  'IFNULL(prompt_tokens, 0)',
  'IFNULL(cached_tokens, 0)',
  'IFNULL(completion_tokens, 0)',
  'octet_length(conversation)',
];
const [MINUS, ZERO] = [45, 48];

/**
 * SQLite hands over all turns as one value, which takes a quarter of the time of rows. The value is bytes, because libsql terminates the process
 * when it reads text that is not UTF-8.
 */
export function readPastTurns(store: Store, filter: EntryFilter, { limit }: { limit: number }): PastTurn[] {
  const { where, values, index } = entryConditions(store, filter);
  const [found] = store.sql.allBytes<{ turns: ArrayBuffer | null }>(
    `SELECT CAST(group_concat(turn, '') AS BLOB) turns FROM (
       SELECT ${NUMBERS.join(` || ' ' || `)} || ' ' || conversation turn FROM entry INDEXED BY ${isOfTime(filter) ? 'entry_time' : index}
       WHERE ${where} ORDER BY opened_at DESC, row DESC LIMIT ${Math.floor(limit)}
     )`,
    values,
  );
  return found === undefined || found.turns === null ? [] : turnsIn(store, Buffer.from(found.turns)).toReversed();
}

/**
 * Returns whether only time limits the entries. The index of time then has them in order, also those of the same moment. Any other filter would
 * have to read every row there.
 */
function isOfTime({ since: _since, until: _until, ...others }: EntryFilter): boolean {
  return Object.values(others).every((value) => value === undefined);
}

function turnsIn({ labels }: Store, bytes: Buffer): PastTurn[] {
  // Slices of one text, with a character for each byte, are created faster than a text of each slice.
  const text = bytes.toString('latin1');
  const isPlain = isAscii(bytes);
  const turns: PastTurn[] = [];
  let at = 0;
  const number = (): number => {
    const isNegative = text.charCodeAt(at) === MINUS;
    if (isNegative) at += 1;
    let value = 0;
    for (let code = text.charCodeAt(at); code >= ZERO; code = text.charCodeAt(++at)) value = value * 10 + code - ZERO;
    at += 1;
    return isNegative ? -value : value;
  };
  while (at < text.length) {
    const openedAt = number();
    const model = number();
    const promptTokens = number();
    const cachedTokens = number();
    const completionTokens = number();
    const length = number();
    const conversation = text.slice(at, at + length);
    turns.push({
      at: openedAt,
      model: labels.text(model),
      conversation: isPlain ? conversation : columnText(Buffer.from(conversation, 'latin1'), 'conversation'),
      promptTokens,
      cachedTokens,
      completionTokens,
    });
    at += length;
  }
  return turns;
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
