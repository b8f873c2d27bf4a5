import type { RecoveredTables } from '../sqlite/recover/recover-tables.ts';
import { type TakenTable, takeOverRows } from '../sqlite/recover/take-over-rows.ts';
import type { Sql } from '../sqlite/sql.ts';

const NO_BODY = '{"message":{}}';
const CONVERSATION_COLUMNS =
  'row id title created_at updated_at model project profile system forked_from sent_from summary'.split(' ');
const MESSAGE_COLUMNS =
  'row conversation at role text body state model provider generation_id finish_reason usage cost error pid host'.split(' ');
const DAMAGED_TEXT = '\uFFFD';

/**
 * Copies all rows that were recovered from a damaged database. A message whose conversation is lost is put into one named after its number; a
 * message of which only the beginning of the text remains is stored with that.
 */
export function takeOverConversations(damaged: RecoveredTables, fresh: Sql): string {
  // Rows that refer to a lost one are handled below.
  fresh.pragma('defer_foreign_keys = ON');
  const ids = new Map<number, string>();
  for (const { row, values } of damaged.indexRows('sqlite_autoindex_conversation_1')) ids.set(row, String(values['id']));
  const [, messages = 0] = tables(ids, (text) => damaged.addProblem(text)).map((table) => takeOverRows(damaged, fresh, table));
  fresh.run(
    `INSERT INTO conversation (row, id, title, created_at, updated_at, model, project, profile)
     SELECT conversation, 'recovered-' || conversation, 'recovered', MIN(at), MAX(at), COALESCE(MAX(model), ''), '', 'default' FROM message
     WHERE conversation NOT IN (SELECT row FROM conversation) GROUP BY conversation`,
  );
  for (const [row, id] of ids) {
    fresh.run('UPDATE conversation SET id = ? WHERE row = ? AND id = ?', [id, row, `recovered-${row}`]);
  }
  fresh.run('DELETE FROM piece WHERE message NOT IN (SELECT row FROM message)');
  fresh.run(
    `DELETE FROM message_attachment
     WHERE message NOT IN (SELECT row FROM message) OR hash NOT IN (SELECT hash FROM attachment)`,
  );
  const conversations = fresh.first<{ count: number }>('SELECT COUNT(*) count FROM conversation')?.count ?? 0;
  return `${conversations} ${conversations === 1 ? 'conversation' : 'conversations'} and ${messages} ${messages === 1 ? 'message' : 'messages'}`;
}

/** Sorted so that a table comes after those that it refers to. */
function tables(ids: ReadonlyMap<number, string>, onProblem: (text: string) => void): readonly TakenTable[] {
  return [
    {
      name: 'conversation',
      columns: CONVERSATION_COLUMNS,
      complete(values, isSound) {
        if (isSound && values['id'] !== '') return { ...values };
        const row = Number(values['row']);
        const own = typeof values['id'] === 'string' && !values['id'].includes(DAMAGED_TEXT) ? values['id'] : undefined;
        return {
          title: '',
          created_at: 0,
          updated_at: values['created_at'] ?? 0,
          model: '',
          project: '',
          profile: 'default',
          ...defined(values),
          id: ids.get(row) ?? own ?? `recovered-${row}`,
        };
      },
    },
    {
      name: 'message',
      columns: MESSAGE_COLUMNS,
      complete(values, isSound) {
        const hasBody = isJson(values['body']);
        if (isSound && hasBody) return { ...values };
        if (isSound) onProblem(`the body of message ${values['row']} is damaged`);
        return {
          at: 0,
          role: 'assistant',
          text: '',
          // The answer is incomplete.
          state: values['role'] === 'assistant' ? 'stopped' : 'complete',
          ...defined(values),
          body: hasBody ? values['body'] : NO_BODY,
        };
      },
    },
    { name: 'piece', columns: ['row', 'message', 'at', 'text', 'reasoning'] },
    { name: 'attachment', columns: ['hash', 'bytes'] },
    { name: 'message_attachment', columns: ['message', 'path', 'before', 'hash'] },
  ];
}

function isJson(value: unknown): boolean {
  try {
    return typeof value === 'string' && typeof JSON.parse(value) === 'object';
  } catch {
    return false;
  }
}

function defined<Values extends object>(values: Values): Partial<Values> {
  return Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined)) as Partial<Values>;
}
