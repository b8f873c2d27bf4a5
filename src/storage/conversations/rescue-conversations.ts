import type { Database } from '../database.ts';
import { readableRows } from '../readable-rows.ts';
import type { Sql, SqlValue } from '../sql.ts';

interface RescuedTable {
  name: string;
  /** Whole number by which its rows are read. */
  key: string;
  /** What a row cannot be without. */
  needed: readonly string[];
  others?: readonly string[];
}

/** In the order in which one needs the other. */
const TABLES: readonly RescuedTable[] = [
  {
    name: 'conversation',
    key: 'row',
    needed: ['row', 'id', 'title', 'created_at', 'updated_at', 'model', 'project', 'profile'],
    others: ['system', 'forked_from', 'sent_from', 'summary'],
  },
  {
    name: 'message',
    key: 'row',
    needed: ['row', 'conversation', 'at', 'role', 'text', 'body', 'state'],
    others: ['model', 'provider', 'generation_id', 'finish_reason', 'usage', 'cost', 'error', 'pid', 'host'],
  },
  { name: 'piece', key: 'row', needed: ['row', 'message', 'at', 'text', 'reasoning'] },
  { name: 'attachment', key: 'rowid', needed: ['hash', 'bytes'] },
  { name: 'message_attachment', key: 'rowid', needed: ['message', 'path', 'before', 'hash'] },
];

/** Takes over all rows that can be read of a damaged database. A message whose conversation is lost finds itself in one of that number. */
export function takeOverConversations(damaged: Database, fresh: Sql): string {
  // What hangs on something that is lost is looked after below.
  fresh.pragma('defer_foreign_keys = ON');
  const counts = new Map<string, number>();
  for (const { name, key, needed, others = [] } of TABLES) {
    const columns = [...needed, ...others];
    const sql = `INSERT OR IGNORE INTO ${name} (${columns.join(', ')}) VALUES (${columns.map(() => '?').join(', ')})`;
    for (const row of readableRows(damaged, name, key)) {
      if (needed.some((column) => row[column] === null || row[column] === undefined)) continue;
      counts.set(
        name,
        (counts.get(name) ?? 0) +
          inserted(
            fresh,
            sql,
            columns.map((column) => row[column] as SqlValue),
          ),
      );
    }
  }
  fresh.run(
    `INSERT INTO conversation (row, id, title, created_at, updated_at, model, project, profile)
     SELECT conversation, 'rescued-' || conversation, 'rescued', MIN(at), MAX(at), COALESCE(MAX(model), ''), '', 'default' FROM message
     WHERE conversation NOT IN (SELECT row FROM conversation) GROUP BY conversation`,
  );
  fresh.run('DELETE FROM piece WHERE message NOT IN (SELECT row FROM message)');
  fresh.run(
    `DELETE FROM message_attachment
     WHERE message NOT IN (SELECT row FROM message) OR hash NOT IN (SELECT hash FROM attachment)`,
  );
  const conversations = fresh.first<{ count: number }>('SELECT COUNT(*) count FROM conversation')?.count ?? 0;
  const messages = counts.get('message') ?? 0;
  return `${conversations} ${conversations === 1 ? 'conversation' : 'conversations'} and ${messages} ${messages === 1 ? 'message' : 'messages'}`;
}

// A row of a broken page may have a value that its column refuses.
function inserted(sql: Sql, statement: string, values: readonly SqlValue[]): number {
  try {
    return sql.run(statement, values);
  } catch {
    return 0;
  }
}
