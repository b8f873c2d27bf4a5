import type { LiveFilter } from '../../core/models/live/filters.ts';
import type { LiveTable } from '../../core/models/live/state.ts';
import { currentModel, isRanked } from '../../core/models/live/table.ts';
import type { ModelSort } from '../../core/models/sorts.ts';
import { decimalText } from '../../decimal.ts';
import { catalogueNote } from '../../output/models/catalogue-note.ts';
import { withSandboxLabel } from '../../output/text/sandbox-label.ts';
import { cutText, textWidth } from '../../output/text/width.ts';
import { graphemes } from '../../core/graphemes.ts';
import { countText } from '../../output/text/number.ts';
import { visibleLine } from '../../output/text/visible.ts';
import { drawableColumns } from '../screen/drawable.ts';
import { cutLine, fillLines, type Line, span, type Span } from '../screen/line.ts';
import { detailLines } from './detail.ts';
import { footerLine } from './footer.ts';
import { HELP_HEADING, helpLines } from './help.ts';
import type { ModelsLayout } from './layout.ts';
import { quoteLines, type ShownQuote } from './quote.ts';
import { type ModelCells, modelLines } from './rows.ts';

export interface ModelsView {
  table: LiveTable;
  /** Age of the catalogue in milliseconds. */
  ageMs: number;
  /** The result of the last refresh. */
  status?: Span | undefined;
  /** The quote of the chosen models, while the price pane is open. */
  quote?: ShownQuote | undefined;
}

const FILTER_NAMES: Readonly<Record<LiveFilter, string>> = {
  free: 'free',
  vision: 'vision',
  tools: 'tools',
  reasoning: 'reasoning',
  zdr: 'zero retention',
  favorites: '★',
};

/** The descriptions of each order and its reverse. */
const DIRECTIONS: Readonly<Record<ModelSort, readonly [string, string]>> = {
  price: ['cheapest first', 'most expensive first'],
  'input-price': ['cheapest first', 'most expensive first'],
  'output-price': ['cheapest first', 'most expensive first'],
  context: ['longest first', 'shortest first'],
  newest: ['newest first', 'oldest first'],
  name: ['a to z', 'z to a'],
  throughput: ['fastest first', 'slowest first'],
  latency: ['quickest first', 'slowest first'],
  uptime: ['best first', 'worst first'],
  value: ['best first', 'worst first'],
};

const GAP = 3;

/** Returns the lines of the screen: always fewer than the terminal's rows, and narrower than its columns. */
export function modelsFrame(view: ModelsView, cells: ModelCells, layout: ModelsLayout, columns: number): Line[] {
  const { table } = view;
  const width = drawableColumns(columns);
  const { heading, body } = modelLines(table, cells, width);
  const lines: Line[] = [];
  if (layout.hasHeader) lines.push(headerLine(view, width));
  if (layout.hasQuery) lines.push(queryLine(view, width));
  if (table.pane === 'help') lines.push(...fillLines(helpLines(table, width, layout.bodyRows), layout.bodyRows));
  else lines.push(...fillLines(body.length > 0 ? body : [nothingLine(table, width)], layout.bodyRows));
  if (layout.hasHeading)
    lines.splice(
      lines.length - layout.bodyRows,
      0,
      table.pane === 'help' ? [span(cutText(`  ${HELP_HEADING}`, width), 'dim')] : heading,
    );
  if (layout.detailRows > 0) {
    const below =
      view.quote === undefined
        ? detailLines(currentModel(table), width, layout.detailRows)
        : quoteLines(view.quote, width, layout.detailRows);
    lines.push(...fillLines(below, layout.detailRows));
  }
  if (layout.hasFooter) lines.push(footerLine(table, width));
  return lines.map((line) => cutLine(line, width));
}

function headerLine({ table, ageMs }: ModelsView, width: number): Line {
  const filters = [...(hasBase(table) ? ['as asked'] : []), ...[...table.filters].map((filter) => FILTER_NAMES[filter])].join(
    ' · ',
  );
  return spread(
    [
      span(`  ${withSandboxLabel(catalogueNote(table.models.length, table.models.length, ageMs), table.isSandbox)}`, 'bold'),
      span(filters, 'live'),
      span(sortText(table), 'dim'),
    ],
    width,
  );
}

