import type { Owner } from '../files/owner.ts';
import type { Sql } from '../sqlite/sql.ts';
import type { NewConversation, NewMessage, TurnPlaces } from './conversations.ts';
import { finishMessage, insertMessage } from './message-row.ts';
import { conversationRow, ensureConversation } from './rows.ts';

// Each of these functions must run inside a write transaction.

/** Stores the messages of a turn, and the answer that `owner` is about to write. */
export function beginTurn(
  sql: Sql,
  owner: Owner,
  conversation: NewConversation,
  { asked, at, isLeftOut = false }: { asked: readonly NewMessage[]; at: number; isLeftOut?: boolean },
): TurnPlaces {
  const row = ensureConversation(sql, conversation, at);
  const places = asked.map((one) => insertMessage(sql, row, { ...one, isLeftOut }));
  const answer = sql.insert(
    `INSERT INTO message (conversation, at, role, text, body, state, pid, host) VALUES (?, ?, 'assistant', '', ?, 'streaming', ?, ?)`,
    [row, at, JSON.stringify({ message: {}, ...(isLeftOut && { isLeftOut }) }), owner.pid, owner.host],
  );
  return { asked: places, answer };
}

/** Stores the first turn of a conversation, unless it is stored already. */
export function beginTurnOnce(
  sql: Sql,
  owner: Owner,
  conversation: NewConversation,
  { asked, at, isOver }: { asked: readonly NewMessage[]; at: number; isOver: boolean },
): TurnPlaces {
  const known = conversationRow(sql, conversation.id);
  const rows = sql.all<{ row: number }>('SELECT row FROM message WHERE conversation = ? ORDER BY row LIMIT ?', [
    known ?? -1,
    asked.length + 1,
  ]);
  const last = rows[asked.length];
  if (last !== undefined) return { asked: rows.slice(0, asked.length).map(({ row }) => row), answer: last.row };
  const places = beginTurn(sql, owner, conversation, { asked, at });
  if (isOver) finishMessage(sql, places.answer, { message: { role: 'assistant', content: '' }, state: 'stopped' });
  return places;
}
