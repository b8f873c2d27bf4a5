import type { Command } from 'commander';
import { diffCatalogues } from '../../core/models/diff-catalogues.ts';
import { usageError } from '../../errors.ts';
import { csvText } from '../../output/text/csv.ts';
import { diffCsv, diffJson } from '../../output/models/diff-data.ts';
import { diffSummary, diffTable } from '../../output/models/diff-table.ts';
import { markdownTable } from '../../output/table/markdown.ts';
import { snapshotsNote, snapshotsTable } from '../../output/models/snapshots-table.ts';
import { visibleLine } from '../../output/text/visible.ts';
import type { Market } from '../../storage/market/market.ts';
import type { Context } from '../context.ts';
import { readSides } from '../catalogue/diff-sides.ts';
import type { Execute, Run } from '../register.ts';
import { showFormatted } from '../show-formatted.ts';
import { TIME_HELP } from '../time-help.ts';
import { addFormatOptions, type TableFormat, tableFormat } from '../table-format.ts';

const DEFAULT_SINCE = '7d';
const HELP = `
Without words the present catalogue is compared with that of --since. A and B are times (a
day or month at its end) or files that hold a saved catalogue (the body of GET /models); with A
alone, B is the present. orx keeps the catalogue whenever it fetches it, for a year, and what has not
changed takes no more room: see --list.
${TIME_HELP}

Examples:
  orx models diff --since 30d
  orx models diff 2026-08-02 2026-08-05 -o csv
  orx models diff before.json after.json --json | jq .repriced`;

interface DiffOptions {
  since?: string;
  list?: boolean;
  output?: string;
  json?: boolean;
}

/** Adds `diff` to the models command. */
export function registerModelsDiff(models: Command, execute: Execute): void {
  const command = models
    .command('diff')
    .description('What changed: new models, models that went or will, prices and limits.')
    .argument('[moments...]', 'A and B: times or files')
    .option('--since <when>', `compare with the catalogue of then (default: ${DEFAULT_SINCE})`)
    .option('--list', 'the snapshots there are, and their size on disk');
  addFormatOptions(command, 'amounts as exact decimal text, USD per unit');
  command.addHelpText('after', HELP).action(execute(runModelsDiff));
}

const runModelsDiff: Run = async (input, context) => {
  const options = input.options as DiffOptions;
  const { words } = input;
  const format = tableFormat(options);
  if (words.length > 2)
    throw usageError('models diff compares two catalogues', 'orx models diff A B; see orx models diff --help');
  if (words.length > 0 && options.since !== undefined)
    throw usageError('--since and A B do not go together', 'leave --since out');
  const { values: settings } = context.stores.resolveSettings(input.flags);
  if (options.list === true) {
    const market = await context.stores.for(settings).openMarket({ isThorough: true });
    await showSnapshots(context, format, market);
    return market.isIncomplete ? 1 : 0;
  }
  const [before, after] = await readSides(context, settings, { words, since: options.since ?? DEFAULT_SINCE });
  const diff = diffCatalogues(before.models, after.models, after.at);
  await showFormatted(context, format, {
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
};

async function showSnapshots(context: Context, format: TableFormat, market: Market): Promise<void> {
  const snapshots = market.moments();
  const bytes = market.bytes();
  const data = snapshots.map(({ at, until, models }) => ({
    from: new Date(at).toISOString(),
    until: new Date(until).toISOString(),
    models,
  }));
  await showFormatted(context, format, {
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
