import { randomBytes } from 'node:crypto';
import type { Message } from '../../apis/message.ts';
import { clean } from '../sqlite/clean-text.ts';
import type { Sql, SqlValue } from '../sqlite/sql.ts';
import { texts } from '../sqlite/stored-text.ts';
import { conversationConditions } from './rows.ts';
import type { ConversationFilter, SearchHit, SearchTerm } from './conversations.ts';

/** Scripts without spaces between words, in which the index finds no words, and texts without any letter, which it does not contain. */
const NOT_INDEXED =
  /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Thai}\p{Script=Lao}\p{Script=Khmer}\p{Script=Myanmar}]|^[^\p{L}\p{N}]*$/u;
const WORDS_AROUND = 16;
const CHARACTERS_AROUND = 40;

interface HitRow {
  id: string;
  title: string;
  row: number;
  at: number;
  role: string;
  snippet: string | null;
  text: string;
}

/** Returns the messages that contain all terms: terms of words by the index, the others by scanning every text. */
export function searchMessages(sql: Sql, terms: readonly SearchTerm[], filter: ConversationFilter, limit: number): SearchHit[] {
  if (terms.length === 0) return [];
  const { checked, isIndexed, where, values } = termConditions(terms, filter);
  // Random, so that no text contains it.
  const mark = `\u0001${randomBytes(9).toString('base64')}\u0001`;
  const rows = sql.all<HitRow>(
    `SELECT message.row, message.at, ${texts('conversation.id', 'conversation.title', 'message.role', 'message.text')},
       ${isIndexed ? `CAST(snippet(message_text, 0, ?, ?, '…', ${WORDS_AROUND}) AS BLOB)` : 'NULL'} snippet
     FROM ${messagesOf(isIndexed)} WHERE ${where} ORDER BY ${isIndexed ? 'message_text.rank' : 'message.row DESC'} LIMIT ?`,
    [...(isIndexed ? [mark, mark] : []), ...values, limit] satisfies SqlValue[],
  );
  return rows.map(({ id, title, row, at, role, snippet, text }) => ({
    conversation: id,
    title,
    place: row,
    at,
    role: role as Message['role'],
    snippet: snippet === null ? around(text, checked[0] ?? '') : pieces(snippet, mark),
  }));
}

/** Returns the ids of the conversations with a message that contains all terms. Does not rank them, which would take long if there are many. */
export function matchingConversations(sql: Sql, terms: readonly SearchTerm[], filter: ConversationFilter): ReadonlySet<string> {
  if (terms.length === 0) return new Set();
  const { isIndexed, where, values } = termConditions(terms, filter);
  const rows = sql.all<{ id: string }>(
    `SELECT ${texts('id')} FROM conversation WHERE row IN (SELECT conversation.row FROM ${messagesOf(isIndexed)} WHERE ${where})`,
    values,
  );
  return new Set(rows.map(({ id }) => id));
}

function messagesOf(isIndexed: boolean): string {
  const messages = isIndexed ? 'message_text JOIN message ON message.row = message_text.rowid' : 'message';
  return `${messages} JOIN conversation ON conversation.row = message.conversation`;
}

/** Returns the SQL conditions of terms and a filter, with their values in order; `checked` are the terms that the index does not contain. */
function termConditions(
  terms: readonly SearchTerm[],
  filter: ConversationFilter,
): { checked: readonly string[]; isIndexed: boolean; where: string; values: SqlValue[] } {
  const checked = terms.filter(({ text }) => NOT_INDEXED.test(text)).map(({ text }) => clean(text));
  const indexed = terms.filter(({ text }) => !NOT_INDEXED.test(text)).map(indexTerm);
  const { where, values } = conversationConditions(filter);
  const isIndexed = indexed.length > 0;
  const conditions = [
    where,
    ...(isIndexed ? ['message_text MATCH ?'] : []),
    ...checked.map(() => `message.text LIKE ? ESCAPE '\\'`),
  ];
  return {
    checked,
    isIndexed,
    where: conditions.join(' AND '),
    values: [...values, ...(isIndexed ? [indexed.join(' AND ')] : []), ...checked.map(likeTerm)],
  };
}

// The index treats a quoted text as literal, whatever it contains.
function indexTerm({ text, isExact }: SearchTerm): string {
  return `"${clean(text).replaceAll('"', '""')}"${isExact ? '' : '*'}`;
}

function likeTerm(text: string): string {
  return `%${text.replaceAll(/[\\%_]/g, String.raw`\$&`)}%`;
}

/** Splits a snippet; every second part is a hit. */
function pieces(snippet: string, mark: string): SearchHit['snippet'] {
  return snippet
    .split(mark)
    .map((text, index) => ({ text, isHit: index % 2 === 1 }))
    .filter(({ text }) => text !== '');
}

function around(text: string, term: string): SearchHit['snippet'] {
  const match = text.toLowerCase().indexOf(term.toLowerCase());
  const start = Math.max(0, match);
  const from = Math.max(0, start - CHARACTERS_AROUND);
  const end = start + term.length;
  const to = end + CHARACTERS_AROUND;
  return [
    { text: `${from > 0 ? '…' : ''}${text.slice(from, start)}`, isHit: false },
    { text: text.slice(start, end), isHit: match >= 0 },
    { text: `${text.slice(end, to)}${to < text.length ? '…' : ''}`, isHit: false },
  ].filter(({ text: piece }) => piece !== '');
}
