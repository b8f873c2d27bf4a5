import { csvText } from '../../output/text/csv.ts';
import { jsonText } from '../../output/text/json.ts';
import type { Cell, TableLine, Table } from '../../output/table/table.ts';
import { visibleLine } from '../../output/text/visible.ts';
import { styled } from '../../output/text/terminal-border.ts';
import type { Context } from '../context.ts';
import { isDrawable } from '../is-drawable.ts';
import type { UsageOptions } from './options.ts';
import { writeReport } from '../write-report.ts';

/** A list report with a title and notes, in every format. */
export interface ListReport {
  title: string;
  table: Table;
  notes: readonly Cell[];
  /** Returns lines for a terminal, in place of the table. */
  lines?: ((columns: number) => readonly TableLine[]) | undefined;
  json: unknown;
  /** The rows for a spreadsheet, all with the same keys. */
  records: readonly Readonly<Record<string, unknown>>[];
}

/** Shows a list in the requested format. */
export async function showList(report: ListReport, { format, place }: UsageOptions, context: Context): Promise<void> {
  if (format === 'table' && place.out === undefined && isDrawable(context)) return printList(report, context);
  await writeReport(context, await formatted(report, format), place);
}

async function formatted(
  { title, table, notes, lines, json, records }: ListReport,
  format: UsageOptions['format'],
): Promise<string> {
  if (format === 'json') return jsonText(json);
  if (format === 'csv') return recordsCsv(records);
  if (format === 'html') return (await import('../../output/html/page.ts')).tablePage(title, table, notes);
  if (format === 'markdown') {
    const [{ markdownTable }, { markdownText }] = await Promise.all([
      import('../../output/table/markdown.ts'),
      import('../../output/usage/markdown.ts'),
    ]);
    const below = notes.map(({ text }) => `\n${markdownText(text)}\n`).join('');
    return `## ${markdownText(title)}\n\n${table.rows.length === 0 ? '' : markdownTable(table)}${below}`;
  }
  const { pipedTable } = await import('../../output/table/piped-table.ts');
  const rows = lines === undefined ? await pipedTable(table) : lines(Number.POSITIVE_INFINITY).map(lineText).join('');
  return `${title}\n${rows}${notes.map(({ text }) => `${text}\n`).join('')}`;
}

async function printList({ title, table, notes, lines }: ListReport, { terminal: { streams, themeOf } }: Context): Promise<void> {
  const [{ printTable }, { fitTable }, { cutText }, { wrapWords }] = await Promise.all([
    import('../../ui/screen/print-table.tsx'),
    import('../../output/table/fit.ts'),
    import('../../output/text/width.ts'),
    import('../../output/text/wrap-rows.ts'),
  ]);
  const { columns } = streams.stdout;
  const words = ({ text, tone }: Cell): TableLine[] =>
    wrapWords(`  ${text}`, columns).map((line) => [{ text: cutText(line, columns - 1), tone }]);
  const rows = lines?.(columns) ?? fitTable(table, columns);
  await printTable({
    streams,
    theme: themeOf(streams.stdout),
    lines: [...words({ text: title }), ...rows, ...notes.flatMap(words)],
  });
}

function lineText(line: TableLine): string {
  return `${line
    .map(({ text }) => text)
    .join('')
    .trimEnd()}\n`;
}

async function recordsCsv(records: readonly Readonly<Record<string, unknown>>[]): Promise<string> {
  const headings = Object.keys(records[0] ?? {});
  const cell = (value: unknown): string | number | boolean | null =>
    typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean' ? value : null;
  return headings.length === 0
    ? ''
    : csvText(
        headings,
        records.map((record) => headings.map((heading) => cell(record[heading]))),
      );
}

/** Prints notes that are not part of the result on standard error. */
export function printUsageNotes(
  notes: readonly Cell[],
  {
    terminal: {
      streams: { stderr },
      themeOf,
    },
  }: Context,
): void {
  for (const { text, tone } of notes)
    styled(stderr).write(`${themeOf(stderr).paint(tone === 'warning' ? [tone] : [], visibleLine(text))}\n`);
}
