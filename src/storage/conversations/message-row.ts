import { paidCost, parseCost } from '../../paid-cost.ts';
import type { Usage } from '../../apis/completion.ts';
import type { Message } from '../../apis/message.ts';
import { clean } from '../sqlite/clean-text.ts';
import { currentMessage } from './older-message.ts';
import { damage, isDatabaseDamage } from '../sqlite/errors.ts';
import type { Sql } from '../sqlite/sql.ts';
import { texts } from '../sqlite/stored-text.ts';
import { extractAttachments, storeAttachments, withAttachments } from './attachments.ts';
import type { FinishedAnswer, MessageState, StoredMessage } from './conversations.ts';
import type { Writers } from './writers.ts';

export interface MessageRow {
  row: number;
  at: number;
  role: string;
  text: string;
  body: string;
  state: string;
  model: string | null;
  provider: string | null;
  generation_id: string | null;
  finish_reason: string | null;
  usage: string | null;
  cost: string | null;
  error: string | null;
  pid: number | null;
  host: string | null;
}

/** The columns that `messageOf` reads. */
export const MESSAGE_COLUMNS = `message.row, message.at, message.pid, ${texts(
  ...[
    'role',
    'text',
    'body',
    'state',
    'model',
    'provider',
    'generation_id',
    'finish_reason',
    'usage',
    'cost',
    'error',
    'host',
  ].map((name) => `message.${name}`),
)}`;

/** In UTF-16 units. */
const LONGEST_SEARCHED = 1024 * 1024;

/** The parts of a message that have no column of their own. */
interface Body {
  message: Partial<Message>;
  reasoning?: string | undefined;
  images?: readonly string[] | undefined;
  /** Its text and reasoning are stored as pieces. */
  isLong?: boolean | undefined;
  audio?: readonly string[] | undefined;
  tools?: FinishedAnswer['tools'];
  isLeftOut?: boolean | undefined;
  fallbackFrom?: string | undefined;
  fallbackReason?: string | undefined;
}

/** Stores a complete message. Returns its row. */
export function insertMessage(
  sql: Sql,
  conversation: number,
  { at, message, isLeftOut }: { at: number; message: Message; isLeftOut: boolean },
): number {
  const { text, json, attachments } = packed({ message, ...(isLeftOut && { isLeftOut }) });
  const row = sql.insert(`INSERT INTO message (conversation, at, role, text, body, state) VALUES (?, ?, ?, ?, ?, 'complete')`, [
    conversation,
    at,
    message.role,
    text,
    json,
  ]);
  storeAttachments(sql, row, attachments);
  return row;
}

/** Stores an answer that has ended. Does nothing if the message was deleted meanwhile. */
export function finishMessage(sql: Sql, row: number, answer: FinishedAnswer): void {
  const { message, images, audio, tools, isLeftOut, fallbackFrom, fallbackReason, usage } = answer;
  const isLong = answer.isLong === true;
  const rest = { images, audio, tools, isLeftOut, fallbackFrom, fallbackReason };
  const { text, json, attachments } = isLong
    ? packedBeginning({ message, isLong, ...rest })
    : packed({ message, reasoning: answer.reasoning, ...rest });
  const changed = sql.run(
    `UPDATE message SET text = ?, body = ?, state = ?, model = ?, provider = ?, generation_id = ?, finish_reason = ?, usage = ?,
     cost = ?, error = ?, pid = NULL, host = NULL WHERE row = ?`,
    [
      text,
      json,
      answer.state,
      ...[answer.model, answer.provider, answer.generationId, answer.finishReason].map(cleanOr),
      usage === undefined ? undefined : JSON.stringify(usage),
      cleanOr(usage && paidCost(usage)),
      cleanOr(answer.error),
      row,
    ],
  );
  if (!isLong) sql.run('DELETE FROM piece WHERE message = ?', [row]);
  if (changed > 0) storeAttachments(sql, row, attachments);
}

