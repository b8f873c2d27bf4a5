import { clean } from '../sqlite/clean-text.ts';
import type { Database } from '../sqlite/database.ts';
import { guardSql } from '../sqlite/guarded-sql.ts';
import { thisProcess, type Owner } from '../files/owner.ts';
import { openSturdy, type SturdyDatabase, type SturdyPlace } from '../sqlite/sturdy-database.ts';
import { type SturdyKind } from '../sqlite/sturdy-kind.ts';
import { closeLostAnswers, forkConversation, removeConversations, removeMessages, replaceMessages } from './change.ts';
import { beginTurn, beginTurnOnce } from './begin.ts';
import { CONVERSATIONS_DATABASE } from './database-name.ts';
import { CONVERSATION_MIGRATIONS } from './migrations.ts';
import { conversationRow, findConversations, readByIds, readConversations, readTitlesOf } from './rows.ts';
import type { Conversations } from './conversations.ts';
import { finishMessage, insertMessage, MESSAGE_COLUMNS, messageOf, type MessageRow } from './message-row.ts';
import { takeOverConversations } from './rescue.ts';
import { matchingConversations, searchMessages } from './search.ts';
import { writersSeenBy } from './writers.ts';

export interface ConversationsPlace {
  /** The data folder: storage/paths.ts. */
  folder: string;
  /** `conversations`, or `conversations-sandbox`. */
  name: string;
  /** Milliseconds since 1970. */
  now: () => number;
  /** The process that writes. Default: this process. */
  owner?: Owner;
}

const KIND: SturdyKind = {
  name: CONVERSATIONS_DATABASE,
  migrations: CONVERSATION_MIGRATIONS,
  probe,
  contradictions(sql) {
    const broken = sql.first<{ count: number }>('SELECT COUNT(*) count FROM message WHERE NOT json_valid(body)')?.count ?? 0;
    return broken === 0 ? [] : [`${broken} ${broken === 1 ? 'message is' : 'messages are'} damaged`];
  },
  takeOver: takeOverConversations,
};

/** Opens the conversations as described in storage/sqlite/sturdy-database.ts; codes `history-unwritable` and `history-unreadable`. */
export async function openConversations(
  { folder, name, now, owner = thisProcess() }: ConversationsPlace,
  { isThorough }: Pick<SturdyPlace, 'isThorough'> = {},
): Promise<Conversations> {
  return createConversations(await openSturdy({ folder, file: `${name}.db`, isThorough }, KIND), owner, now);
}

