import type { Sql } from '../sqlite/sql.ts';
import { dropUnusedAttachments } from './attachments.ts';
import { conversationRow } from './rows.ts';
import { finishMessage, isLongAnswer, MESSAGE_COLUMNS, messageOf, type MessageRow } from './message-row.ts';
import type { Writers } from './writers.ts';

// Each of these functions must run inside a write transaction.

/** Ends answers whose process died, with the text that was stored. */
export function closeLostAnswers(sql: Sql, writers: Writers): void {
  for (const row of sql.all<MessageRow>(
    `SELECT ${MESSAGE_COLUMNS} FROM message INDEXED BY message_streaming WHERE state = 'streaming'`,
  )) {
    const answer = messageOf(sql, row, writers);
    if (answer.state === 'streaming') continue;
    finishMessage(sql, row.row, { ...answer, state: answer.state, isLong: isLongAnswer(answer) });
  }
}

const COPIED = 'at, role, text, body, state, model, provider, generation_id, finish_reason, usage, error';

/**
 * Copies a conversation without messages that are still being written. The cost of its answers was paid only once, so the copies have no cost.
 */
export function forkConversation(sql: Sql, id: string, copy: { id: string; at: number }): boolean {
  const from = conversationRow(sql, id);
  if (from === undefined) return false;
  const to = sql.insert(
    `INSERT INTO conversation (id, title, created_at, updated_at, model, system, project, profile, forked_from, summary)
     SELECT ?, title, ?, ?, model, system, project, profile, id, summary FROM conversation WHERE row = ?`,
    [copy.id, copy.at, copy.at, from],
  );
  const places = new Map<number, number>();
  for (const { row } of sql.all<{ row: number }>(
    `SELECT row FROM message WHERE conversation = ? AND state <> 'streaming' ORDER BY row`,
    [from],
  )) {
    const place = sql.insert(`INSERT INTO message (conversation, ${COPIED}) SELECT ?, ${COPIED} FROM message WHERE row = ?`, [
      to,
      row,
    ]);
    sql.run(
      'INSERT INTO message_attachment (message, path, before, hash) SELECT ?, path, before, hash FROM message_attachment WHERE message = ?',
      [place, row],
    );
    sql.run(
      'INSERT INTO piece (message, at, text, reasoning) SELECT ?, at, text, reasoning FROM piece WHERE message = ? ORDER BY row',
      [place, row],
    );
    places.set(row, place);
  }
  const sentFrom = sql.first<{ sent_from: number | null }>('SELECT sent_from FROM conversation WHERE row = ?', [from])?.sent_from;
  // If the first message to be sent was deleted, the next one takes its place.
  const place = typeof sentFrom === 'number' ? [...places].find(([old]) => old >= sentFrom)?.[1] : undefined;
  if (place !== undefined) sql.run('UPDATE conversation SET sent_from = ? WHERE row = ?', [place, to]);
  return true;
}

/** Deletes the messages that match a condition, and the rows that depend on them. */
export function removeMessages(sql: Sql, where: string, values: readonly (string | number)[]): void {
  const which = `(SELECT row FROM message WHERE ${where})`;
  sql.run(`DELETE FROM piece WHERE message IN ${which}`, values);
  sql.run(`DELETE FROM message_attachment WHERE message IN ${which}`, values);
  sql.run(`DELETE FROM message WHERE ${where}`, values);
  dropUnusedAttachments(sql);
}

/** Deletes messages and uses those from `until` on, which were not sent before, in their place. */
export function replaceMessages(sql: Sql, conversation: number, from: number, until: number): void {
  removeMessages(sql, 'conversation = ? AND row >= ? AND row < ?', [conversation, from, until]);
  sql.run(`UPDATE message SET body = json_remove(body, '$.isLeftOut') WHERE conversation = ? AND row >= ? AND json_valid(body)`, [
    conversation,
    until,
  ]);
}

/** Returns the number of deleted conversations. */
export function removeConversations(sql: Sql, rows: readonly number[]): number {
  for (const row of rows) {
    removeMessages(sql, 'conversation = ?', [row]);
    sql.run('DELETE FROM conversation WHERE row = ?', [row]);
  }
  return rows.length;
}
