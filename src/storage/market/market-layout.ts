import type { Migration } from '../sqlite/database.ts';

/**
 * A snapshot is a stretch of time in which the catalogue stayed as it was; a listing is one in which a model did. The listings that the
 * latest snapshot has are open: they end with it, so that an unchanged catalogue touches one row.
 */
export const MARKET_LAYOUT: readonly Migration[] = [
  {
    name: 'snapshots-and-listings',
    sql: `
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
    `,
  },
];
