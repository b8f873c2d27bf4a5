import { decimal, decimalText, parseDecimal } from '../../decimal.ts';
import { parseCost } from '../../paid-cost.ts';
import { clean } from '../sqlite/clean-text.ts';
import type { Sql, SqlValue } from '../sqlite/sql.ts';
import { texts } from '../sqlite/stored-text.ts';
import type { Conversation, ConversationFilter, ConversationTitle, NewConversation } from './conversations.ts';

interface ConversationRow {
  row: number;
  id: string;
  title: string;
  created_at: number;
  updated_at: number;
  model: string;
  system: string | null;
  project: string;
  profile: string;
  forked_from: string | null;
  sent_from: number | null;
  summary: string | null;
  messages: number;
  costs: string | null;
}

const COLUMNS = `row, created_at, updated_at, sent_from,
  ${texts('id', 'title', 'model', 'system', 'project', 'profile', 'forked_from', 'summary')},
  (SELECT COUNT(*) FROM message WHERE conversation = conversation.row) messages,
  CAST((SELECT group_concat(cost, ' ') FROM message WHERE conversation = conversation.row) AS BLOB) costs`;
const ALL = -1;

/** Returns conversations, most recently changed first. */
export function readConversations(sql: Sql, filter: ConversationFilter, limit = ALL): Conversation[] {
  const { where, values } = conversationConditions(filter);
  return sql
    .all<ConversationRow>(`SELECT ${COLUMNS} FROM conversation WHERE ${where} ORDER BY updated_at DESC, row DESC LIMIT ?`, [
      ...values,
      limit,
    ])
    .map(conversationOf);
}

/** Returns conversations without the data that requires reading messages, most recently changed first. */
export function readTitlesOf(sql: Sql, filter: ConversationFilter): ConversationTitle[] {
  const { where, values } = conversationConditions(filter);
  return sql
    .all<Pick<ConversationRow, 'id' | 'title' | 'model' | 'project' | 'updated_at'>>(
      `SELECT updated_at, ${texts('id', 'title', 'model', 'project')} FROM conversation WHERE ${where} ORDER BY updated_at DESC, row DESC`,
      values,
    )
    .map(({ updated_at: updatedAt, ...title }) => ({ ...title, updatedAt }));
}

/** Returns the conversations with these ids, most recently changed first. */
export function readByIds(sql: Sql, ids: readonly string[]): Conversation[] {
  if (ids.length === 0) return [];
  return sql
    .all<ConversationRow>(
      `SELECT ${COLUMNS} FROM conversation WHERE id IN (${ids.map(() => '?').join(', ')}) ORDER BY updated_at DESC, row DESC`,
      ids.map((id) => clean(id)),
    )
    .map(conversationOf);
}

/**
 * Finds conversations by a prefix of their id. Ids consist of digits and lowercase letters, so all matches are in the range from the prefix to
 * the prefix followed by the highest character.
 */
export function findConversations(sql: Sql, prefix: string, limit: number): Conversation[] {
  const text = clean(prefix.toLowerCase());
  return sql
    .all<ConversationRow>(`SELECT ${COLUMNS} FROM conversation WHERE id >= ? AND id < ? ORDER BY updated_at DESC LIMIT ?`, [
      text,
      `${text}\u{10FFFF}`,
      limit,
    ])
    .map(conversationOf);
}

/** Returns the row of a conversation, and creates the conversation if it does not exist. */
export function ensureConversation(sql: Sql, conversation: NewConversation, at: number): number {
  const { id, title, createdAt, model, system, project, profile } = conversation;
  const known = conversationRow(sql, id);
  if (known !== undefined) {
    sql.run('UPDATE conversation SET updated_at = ?, model = ?, system = ? WHERE row = ?', [
      at,
      clean(model),
      cleanOr(system),
      known,
    ]);
    return known;
  }
  return sql.insert(
    `INSERT INTO conversation (id, title, created_at, updated_at, model, system, project, profile) VALUES (?, ?, ?, ?, ?, ?, ?, ?)`,
    [clean(id), clean(title), createdAt, at, clean(model), cleanOr(system), clean(project), clean(profile)],
  );
}

export function conversationRow(sql: Sql, id: string): number | undefined {
  return sql.first<{ row: number }>('SELECT row FROM conversation WHERE id = ?', [clean(id)])?.row;
}

/** Returns the SQL conditions of a filter, for a query in which the table is called `conversation`. */
export function conversationConditions({ since, before, model, project }: ConversationFilter): {
  where: string;
  values: SqlValue[];
} {
  const conditions: [string, SqlValue][] = [];
  if (since !== undefined) conditions.push(['conversation.updated_at >= ?', since]);
  if (before !== undefined) conditions.push(['conversation.updated_at < ?', before]);
  if (model !== undefined) conditions.push(['instr(lower(conversation.model), ?) > 0', clean(model.toLowerCase())]);
  if (project !== undefined) conditions.push(['conversation.project = ?', clean(project)]);
  return {
    where: conditions.length === 0 ? 'TRUE' : conditions.map(([condition]) => condition).join(' AND '),
    values: conditions.map(([, value]) => value),
  };
}

function conversationOf(row: ConversationRow): Conversation {
  const costs = (row.costs ?? '').split(' ').flatMap((text) => parseDecimal(parseCost(text)) ?? []);
  return {
    id: row.id,
    title: row.title,
    createdAt: row.created_at,
    updatedAt: row.updated_at,
    model: row.model,
    project: row.project,
    profile: row.profile,
    messages: row.messages,
    ...(row.system !== null && { system: row.system }),
    ...(row.forked_from !== null && { forkedFrom: row.forked_from }),
    ...(row.sent_from !== null && { sentFrom: row.sent_from }),
    ...(row.summary !== null && { summary: row.summary }),
    ...(costs.length > 0 && { cost: decimalText(costs.reduce((sum, cost) => sum.plus(cost), decimal(0))) }),
  };
}

function cleanOr(text: string | undefined): string | undefined {
  return text === undefined ? undefined : clean(text);
}
