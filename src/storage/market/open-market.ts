import { statSync } from 'node:fs';
import { join } from 'node:path';
import { OrxError } from '../../errors.ts';
import type { Model } from '../../providers/catalogue.ts';
import { type Database, openDatabase } from '../database.ts';
import { MARKET_LAYOUT } from './market-layout.ts';
import type { ListedModel, Market } from './market.ts';
import { recordCatalogue, sourceId } from './record-catalogue.ts';

/** Another process holds the file for some milliseconds at most. */
const BUSY_TIMEOUT_MS = 2000;

export interface MarketPlace {
  folder: string;
  /** Which API: its base URL. */
  source: string;
  decode: (wire: unknown) => Model | undefined;
}

/**
 * Opens the past catalogues. Throws kind `unexpected`, code `market-unusable`, when the disk refuses or the file is damaged: it is left
 * as it is.
 */
export function openMarket({ folder, source, decode }: MarketPlace): Market {
  const path = join(folder, 'market.sqlite');
  const database = usable(path, () => openDatabase({ path, migrations: MARKET_LAYOUT, busyTimeoutMs: BUSY_TIMEOUT_MS }));
  const select = <Row>(sql: string, ...values: (string | number)[]): Row[] =>
    usable(path, () => database.prepare(sql).all(...values) as Row[]);
  const change = <T>(work: () => T): T => usable(path, () => inTransaction(database, work));
  const id = (): number => usable(path, () => sourceId(database, source)) ?? -1;
  const decoded = (wire: string): Model[] => [decode(JSON.parse(wire))].filter((model) => model !== undefined);

  return {
    path,
    record: (models, at) => change(() => recordCatalogue(database, source, models, at)),
    moments: () => select('SELECT since AS at, until, models FROM snapshot WHERE source = ? ORDER BY since', id()),
    at(moment) {
      const [found] = select<{ since: number; until: number }>(
        'SELECT since, until FROM snapshot WHERE source = ? AND since <= ? ORDER BY since DESC LIMIT 1',
        id(),
        moment,
      );
      if (found === undefined) return undefined;
      const rows = select<{ wire: string }>(
        `SELECT wire FROM listing JOIN content ON content.id = listing.content
         WHERE source = ? AND since <= ? AND (until IS NULL OR until >= ?) ORDER BY model`,
        id(),
        found.until,
        found.until,
      );
      return { at: Math.min(moment, found.until), models: rows.flatMap(({ wire }) => decoded(wire)) };
    },
    history(modelId) {
      const rows = select<{ since: number; until: number; next: number | null; wire: string }>(
        `SELECT since, wire, coalesce(until, (SELECT max(until) FROM snapshot WHERE source = listing.source)) AS until,
           (SELECT min(since) FROM snapshot WHERE source = listing.source AND since > listing.until) AS next
         FROM listing JOIN content ON content.id = listing.content WHERE source = ? AND model = ? ORDER BY since`,
        id(),
        modelId,
      );
      return rows.flatMap(({ since, until, next, wire }, index): ListedModel[] => {
        // The snapshot that follows has it as well: it was not gone, it had changed.
        const to = rows[index + 1]?.since === next ? (next ?? until) : until;
        return decoded(wire).map((model) => ({ from: since, to, model }));
      });
    },
    prune: (before) => change(() => pruneMarket(database, before)),
    bytes: () => sizeOf(path) + sizeOf(`${path}-wal`),
    close: () => void database.close(),
  };
}

/** Also what was recorded of other APIs. */
function pruneMarket(database: Database, before: number): number {
  const { changes } = database.prepare('DELETE FROM snapshot WHERE until < ?').run(before);
  database.prepare('DELETE FROM listing WHERE until < ?').run(before);
  database.exec(`
    DELETE FROM listing WHERE source NOT IN (SELECT source FROM snapshot);
    DELETE FROM content WHERE id NOT IN (SELECT content FROM listing);
    DELETE FROM source WHERE id NOT IN (SELECT source FROM snapshot);
  `);
  return changes;
}

function inTransaction<T>(database: Database, work: () => T): T {
  database.exec('BEGIN IMMEDIATE');
  try {
    const result = work();
    database.exec('COMMIT');
    return result;
  } catch (error) {
    // A full disk may have ended the transaction already.
    if (database.inTransaction) database.exec('ROLLBACK');
    throw error;
  }
}

function usable<T>(path: string, work: () => T): T {
  try {
    return work();
  } catch (error) {
    if (error instanceof OrxError) throw error;
    const reason = error instanceof Error ? error.message : String(error);
    throw new OrxError(`past catalogues cannot be used (${path}: ${reason})`, {
      kind: 'unexpected',
      code: 'market-unusable',
      hints: ['when that file is damaged, move it away: orx models begins a new one'],
      cause: error,
    });
  }
}

function sizeOf(path: string): number {
  return statSync(path, { throwIfNoEntry: false })?.size ?? 0;
}
