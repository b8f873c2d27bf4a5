import { statSync } from 'node:fs';
import type { Model } from '../../apis/catalogue.ts';
import { damage } from '../sqlite/errors.ts';
import type { Migration } from '../sqlite/database.ts';
import { guardSql } from '../sqlite/guarded-sql.ts';
import type { RecoveredTables } from '../sqlite/recover/recover-tables.ts';
import { takeOverRows } from '../sqlite/recover/take-over-rows.ts';
import type { Sql } from '../sqlite/sql.ts';
import { texts } from '../sqlite/stored-text.ts';
import { openSturdy, type SturdyPlace } from '../sqlite/sturdy-database.ts';
import { type SturdyKind } from '../sqlite/sturdy-kind.ts';
import type { ModelSpan, Market } from './market.ts';
import { recordCatalogue, sourceId } from './record.ts';

export interface MarketPlace {
  folder: string;
  /** The API: its base URL. */
  source: string;
  decode: (wire: unknown) => Model | undefined;
}

/**
 * A snapshot is a period in which the catalogue did not change; a listing is one in which a model did not change. The listings of the latest
 * snapshot are open and end with it, so that recording an unchanged catalogue updates only one row.
 */
export const MARKET_MIGRATIONS: readonly Migration[] = [
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

const KIND: SturdyKind = {
  name: { code: 'market', title: 'the past catalogs', isPlural: true, command: 'orx models diff --list' },
  migrations: MARKET_MIGRATIONS,
  probe(database) {
    for (const table of ['source', 'content']) database.prepare(`SELECT id FROM ${table} ORDER BY id DESC LIMIT 1`).get();
    for (const table of ['snapshot', 'listing'])
      database.prepare(`SELECT since FROM ${table} ORDER BY source DESC LIMIT 1`).get();
  },
  contradictions(sql) {
    const broken = sql.first<{ count: number }>('SELECT COUNT(*) count FROM content WHERE NOT json_valid(wire)')?.count ?? 0;
    return broken === 0 ? [] : [`${broken} ${broken === 1 ? 'description of a model is' : 'descriptions of models are'} damaged`];
  },
  takeOver: takeOverMarket,
  // Few commands need past catalogues: only these report that they are lost.
  keepsHopeless: true,
};

/** Opens the past catalogues as described in storage/sqlite/sturdy-database.ts; codes `market-unwritable` and `market-unreadable`. */
export async function openMarket(
  { folder, source, decode }: MarketPlace,
  { isThorough }: Pick<SturdyPlace, 'isThorough'> = {},
): Promise<Market> {
  const opened = await openSturdy({ folder, file: 'market.sqlite', isThorough }, KIND);
  const { path, notices, isIncomplete } = opened;
  const { sql, read, write } = guardSql(opened);
  const id = (): number => sourceId(sql, source) ?? -1;
  const decoded = (wire: string): Model[] => [decode(parsed(wire))].filter((model) => model !== undefined);

  return {
    path,
    notices,
    isIncomplete,
    record: (models, at) => write(() => recordCatalogue(sql, source, models, at)),
    moments: () => read(() => sql.all('SELECT since AS at, until, models FROM snapshot WHERE source = ? ORDER BY since', [id()])),
    at: (moment) =>
      read(() => {
        const match = sql.first<{ since: number; until: number }>(
          'SELECT since, until FROM snapshot WHERE source = ? AND since <= ? ORDER BY since DESC LIMIT 1',
          [id(), moment],
        );
        if (match === undefined) return undefined;
        const rows = sql.all<{ wire: string }>(
          `SELECT ${texts('wire')} FROM listing JOIN content ON content.id = listing.content
           WHERE source = ? AND since <= ? AND (until IS NULL OR until >= ?) ORDER BY listing.model`,
          [id(), match.until, match.until],
        );
        return { at: Math.min(moment, match.until), models: rows.flatMap(({ wire }) => decoded(wire)) };
      }),
    history: (modelId) =>
      read(() => {
        const rows = sql.all<{ since: number; until: number; next: number | null; wire: string }>(
          `SELECT since, ${texts('wire')}, coalesce(until, (SELECT max(until) FROM snapshot WHERE source = listing.source)) AS until,
             (SELECT min(since) FROM snapshot WHERE source = listing.source AND since > listing.until) AS next
           FROM listing JOIN content ON content.id = listing.content WHERE source = ? AND model = ? ORDER BY since`,
          [id(), modelId],
        );
        return rows.flatMap(({ since, until, next, wire }, index): ModelSpan[] => {
          // The next snapshot also lists the model: it was changed, not removed.
          const to = rows[index + 1]?.since === next ? (next ?? until) : until;
          return decoded(wire).map((model) => ({ from: since, to, model }));
        });
      }),
    prune: (before) => write(() => pruneMarket(sql, before)),
    bytes: () => sizeOf(path) + sizeOf(`${path}-wal`),
    close: () => sql.close(),
  };
}

/** Also deletes the catalogues of other APIs. */
function pruneMarket(sql: Sql, before: number): number {
  const changes = sql.run('DELETE FROM snapshot WHERE until < ?', [before]);
  sql.run('DELETE FROM listing WHERE until < ?', [before]);
  sql.run('DELETE FROM listing WHERE source NOT IN (SELECT source FROM snapshot)');
  sql.run('DELETE FROM content WHERE id NOT IN (SELECT content FROM listing)');
  sql.run('DELETE FROM source WHERE id NOT IN (SELECT source FROM snapshot)');
  return changes;
}

function parsed(wire: string): unknown {
  try {
    return JSON.parse(wire) as unknown;
  } catch {
    throw damage('the description of a model is not JSON');
  }
}

function sizeOf(path: string): number {
  return statSync(path, { throwIfNoEntry: false })?.size ?? 0;
}

/** Copies the past catalogues that were recovered from a damaged database. */
function takeOverMarket(damaged: RecoveredTables, fresh: Sql): string {
  takeOverRows(damaged, fresh, { name: 'source', columns: ['id', 'name'] });
  for (const { row, values } of damaged.indexRows('sqlite_autoindex_source_1')) {
    fresh.run('INSERT OR IGNORE INTO source (id, name) VALUES (?, ?)', [row, String(values['name'])]);
  }
  takeOverRows(damaged, fresh, { name: 'content', columns: ['id', 'fingerprint', 'wire'] });
  const snapshots = takeOverRows(damaged, fresh, { name: 'snapshot', columns: ['source', 'since', 'until', 'models'] });
  takeOverRows(damaged, fresh, { name: 'listing', columns: ['source', 'model', 'since', 'until', 'content'] });
  const broken = fresh.run('DELETE FROM content WHERE NOT json_valid(wire)');
  if (broken > 0) damaged.addProblem(`${broken} ${broken === 1 ? 'description' : 'descriptions'} of models are damaged`);
  fresh.run('DELETE FROM listing WHERE content NOT IN (SELECT id FROM content)');
  return `${snapshots} ${snapshots === 1 ? 'snapshot' : 'snapshots'}`;
}
