import type { Migration } from '../sqlite/database.ts';

/**
 * All schema versions of the conversations, oldest first. A released migration is never edited. A message's `text` is its text for display and
 * search; `body` is the rest of it as JSON. Large base64 data is stored once in `attachment`, by its hash, and `message_attachment` says where
 * it belongs. While an answer streams, its text is stored in `piece`, one row per write, so that a write never costs more than its new text.
 */
export const CONVERSATION_MIGRATIONS: readonly Migration[] = [
  {
    name: 'conversations, messages, attachments',
    sql: `
      CREATE TABLE conversation (
        row INTEGER PRIMARY KEY,
        id TEXT NOT NULL UNIQUE,
        title TEXT NOT NULL,
        created_at INTEGER NOT NULL,
        updated_at INTEGER NOT NULL,
        model TEXT NOT NULL,
        system TEXT,
        project TEXT NOT NULL,
        profile TEXT NOT NULL,
        forked_from TEXT,
        sent_from INTEGER,
        summary TEXT
      ) STRICT;
      CREATE INDEX conversation_time ON conversation (updated_at);
      CREATE INDEX conversation_project ON conversation (project, updated_at);

      CREATE TABLE message (
        row INTEGER PRIMARY KEY AUTOINCREMENT,
        conversation INTEGER NOT NULL REFERENCES conversation (row),
        at INTEGER NOT NULL,
        role TEXT NOT NULL,
        text TEXT NOT NULL,
        body TEXT NOT NULL,
        state TEXT NOT NULL,
        model TEXT,
        provider TEXT,
        generation_id TEXT,
        finish_reason TEXT,
        usage TEXT,
        cost TEXT,
        error TEXT,
        pid INTEGER,
        host TEXT
      ) STRICT;
      CREATE INDEX message_conversation ON message (conversation, row);
      CREATE INDEX message_streaming ON message (row) WHERE state = 'streaming';

      CREATE TABLE piece (
        row INTEGER PRIMARY KEY,
        message INTEGER NOT NULL REFERENCES message (row),
        at INTEGER NOT NULL,
        text TEXT NOT NULL,
        reasoning TEXT NOT NULL
      ) STRICT;
      CREATE INDEX piece_message ON piece (message, row);

      CREATE TABLE attachment (hash TEXT PRIMARY KEY, bytes BLOB NOT NULL) STRICT;
      CREATE TABLE message_attachment (
        message INTEGER NOT NULL REFERENCES message (row),
        path TEXT NOT NULL,
        before TEXT NOT NULL,
        hash TEXT NOT NULL REFERENCES attachment (hash),
        PRIMARY KEY (message, path)
      ) STRICT;
      CREATE INDEX message_attachment_hash ON message_attachment (hash);
    `,
  },
  {
    name: 'full-text search',
    sql: `
      CREATE VIRTUAL TABLE message_text USING fts5 (
        text, content = 'message', content_rowid = 'row', tokenize = 'unicode61 remove_diacritics 2', prefix = '2 3'
      );
      INSERT INTO message_text (message_text, rank) VALUES ('secure-delete', 1);
      CREATE TRIGGER message_added AFTER INSERT ON message WHEN new.text <> '' BEGIN
        INSERT INTO message_text (rowid, text) VALUES (new.row, new.text);
      END;
      CREATE TRIGGER message_changed AFTER UPDATE OF text ON message WHEN new.text <> old.text BEGIN
        INSERT INTO message_text (message_text, rowid, text) SELECT 'delete', old.row, old.text WHERE old.text <> '';
        INSERT INTO message_text (rowid, text) SELECT new.row, new.text WHERE new.text <> '';
      END;
      CREATE TRIGGER message_deleted AFTER DELETE ON message WHEN old.text <> '' BEGIN
        INSERT INTO message_text (message_text, rowid, text) VALUES ('delete', old.row, old.text);
      END;
      INSERT INTO message_text (rowid, text) SELECT row, text FROM message WHERE text <> '';
    `,
  },
];
