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
CREATE TABLE sqlite_sequence(name,seq);
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