function createConversations(opened: SturdyDatabase, owner: Owner, now: () => number): Conversations {
  // SQLite overwrites deleted content with zeros.
  const overwriteDeleted = (): void => sql.pragma('secure_delete = ON');
  const { sql, read, write, giveSpaceBack } = guardSql(opened, () => overwriteDeleted());
  overwriteDeleted();
  const writers = writersSeenBy(owner, now);
  const removeRows = (rows: readonly { row: number }[]): number =>
    removeConversations(
      sql,
      rows.map(({ row }) => row),
    );
  // Deleted content must not stay in the file.
  const deleting = (work: () => number): number => {
    const count = write(work);
    if (count > 0) giveSpaceBack();
    return count;
  };
  return {
    path: opened.path,
    notices: opened.notices,
    isIncomplete: opened.isIncomplete,
    list: (filter, limit) => read(() => readConversations(sql, filter, limit)),
    titles: (filter) => read(() => readTitlesOf(sql, filter)),
    get: (ids) => read(() => readByIds(sql, ids)),
    matching: (terms, filter) => read(() => matchingConversations(sql, terms, filter)),
    find: (prefix, limit) => read(() => findConversations(sql, prefix, limit)),
    messages: (id) =>
      read(() =>
        sql
          .all<MessageRow>(
            `SELECT ${MESSAGE_COLUMNS} FROM message JOIN conversation ON conversation.row = message.conversation WHERE id = ? ORDER BY message.row`,
            [clean(id)],
          )
          .map((row) => messageOf(sql, row, writers)),
      ),
    search: (terms, filter, limit) => read(() => searchMessages(sql, terms, filter, limit)),
    begin: (conversation, asked, at, isLeftOut = false) =>
      write(() => {
        closeLostAnswers(sql, writers);
        return beginTurn(sql, owner, conversation, { asked, at, isLeftOut });
      }),
    beginOnce: (conversation, asked, at, { isOver }) =>
      write(() => {
        closeLostAnswers(sql, writers);
        return beginTurnOnce(sql, owner, conversation, { asked, at, isOver });
      }),
    addMessages: (id, messages, at, isLeftOut = false) =>
      write(() => {
        const row = conversationRow(sql, id);
        return row === undefined ? [] : messages.map((message) => insertMessage(sql, row, { message, at, isLeftOut }));
      }),
    append: (place, { text, reasoning, started }) =>
      write(() => {
        if (started !== undefined) {
          sql.run('UPDATE message SET generation_id = ?, model = ?, provider = ? WHERE row = ?', [
            clean(started.generationId),
            clean(started.model),
            started.provider === undefined ? undefined : clean(started.provider),
            place,
          ]);
        }
        sql.run('INSERT INTO piece (message, at, text, reasoning) SELECT row, ?, ?, ? FROM message WHERE row = ?', [
          now(),
          JSON.stringify(text),
          JSON.stringify(reasoning),
          place,
        ]);
      }),
    finish: (place, answer) =>
      write(() => {
        finishMessage(sql, place, answer);
        sql.run('UPDATE conversation SET updated_at = ? WHERE row = (SELECT conversation FROM message WHERE row = ?)', [
          now(),
          place,
        ]);
      }),
    setCost: (place, cost) => void write(() => sql.run('UPDATE message SET cost = ? WHERE row = ?', [clean(cost), place])),
    sendFrom: (id, from, summary) =>
      void write(() =>
        sql.run('UPDATE conversation SET sent_from = ?, summary = ? WHERE id = ?', [
          from,
          summary === undefined ? undefined : clean(summary),
          clean(id),
        ]),
      ),
    removeFrom: (id, place) =>
      write(() => {
        const row = conversationRow(sql, id);
        if (row === undefined) return;
        removeMessages(sql, 'conversation = ? AND row >= ?', [row, place]);
        sql.run('DELETE FROM conversation WHERE row = ? AND NOT EXISTS (SELECT 1 FROM message WHERE conversation = ?)', [
          row,
          row,
        ]);
      }),
    replace: (id, from, until) =>
      write(() => {
        const row = conversationRow(sql, id);
        if (row !== undefined) replaceMessages(sql, row, from, until);
      }),
    fork: (id, copy) =>
      write(() => {
        closeLostAnswers(sql, writers);
        return forkConversation(sql, id, copy);
      }),
    rename: (id, title) => void write(() => sql.run('UPDATE conversation SET title = ? WHERE id = ?', [clean(title), clean(id)])),
    remove: (ids) =>
      deleting(() => removeRows(ids.flatMap((id) => ({ row: conversationRow(sql, id) ?? -1 })).filter(({ row }) => row >= 0))),
    prune: (before) =>
      deleting(() => removeRows(sql.all<{ row: number }>('SELECT row FROM conversation WHERE updated_at < ?', [before]))),
    closeLost: () => write(() => closeLostAnswers(sql, writers)),
    close: () => sql.close(),
  };
}

function probe(database: Database): void {
  for (const table of ['conversation', 'message', 'piece', 'attachment', 'message_attachment']) {
    database.prepare(`SELECT rowid FROM ${table} ORDER BY rowid DESC LIMIT 1`).get();
  }
  database.prepare('SELECT rowid FROM message_text LIMIT 1').get();
}
