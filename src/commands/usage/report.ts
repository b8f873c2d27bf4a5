import type { CatalogueSettings, ConnectionSettings } from '../../core/settings/groups.ts';
import { DEFAULT_SINCE, parsePeriod } from '../../core/usage/parse-period.ts';
import { firstMoment, readUsage } from '../../core/usage/read-usage.ts';
import { sortUsage } from '../../core/usage/sort-usage.ts';
import type { UsageGrouping } from '../../core/usage/usage-report.ts';
import type { UsageView } from '../../core/usage/usage-view.ts';
import { jsonText } from '../../output/text/json.ts';
import type { Ledger } from '../../storage/ledger/ledger.ts';
import type { Context } from '../context.ts';
import { isDrawable } from '../is-drawable.ts';
import type { UsageOptions } from './options.ts';
import { writeReport } from '../write-report.ts';

/** What every usage report needs. */
export interface UsageWork {
  settings: ConnectionSettings & CatalogueSettings;
  ledger: Ledger;
  context: Context;
}

/** The periods that ↑ and ↓ select on the dashboard. */
const PERIODS = ['today', '7d', '30d', 'month', 'year', 'all'];
/** Formats of reports that do not show the cost over time. */
const WITHOUT_CHART: ReadonlySet<UsageOptions['format']> = new Set(['csv', 'markdown']);
/** The period from --since to --until. */
const ASKED = 'asked';

export async function runUsageReport(options: UsageOptions, work: UsageWork): Promise<number> {
  if (printEmpty(work) && options.format === 'table' && !options.watch) return 0;
  if (options.isLive) return runDashboard(options, work);
  const view = readUsage(
    work.ledger,
    { ...options, now: work.context.clock.now() },
    { withModels: options.format === 'html', withDays: !WITHOUT_CHART.has(options.format), isSandbox: work.settings.sandbox },
  );
  if (view.report.total.requests === 0) printNothing(options, work);
  if (options.format === 'table' && options.place.out === undefined && isDrawable(work.context)) {
    await printUsage(view, options, work.context);
    return 0;
  }
  await writeReport(work.context, await formatted(view, options), options.place);
  return 0;
}

async function formatted(view: UsageView, { format, limit }: UsageOptions): Promise<string> {
  if (format === 'html') return (await import('../../output/usage/html.ts')).usageHtml(view, { limit });
  if (format === 'table') return (await import('../../output/usage/lines.ts')).usagePlainText(view, limit);
  if (format === 'markdown') return (await import('../../output/usage/markdown.ts')).usageMarkdown(view, limit);
  const { usageCsv, usageJson } = await import('../../output/usage/json.ts');
  return format === 'csv' ? usageCsv(view, limit) : jsonText(usageJson(view, limit));
}

async function printUsage(view: UsageView, { limit }: UsageOptions, { terminal: { streams, themeOf } }: Context): Promise<void> {
  const [{ printTable }, { usageLines }] = await Promise.all([
    import('../../ui/screen/print-table.tsx'),
    import('../../output/usage/lines.ts'),
  ]);
  await printTable({ streams, theme: themeOf(streams.stdout), lines: usageLines(view, streams.stdout.columns, limit) });
}

/** Runs the dashboard; the last table stays on the normal screen. */
async function runDashboard(options: UsageOptions, { ledger, context, settings }: UsageWork): Promise<number> {
  const { runUsageApp } = await import('../../ui/usage/app.tsx');
  const { typed, filter, by } = options;
  const asked = typed.until === undefined ? (typed.since ?? DEFAULT_SINCE) : ASKED;
  // Read again each time, because the current day may change while the dashboard is open.
  const read = (name: string, grouping: UsageGrouping): UsageView => {
    const now = context.clock.now();
    const period = parsePeriod(name === asked ? typed : { since: name }, now);
    return readUsage(ledger, { period, by: grouping, filter, now }, { isSandbox: settings.sandbox });
  };
  const { view, sort } = await runUsageApp({
    periods: PERIODS.includes(asked) ? PERIODS : [asked, ...PERIODS],
    period: asked,
    by,
    read,
    isWatching: options.watch,
    stdin: context.terminal.streams.stdin,
    stdout: context.terminal.streams.stdout,
    jobControl: context.lifetime.jobControl,
    theme: context.terminal.themeOf(context.terminal.streams.stdout),
    signal: context.lifetime.interrupt,
  });
  const report = { ...view.report, rows: sortUsage(view.report.rows, sort) };
  await printUsage({ ...view, report }, options, context);
  return 0;
}

function printNothing({ typed }: UsageOptions, { ledger, context }: UsageWork): void {
  const isAll = typed.until === undefined && typed.since?.trim().toLowerCase() === 'all';
  const hint = isAll ? 'leave out a filter, such as --model or --project' : 'to include all requests: --since all';
  if (firstMoment(ledger) !== undefined) context.terminal.streams.stderr.write(`no request matches\n  ${hint}\n`);
}

/** Returns whether there is nothing to report. If so, prints that the ledger is empty and how to record a request. */
export function printEmpty({ settings, ledger, context }: UsageWork): boolean {
  if (firstMoment(ledger) !== undefined) return false;
  const command = `orx ${settings.sandbox ? '--sandbox ' : ''}chat "Why is the sky blue?"`;
  context.terminal.streams.stderr.write(`no requests recorded yet\n  try: ${command}\n`);
  return true;
}
