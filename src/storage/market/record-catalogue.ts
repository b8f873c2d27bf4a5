import type { Model } from '../../providers/catalogue.ts';
import type { Database } from '../database.ts';
import { fingerprint } from './fingerprint.ts';

/** An unchanged catalogue is noted again only after so long, in milliseconds: until when it stood is exact to this. */
const RESOLUTION_MS = 60 * 60 * 1000;
/** Catalogues from further ahead than this were recorded while the clock was wrong. */
const CLOCK_SLACK_MS = 24 * 60 * 60 * 1000;

interface Stretch {
  since: number;
  until: number;
}

/** Notes the catalogue within a transaction of the caller; whether it differs from the one before. */
export function recordCatalogue(database: Database, sourceName: string, models: readonly Model[], at: number): boolean {
  const byId = new Map(models.map((model) => [model.id, model]));
  // An API in trouble lists nothing: that is no news about any model.
  if (byId.size === 0) return false;
  database.prepare('INSERT OR IGNORE INTO source (name) VALUES (?)').run(sourceName);
  const source = sourceId(database, sourceName)!;
  let last = latestSnapshot(database, source);
  if (last !== undefined && last.until > at + CLOCK_SLACK_MS) {
    forgetAfter(database, source, at);
    last = latestSnapshot(database, source);
  }
  if (last !== undefined && at <= last.until) return false;
  if (!updateListings(database, source, byId, { at, last })) {
    if (at - last!.until >= RESOLUTION_MS) {
      database.prepare('UPDATE snapshot SET until = ? WHERE source = ? AND since = ?').run(at, source, last!.since);
    }
    return false;
  }
  database.prepare('INSERT INTO snapshot (source, since, until, models) VALUES (?, ?, ?, ?)').run(source, at, at, byId.size);
  return true;
}

export function sourceId(database: Database, name: string): number | undefined {
  return (database.prepare('SELECT id FROM source WHERE name = ?').get(name) as { id: number } | undefined)?.id;
}

/** Ends what is gone or changed with the snapshot before, begins what is new; whether there was anything to do. */
function updateListings(
  database: Database,
  source: number,
  models: ReadonlyMap<string, Model>,
  { at, last }: { at: number; last: Stretch | undefined },
): boolean {
  const open = database
    .prepare(
      'SELECT model, fingerprint FROM listing JOIN content ON content.id = listing.content WHERE source = ? AND until IS NULL',
    )
    .all(source) as { model: string; fingerprint: string }[];
  const before = new Map(open.map((row) => [row.model, row.fingerprint]));
  const now = new Map([...models].map(([id, { wire }]) => [id, fingerprint(wire)]));
  const ended = open.filter(({ model, fingerprint: was }) => now.get(model) !== was);
  const begun = [...now].filter(([id, is]) => before.get(id) !== is);
  const end = database.prepare('UPDATE listing SET until = ? WHERE source = ? AND model = ? AND until IS NULL');
  for (const { model } of ended) end.run(last?.until ?? at, source, model);
  const keep = database.prepare('INSERT OR IGNORE INTO content (fingerprint, wire) VALUES (?, ?)');
  const begin = database.prepare(
    'INSERT INTO listing (source, model, since, content) SELECT ?, ?, ?, id FROM content WHERE fingerprint = ?',
  );
  for (const [id, print] of begun) {
    keep.run(print, JSON.stringify(models.get(id)!.wire));
    begin.run(source, id, at, print);
  }
  return ended.length + begun.length > 0 || last === undefined;
}

function latestSnapshot(database: Database, source: number): Stretch | undefined {
  return database.prepare('SELECT since, until FROM snapshot WHERE source = ? ORDER BY since DESC LIMIT 1').get(source) as
    | Stretch
    | undefined;
}

/** Takes back what was recorded for a time that has not come: until it came, nothing else could be recorded. */
function forgetAfter(database: Database, source: number, at: number): void {
  database.prepare('DELETE FROM listing WHERE source = ? AND since >= ?').run(source, at);
  database.prepare('DELETE FROM snapshot WHERE source = ? AND since >= ?').run(source, at);
  database.prepare('UPDATE snapshot SET until = ? WHERE source = ? AND until >= ?').run(at - 1, source, at);
  const left = latestSnapshot(database, source);
  if (left === undefined) return;
  // What ended with the snapshot that is now the latest is listed again.
  database.prepare('UPDATE listing SET until = NULL WHERE source = ? AND until >= ?').run(source, left.until);
}
