CREATE TABLE source (id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE);
CREATE TABLE content (id INTEGER PRIMARY KEY, fingerprint TEXT NOT NULL UNIQUE, wire TEXT NOT NULL);
CREATE TABLE snapshot (
  source INTEGER NOT NULL, since INTEGER NOT NULL, until INTEGER NOT NULL, models INTEGER NOT NULL,
  PRIMARY KEY (source, since)
) WITHOUT ROWID;
CREATE TABLE listing (
  source INTEGER NOT NULL, model TEXT NOT NULL, since INTEGER NOT NULL, until INTEGER, content INTEGER NOT NULL,
  PRIMARY KEY (source, model, since)
) WITHOUT ROWID;
CREATE INDEX listing_open ON listing (source) WHERE until IS NULL;
CREATE INDEX listing_content ON listing (content);
