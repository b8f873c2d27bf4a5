import type { RankedQuote } from '../../core/price/rank-quotes.ts';
import type { Cell } from '../../output/table/table.ts';
import { wrapWords } from '../../output/text/wrap-rows.ts';
import { write } from '../../output/text/write-stream.ts';
import type { Context } from '../context.ts';
import type { PriceOptions } from './options.ts';
import { isDrawable } from '../is-drawable.ts';
import { showLines } from '../show-lines.ts';
import { printNotes } from '../print-notes.ts';
import { showJson, showTable } from '../show-table.ts';

/** The indent, and one free column at the end. */
const MARGIN = 3;

/**
 * Notes about quotes: what was quoted, what to check, and why endpoints are omitted. Output for programs includes only `notes`.
 */
interface PriceNotes {
  summary: readonly Cell[];
  notes: readonly Cell[];
  details: readonly Cell[];
}

/** Shows quotes in the requested format. */
export async function showPrices(
  quotes: readonly RankedQuote[],
  options: PriceOptions,
  context: Context,
  { summary, notes, details }: PriceNotes,
): Promise<void> {
  const { requests } = options;
  const isSandbox = options.settings.sandbox;
  const { stdout } = context.terminal.streams;
  if (options.format === 'json') {
    const { priceJson } = await import('../../output/price/json.ts');
    return showJson(
      context,
      notes,
      quotes.map((quote) => priceJson(quote, requests)),
    );
  }
  if (options.format === 'csv') {
    const { priceCsv } = await import('../../output/price/csv.ts');
    printNotes(context, notes);
    return write(stdout, await priceCsv(quotes, requests));
  }
  const { priceTable } = await import('../../output/price/table.ts');
  if (options.format === 'markdown') {
    const { markdownTable } = await import('../../output/table/markdown.ts');
    printNotes(context, [...summary, ...notes, ...details], isSandbox);
    return write(stdout, markdownTable(priceTable(quotes, { requests })));
  }
  const told = fitted([...summary, ...notes, ...details], context);
  if (options.chart !== undefined) {
    const { priceChart } = await import('../../output/price/chart.ts');
    const axis = options.chart;
    return showLines(context, {
      isSandbox,
      notes: told,
      lines: (columns) => priceChart(quotes, { axis, requests }, columns),
    });
  }
  return showTable(context, {
    isSandbox,
    notes: told,
    table: (short) => priceTable(quotes, { short, requests }),
  });
}

/** Returns the notes, wrapped at words. A terminal would break them anywhere. */
function fitted(notes: readonly Cell[], context: Context): readonly Cell[] {
  if (!isDrawable(context)) return notes;
  const room = context.terminal.streams.stdout.columns - MARGIN;
  return notes.flatMap(({ text, tone }) => wrapWords(text, room).map((line) => ({ text: line, tone })));
}
