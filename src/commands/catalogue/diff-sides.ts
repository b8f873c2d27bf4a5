import type { ConnectionSettings } from '../../core/settings/groups.ts';
import { localMomentText } from '../../core/time/local-text.ts';
import { findTime, parseStart, TIME_FORMS } from '../../core/time/parse-time.ts';
import { OrxError, usageError } from '../../errors.ts';
import { staleNotes } from '../../output/models/catalogue-note.ts';
import type { Cell } from '../../output/table/table.ts';
import { visibleLine } from '../../output/text/visible.ts';
import type { Model } from '../../apis/catalogue.ts';
import type { Market } from '../../storage/market/market.ts';
import type { Context } from '../context.ts';

/** One of two compared catalogs. */
export interface DiffSide {
  /** The name of a file, or the time of the snapshot. */
  name: string;
  /** Milliseconds since 1970. */
  at: number;
  models: readonly Model[];
  notes: readonly Cell[];
}

/** Returns the two sides that the arguments and `--since` select: files or points in time. An omitted side is the present. */
export async function readSides(
  context: Context,
  settings: ConnectionSettings,
  { words, since }: { words: readonly string[]; since: string },
): Promise<[before: DiffSide, after: DiffSide]> {
  const now = context.clock.now();
  const side = async (word: string): Promise<DiffSide> => {
    const models = await context.files.readCatalogueFile(word);
    if (models !== undefined) return { name: visibleLine(word), at: now, models, notes: [] };
    return pastSide(await context.stores.for(settings).openMarket(), endOf(word, now));
  };
  const [first, second] = words;
  // Read the present first: without earlier snapshots, the catalog fetched for it becomes the first one.
  const after = second === undefined ? await presentSide(context, settings) : await side(second);
  const before =
    first === undefined
      ? pastSide(await context.stores.for(settings).openMarket(), parseStart('--since', since, now) ?? 0)
      : await side(first);
  return [before, after];
}

/** Returns the last millisecond of the time that an argument names. */
function endOf(word: string, now: number): number {
  const time = findTime(word, now);
  if (time === undefined) {
    throw usageError(
      `"${word}" is not a file or a time`,
      `name two saved catalogs, or times: ${TIME_FORMS}`,
      'list the snapshots: orx models diff --list',
    );
  }
  const { start, end = now } = time;
  return start === end ? end : end - 1;
}

async function presentSide(context: Context, settings: ConnectionSettings): Promise<DiffSide> {
  const reading = await context.apis.for(settings).readCatalogue({ signal: context.lifetime.interrupt });
  const at = context.clock.now() - reading.ageMs;
  return { name: 'now', at, models: reading.catalogue.models, notes: staleNotes(reading) };
}

/** Returns the snapshot of a point in time. If that is before the oldest snapshot, returns the oldest one with a warning. */
function pastSide(market: Market, moment: number): DiffSide {
  const oldest = market.moments()[0];
  if (oldest === undefined) throw noSnapshots();
  const match = market.at(Math.max(moment, oldest.at))!;
  const notes: Cell[] =
    moment < oldest.at ? [{ text: `warning: the oldest snapshot is from ${localMomentText(oldest.at)}`, tone: 'warning' }] : [];
  return { name: localMomentText(match.at), at: match.at, models: match.models, notes };
}

export function noSnapshots(of = 'no past catalog is stored yet'): OrxError {
  return new OrxError(of, {
    kind: 'unexpected',
    code: 'no-snapshot',
    hints: [
      'store a snapshot now, and another one later: orx models --refresh',
      'compare two saved catalogs: orx models diff BEFORE.json AFTER.json',
    ],
  });
}
