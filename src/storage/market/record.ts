import type { Model } from '../../apis/catalogue.ts';
import type { Sql } from '../sqlite/sql.ts';
import { texts } from '../sqlite/stored-text.ts';
import { catalogueFingerprint } from './fingerprint.ts';

/** How often an unchanged catalogue is recorded, in milliseconds, and so the precision of a snapshot's end. */
const RESOLUTION_MS = 60 * 60 * 1000;
/** A catalogue that is further in the future was recorded while the clock was wrong. */
const CLOCK_SLACK_MS = 24 * 60 * 60 * 1000;

interface Stretch {
  since: number;
  until: number;
}

/** Records the catalogue within the caller's transaction. Returns whether it differs from the previous one. */
export function recordCatalogue(sql: Sql, sourceName: string, models: readonly Model[], at: number): boolean {
  const byId = new Map(models.map((model) => [model.id, model]));
  // An empty list is an error of the API and says nothing about the models.
  if (byId.size === 0) return false;
  sql.run('INSERT OR IGNORE INTO source (name) VALUES (?)', [sourceName]);
  const source = sourceId(sql, sourceName)!;
  let last = latestSnapshot(sql, source);
  if (last !== undefined && last.until > at + CLOCK_SLACK_MS) {
    forgetAfter(sql, source, at);
    last = latestSnapshot(sql, source);
  }
  if (last !== undefined && at <= last.until) return false;
  if (!updateListings(sql, source, byId, { at, last })) {
    if (at - last!.until >= RESOLUTION_MS) {
      sql.run('UPDATE snapshot SET until = ? WHERE source = ? AND since = ?', [at, source, last!.since]);
    }
    return false;
  }
  sql.run('INSERT INTO snapshot (source, since, until, models) VALUES (?, ?, ?, ?)', [source, at, at, byId.size]);
  return true;
}

export function sourceId(sql: Sql, name: string): number | undefined {
  return sql.first<{ id: number }>('SELECT id FROM source WHERE name = ?', [name])?.id;
}

/** Ends listings of removed and changed models with the previous snapshot, and starts new ones. Returns whether anything changed. */
function updateListings(
  sql: Sql,
  source: number,
  models: ReadonlyMap<string, Model>,
  { at, last }: { at: number; last: Stretch | undefined },
): boolean {
  const open = sql.all<{ model: string; fingerprint: string }>(
    `SELECT ${texts('model', 'fingerprint')} FROM listing JOIN content ON content.id = listing.content
     WHERE source = ? AND until IS NULL`,
    [source],
  );
  const before = new Map(open.map((row) => [row.model, row.fingerprint]));
  const now = new Map([...models].map(([id, { wire }]) => [id, catalogueFingerprint(wire)]));
  const ended = open.filter(({ model, fingerprint: was }) => now.get(model) !== was);
  const begun = [...now].filter(([id, is]) => before.get(id) !== is);
  for (const { model } of ended) {
    sql.run('UPDATE listing SET until = ? WHERE source = ? AND model = ? AND until IS NULL', [last?.until ?? at, source, model]);
  }
  for (const [id, print] of begun) {
    sql.run('INSERT OR IGNORE INTO content (fingerprint, wire) VALUES (?, ?)', [print, JSON.stringify(models.get(id)!.wire)]);
    sql.run('INSERT INTO listing (source, model, since, content) SELECT ?, ?, ?, id FROM content WHERE fingerprint = ?', [
      source,
      id,
      at,
      print,
    ]);
  }
  return ended.length + begun.length > 0 || last === undefined;
}

function latestSnapshot(sql: Sql, source: number): Stretch | undefined {
  return sql.first<Stretch>('SELECT since, until FROM snapshot WHERE source = ? ORDER BY since DESC LIMIT 1', [source]);
}

/** Deletes records with times in the future: until then, nothing else could be recorded. */
function forgetAfter(sql: Sql, source: number, at: number): void {
  sql.run('DELETE FROM listing WHERE source = ? AND since >= ?', [source, at]);
  sql.run('DELETE FROM snapshot WHERE source = ? AND since >= ?', [source, at]);
  sql.run('UPDATE snapshot SET until = ? WHERE source = ? AND until >= ?', [at - 1, source, at]);
  const left = latestSnapshot(sql, source);
  if (left === undefined) return;
  // Listings that ended with what is now the latest snapshot are open again.
  sql.run('UPDATE listing SET until = NULL WHERE source = ? AND until >= ?', [source, left.until]);
}