/** Returns a message in the form that callers use. One that a dead process was still writing is `stopped`. */
export function messageOf(sql: Sql, row: MessageRow, writers: Writers): StoredMessage {
  const { message, reasoning, images, audio, tools, isLeftOut, fallbackFrom, fallbackReason, isLong } = bodyOf(sql, row);
  const isStreaming = row.state === 'streaming';
  const pieces = isStreaming || isLong === true ? piecesOf(sql, row.row) : undefined;
  const facts = {
    model: row.model,
    provider: row.provider,
    generationId: row.generation_id,
    finishReason: row.finish_reason,
    cost: parseCost(row.cost) === undefined ? null : row.cost,
    error: row.error,
    usage: row.usage === null ? null : (parsed(row.usage) as Usage | undefined),
    reasoning: pieces === undefined ? reasoning : pieces.reasoning || undefined,
    images,
    audio,
    tools,
    isLeftOut,
    fallbackFrom,
    fallbackReason,
    isLong,
  };
  return {
    place: row.row,
    at: row.at,
    state: isStreaming && !writers.isWriting(row, pieces?.at) ? 'stopped' : (row.state as MessageState),
    message: { content: pieces?.text ?? row.text, ...currentMessage(message), role: row.role as Message['role'] },
    ...(Object.fromEntries(Object.entries(facts).filter(([, value]) => value !== null && value !== undefined)) as Partial<
      typeof facts
    >),
  } as StoredMessage;
}

/** Returns the stored text of an answer in progress. */
export function piecesOf(sql: Sql, message: number): { text: string; reasoning: string; at: number | undefined } {
  const rows = sql.all<{ text: string; reasoning: string; at: number }>(
    `SELECT at, ${texts('text', 'reasoning')} FROM piece WHERE message = ? ORDER BY row`,
    [message],
  );
  const joined = (key: 'text' | 'reasoning'): string => rows.map((row) => String(parsed(row[key]) ?? '')).join('');
  return { text: joined('text'), reasoning: joined('reasoning'), at: rows.at(-1)?.at };
}

// Text that SQLite would not return unchanged is stored in the body.
function packed({ message, ...rest }: Body & { message: Message }): ReturnType<typeof extractAttachments> & { text: string } {
  const { role: _, content, ...others } = message;
  const whole = textOf(content);
  const text = clean(whole);
  const isInText = typeof content === 'string' && text === content;
  return { text, ...extractAttachments({ message: isInText ? others : { content, ...others }, ...rest }) };
}

/** For a long text, only its beginning can be searched; the whole text is stored as pieces. */
function packedBeginning({ message, ...rest }: Body & { message: Message }): ReturnType<typeof packed> {
  const { role: _, content, ...others } = message;
  return { text: clean(textOf(content).slice(0, LONGEST_SEARCHED)), ...extractAttachments({ message: others, ...rest }) };
}

/** Returns whether an answer is too long to be written at once. */
export function isLongAnswer({ message, reasoning = '' }: Pick<FinishedAnswer, 'message' | 'reasoning'>): boolean {
  return textOf(message.content).length + reasoning.length > LONGEST_SEARCHED;
}

function textOf(content: string | readonly { type: string; text?: string }[]): string {
  if (typeof content === 'string') return content;
  return content.map((part) => (part.type === 'text' ? part.text : '')).join('');
}

function bodyOf(sql: Sql, { row, body }: MessageRow): Body {
  if (parsed(body) === undefined) throw damage(`the body of message ${row} is not JSON`);
  try {
    return withAttachments(sql, row, body) as Body;
  } catch (error) {
    // A row of a damaged file may contain anything.
    if (isDatabaseDamage(error)) throw error;
    return { message: {} };
  }
}

function parsed(json: string): unknown {
  try {
    return JSON.parse(json) as unknown;
  } catch {
    return undefined;
  }
}

function cleanOr(text: string | undefined): string | undefined {
  return text === undefined ? undefined : clean(text);
}