/** Returns the description of the order, such as `sort: price 3:1, cheapest first`. */
function sortText(table: LiveTable): string {
  if (isRanked(table)) return 'sort: best match';
  const { sort, isReversed } = table;
  const { input, output } = table.sortOptions.blend;
  const blend = sort === 'price' || sort === 'value' ? ` ${decimalText(input)}:${decimalText(output)}` : '';
  return `sort: ${sort}${blend}, ${DIRECTIONS[sort][isReversed ? 1 : 0]}`;
}

/** Reports whether the command line set filters that no key removes. */
function hasBase({ base }: LiveTable): boolean {
  return Object.values(base).some((value) => value !== undefined && value !== false && value !== '');
}

function queryLine({ table, status }: ModelsView, width: number): Line {
  const isTyping = table.focus === 'query';
  const said = noteOf(table, status);
  const room = Math.max(8, width - 5 - (said === undefined ? 0 : Math.min(textWidth(said.text), Math.floor(width / 2)) + GAP));
  const query = tail(visibleLine(table.query), room);
  const hint = table.query === '' && isTyping ? 'id, name or author' : '';
  return spread(
    [span(`  › ${query}${isTyping ? '▏' : ''}`, isTyping ? 'plain' : 'dim'), span(hint, 'dim'), said ?? span('', 'dim')],
    width,
    0,
  );
}

/** Returns the most urgent note: of the last key, a failure, the changes of a refresh, a refresh in progress. */
function noteOf({ note, changes }: LiveTable, status: Span | undefined): Span | undefined {
  if (note !== undefined) return span(`! ${note}`, 'warning');
  if (status?.tone === 'warning') return status;
  const { added, gone, repriced } = changes;
  const parts = [
    ...(added.size > 0 ? [`${countText(added.size)} new`] : []),
    ...(repriced.size > 0 ? [`${countText(repriced.size)} repriced`] : []),
    ...(gone.length > 0 ? [`${countText(gone.length)} gone: ${gone.map(visibleLine).join(', ')}`] : []),
  ];
  return parts.length === 0 ? status : span(parts.join(' · '), 'good');
}

function nothingLine({ models, query }: LiveTable, width: number): Line {
  const text = models.length === 0 ? 'the catalog is empty' : query === '' ? 'no model passes these filters' : 'no model matches';
  return [span(cutText(`     ${text}`, width), 'dim')];
}

/**
 * Distributes three pieces over a line: the first at the start, the last at the end. Pieces without room are omitted; the last
 * one is cut.
 */
function spread(pieces: readonly [Span, Span, Span], width: number, gap = GAP): Line {
  const [left, middle, right] = pieces.map(({ text, tone }) => span(cutText(text, width), tone)) as [Span, Span, Span];
  const used = textWidth(left.text);
  const end = span(cutText(right.text, Math.max(0, width - used - GAP)), right.tone);
  const endText = textWidth(end.text) < Math.min(8, textWidth(right.text)) ? '' : end.text;
  const between = width - used - textWidth(endText);
  const inside =
    textWidth(middle.text) + gap <= between - (endText === '' ? 0 : GAP)
      ? ' '.repeat(middle.text === '' ? 0 : gap) + middle.text
      : '';
  const space = ' '.repeat(endText === '' ? 0 : Math.max(0, between - textWidth(inside)));
  return [left, span(inside, middle.tone), span(space, 'plain'), span(endText, end.tone)].filter(({ text }) => text !== '');
}

/** Returns the end of a text that is too wide, because the user types there. */
function tail(text: string, width: number): string {
  if (textWidth(text) <= width) return text;
  const rest = [...graphemes(text)].map(({ segment }) => segment);
  while (rest.length > 0 && textWidth(rest.join('')) > width - 1) rest.shift();
  return `…${rest.join('')}`;
}
