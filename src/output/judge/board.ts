import type { BoardSection } from '../../core/rating/sections.ts';
import { FEWEST_VOTES, type Island, type Rating } from '../../core/rating/board.ts';
import { LOWEST_CONSISTENCY } from '../../core/judge/summary.ts';
import type { Cell, Column, Table } from '../table/table.ts';
import { markdownTable } from '../table/markdown.ts';
import { countOf } from '../text/count-of.ts';
import { countText } from '../text/number.ts';
import { csvText } from '../text/csv.ts';
import { visibleLine } from '../text/visible.ts';

const NO_RANK = '–';

interface BoardRow {
  section: BoardSection;
  island: Island;
  /** From 1 within the section. */
  group: number;
  rating: Rating;
}

function rowsOf(sections: readonly BoardSection[]): BoardRow[] {
  return sections.flatMap((section) =>
    section.islands.flatMap((island, index) => island.ratings.map((rating) => ({ section, island, group: index + 1, rating }))),
  );
}

/** Returns the ratings of all sections as one table. Columns that would say the same in each row are left out. */
export function boardTable(sections: readonly BoardSection[]): Table {
  const hasSources = sections.length > 1;
  const hasGroups = sections.some(({ islands }) => islands.length > 1);
  const shown: [Column, (row: BoardRow) => Cell][] = [
    ...(hasSources
      ? [[column('from', 'left', 0), ({ section }) => ({ text: sourceName(section) })] as [Column, (row: BoardRow) => Cell]]
      : []),
    ...(hasGroups
      ? [[column('group', 'right', 0), ({ group }) => ({ text: String(group) })] as [Column, (row: BoardRow) => Cell]]
      : []),
    [column('rank', 'right', 0), ({ rating }) => ({ text: rating.rank === undefined ? NO_RANK : String(rating.rank) })],
    [{ ...column('model', 'left', 0), cut: 'model' }, ({ rating }) => ({ text: visibleLine(rating.model) })],
    [column('rating', 'right', 0), ({ rating }) => ({ text: rating.rating.toFixed(0) })],
    [
      column('95%', 'right', 0),
      ({ rating: { interval } }) => ({ text: `${interval.lower.toFixed(0)}–${interval.upper.toFixed(0)}` }),
    ],
    [column('votes', 'right', 2), ({ rating }) => ({ text: countText(rating.votes) })],
    [column('won', 'right', 3), ({ rating }) => ({ text: countText(rating.wins) })],
    [column('tied', 'right', 3), ({ rating }) => ({ text: countText(rating.ties) })],
    [column('lost', 'right', 3), ({ rating }) => ({ text: countText(rating.losses) })],
    [column('', 'left', 1), ({ island }) => (island.isProvisional ? { text: 'provisional', tone: 'warning' } : { text: '' })],
  ];
  return {
    columns: shown.map(([head]) => head),
    rows: rowsOf(sections).map((row) => shown.map(([, cell]) => cell(row))),
  };
}

function column(heading: string, align: Column['align'], dropOrder: number): Column {
  return { heading, align, dropOrder };
}

function sourceName({ source, judge }: BoardSection): string {
  return source === 'votes' ? 'votes' : visibleLine(judge!);
}

