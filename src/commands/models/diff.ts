import { diffCatalogues } from '../../core/models/diff-catalogues.ts';
import { csvText } from '../../output/text/csv.ts';
import { diffCsv, diffJson } from '../../output/models/diff-data.ts';
import { diffSummary, diffTable } from '../../output/models/diff-table.ts';
import { markdownTable } from '../../output/table/markdown.ts';
import { snapshotsNote, snapshotsTable } from '../../output/models/snapshots-table.ts';
import { visibleLine } from '../../output/text/visible.ts';
import type { Market } from '../../storage/market/market.ts';
import type { Context } from '../context.ts';
import { readSides } from '../catalogue/diff-sides.ts';
import { type DiffOptions, parseDiff } from './options.ts';
import { showFormatted } from '../show-formatted.ts';
import type { TableFormat } from '../table-format.ts';

/** `orx models diff` */
export const diffModels = { parse: parseDiff, run: runDiff };

async function runDiff({ settings, format, isList, words, since }: DiffOptions, context: Context): Promise<number> {
  if (isList) {
    const market = await context.stores.for(settings).openMarket({ isThorough: true });
    await showSnapshots(context, format, market, settings.sandbox);
    return market.isIncomplete ? 1 : 0;
  }
  const [before, after] = await readSides(context, settings, { words, since });
  const diff = diffCatalogues(before.models, after.models, after.at);
  await showFormatted(context, format, {
    isSandbox: settings.sandbox,
    notes: [{ text: `${before.name} → ${after.name}: ${diffSummary(diff)}` }, ...before.notes, ...after.notes],
    table: (forTerminal) => diffTable(diff, { short: forTerminal }),
    csv: () => diffCsv(diff),
    markdown: () => markdownTable(diffTable(diff)),
    json: () => ({
      from: { name: before.name, models: before.models.length },
      to: { name: after.name, models: after.models.length },
      ...diffJson(diff),
    }),
  });
  return 0;
}

async function showSnapshots(context: Context, format: TableFormat, market: Market, isSandbox: boolean): Promise<void> {
  const snapshots = market.moments();
  const bytes = market.bytes();
  const data = snapshots.map(({ at, until, models }) => ({
    from: new Date(at).toISOString(),
    until: new Date(until).toISOString(),
    models,
  }));
  await showFormatted(context, format, {
    isSandbox,
    notes: [{ text: snapshotsNote(snapshots, bytes, visibleLine(market.path)) }],
    table: () => snapshotsTable(snapshots),
    csv: () =>
      csvText(
        ['from', 'until', 'models'],
        data.map((row) => [row.from, row.until, row.models]),
      ),
    markdown: () => markdownTable(snapshotsTable(snapshots)),
    json: () => ({ path: market.path, bytes, snapshots: data }),
  });
}