/** Returns what a reader must know about a board: where it comes from, and what its ratings do not say. */
export function boardNotes(sections: readonly BoardSection[], skipped: readonly { path: string; lines: number }[]): Cell[] {
  const notes = sections.flatMap((section): Cell[] => [
    { text: sectionText(section) },
    ...(section.bothOrders > 0 && section.consistent / section.bothOrders < LOWEST_CONSISTENCY
      ? [{ text: `${sourceName(section)} changes most verdicts when the answers swap positions`, tone: 'warning' as const }]
      : []),
  ]);
  const islands = sections.flatMap((section) => section.islands);
  if (islands.length > 0)
    notes.push({
      text: 'rating: Bradley-Terry, mean 1000, 400 points are odds of 10 to 1; intervals allow for votes on the same prompt',
    });
  if (islands.some(({ ratings }) => ratings.some(({ rank }) => rank === undefined)))
    notes.push({ text: `${NO_RANK} no rank: fewer than ${FEWEST_VOTES} votes` });
  if (islands.some(({ isProvisional }) => isProvisional))
    notes.push({
      text: 'provisional: some models only won or only lost, so each pair counts half a win more in both directions',
    });
  if (sections.some((section) => section.islands.length > 1))
    notes.push({ text: 'groups were never compared with each other: their ratings cannot be compared either' });
  const resampled = islands.find(({ bootstrap }) => bootstrap !== undefined)?.bootstrap;
  if (resampled !== undefined)
    notes.push({
      text: `intervals with little data: at least those of ${countText(resampled.rounds)} resampled rounds over prompts (seed ${resampled.seed})`,
    });
  for (const { path, lines } of skipped)
    notes.push({
      text: `${visibleLine(path)}: ${countOf(lines, 'line')} could not be read and ${lines === 1 ? 'is' : 'are'} left out`,
      tone: 'warning',
    });
  return notes;
}

function sectionText(section: BoardSection): string {
  const { source, decisions, prompts, undecided, bothOrders, consistent } = section;
  const what = source === 'votes' ? 'votes' : 'verdicts';
  const parts = [`${countText(decisions)} ${decisions === 1 ? what.slice(0, -1) : what} on ${countOf(prompts, 'prompt')}`];
  if (bothOrders > 0) parts.push(`the same in both orders: ${((100 * consistent) / bothOrders).toFixed(0)}%`);
  if (undecided > 0) parts.push(`${countText(undecided)} unreadable`);
  return `${source === 'votes' ? '' : `judge ${visibleLine(section.judge!)}: `}${parts.join(' · ')}`;
}

export function boardMarkdown(sections: readonly BoardSection[]): string {
  return markdownTable(boardTable(sections));
}

const CSV_HEADINGS = [
  'source',
  'judge',
  'group',
  'rank',
  'model',
  'rating',
  'lower',
  'upper',
  'votes',
  'wins',
  'ties',
  'losses',
  'provisional',
];

export function boardCsv(sections: readonly BoardSection[]): Promise<string> {
  return csvText(
    CSV_HEADINGS,
    rowsOf(sections).map(({ section, island, group, rating }) => [
      section.source,
      section.judge ?? null,
      group,
      rating.rank ?? null,
      rating.model,
      tenth(rating.rating),
      tenth(rating.interval.lower),
      tenth(rating.interval.upper),
      rating.votes,
      rating.wins,
      rating.ties,
      rating.losses,
      island.isProvisional,
    ]),
  );
}

/** Returns the board as data. `rank` is null for a model with fewer than ten votes. */
export function boardJson(sections: readonly BoardSection[], isSandbox: boolean): Record<string, unknown> {
  return {
    ...(isSandbox && { sandbox: true }),
    sections: sections.map(({ source, judge, decisions, prompts, undecided, bothOrders, consistent, islands }) => ({
      source,
      judge: judge ?? null,
      decisions,
      prompts,
      ...(source === 'judge' && { undecided, both_orders: bothOrders, consistent }),
      groups: islands.map(islandJson),
    })),
  };
}

/** Returns the ratings of models that were compared with each other, as data. */
export function islandJson({
  ratings,
  isProvisional,
  decisions,
  clusters,
  intervals,
  bootstrap,
  differences,
}: Island): Record<string, unknown> {
  return {
    provisional: isProvisional,
    decisions,
    prompts: clusters,
    intervals,
    bootstrap: bootstrap ?? null,
    ratings: ratings.map(({ rank, model, rating, interval, votes, wins, ties, losses }) => ({
      rank: rank ?? null,
      model,
      rating: tenth(rating),
      lower: tenth(interval.lower),
      upper: tenth(interval.upper),
      votes,
      wins,
      ties,
      losses,
    })),
    differences: differences.map(({ first, second, points, interval }) => ({
      first,
      second,
      points: tenth(points),
      lower: tenth(interval.lower),
      upper: tenth(interval.upper),
    })),
  };
}

function tenth(value: number): number {
  return Math.round(value * 10) / 10;
}
