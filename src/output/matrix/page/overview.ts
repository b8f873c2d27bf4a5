import { decimal } from '../../../decimal.ts';
import type { MatrixReport } from '../../../core/matrix/report.ts';
import type { MatrixRanking } from '../../../core/matrix/rank-lanes.ts';
import type { LaneSummary } from '../../../core/matrix/summarize.ts';
import { type ChartRow, type ChartValue, intervalChart, shareChart } from '../../html/interval-charts.ts';
import { escapeHtml, htmlNotes, htmlTable } from '../../html/page.ts';
import { moneyText } from '../../text/money.ts';
import { countText, secondsText } from '../../text/number.ts';
import { qualityIntervalText, qualityText } from '../../text/quality.ts';
import { visibleLine } from '../../text/visible.ts';
import { pointsText, rateText, shareIntervalText } from '../difference.ts';
import { shownJudge } from '../judge.ts';
import { judgedMeasure } from '../ranking.ts';
import { summaryLines } from '../table.ts';
import type { PageFacts } from './facts.ts';

const UNKNOWN = '–';

/** Returns the part of a page that is about all cells: totals, what differences show, charts, and their figures as a table. */
export function overviewHtml(report: MatrixReport, facts: PageFacts): string {
  const [totals, ...differences] = summaryLines(report);
  const list = differences.map((line) => `<li>${escapeHtml(line)}</li>\n`).join('');
  return `<p class="sum">${escapeHtml(totals!)}</p>
${list === '' ? '' : `<ul class="notes">\n${list}</ul>\n`}<section>
<h2>Lanes</h2>
<div class="charts">
${chartsOf(report, facts)}</div>
${figuresTable(report, facts)}</section>
${judgeHtml(report)}`;
}

function judgeHtml(report: MatrixReport): string {
  const judge = shownJudge(report);
  if (judge === undefined) return '';
  const { table, notes } = judge;
  return `<section>\n<h2>Judge</h2>\n${table === undefined ? '' : htmlTable(table)}${htmlNotes(notes)}</section>\n`;
}

function chartsOf(report: MatrixReport, facts: PageFacts): string {
  const { lanes } = report;
  const names = lanes.map(({ name }) => visibleLine(name));
  const rows = (values: readonly (ChartValue | undefined)[]): (ChartRow | { name: string })[] =>
    values.map((value, index) => ({ name: names[index]!, ...value }));
  const costs = facts.lanes.map(({ cost }): ChartValue | undefined =>
    cost === undefined
      ? undefined
      : { value: cost.mean, low: cost.interval?.lower, high: cost.interval?.upper, ...words(costText(cost)) },
  );
  const times = lanes.map(({ durationMs }): ChartValue | undefined => {
    if (durationMs === undefined) return undefined;
    const { median, medianInterval } = durationMs;
    return { value: median, low: medianInterval?.lower, high: medianInterval?.upper, ...words(timeText(durationMs)) };
  });
  const points = lanes.flatMap(({ passRate }, index) => {
    const x = costs[index];
    if (passRate === undefined || x === undefined) return [];
    const y = {
      value: passRate.rate,
      low: passRate.interval?.lower,
      high: passRate.interval?.upper,
      ...words(rateWords(passRate)),
    };
    return [{ name: names[index]!, x, y, number: index + 1 }];
  });
  const money = (value: number): string => moneyText(decimal(value));
  const parts = [
    figure(
      'Cost of an answer',
      'mean, 95% interval',
      intervalChart({ id: 'cost', title: 'Cost of an answer' }, rows(costs), money),
    ),
    figure(
      'Time to the whole answer',
      'median, 95% interval',
      intervalChart({ id: 'time', title: 'Time to the whole answer' }, rows(times), secondsText),
    ),
    ...(points.length === 0
      ? []
      : [
          figure(
            'Quality against price',
            'pass rate and cost of an answer, 95% intervals',
            shareChart({ id: 'quality', title: 'Quality against price' }, points, {
              x: 'cost of an answer',
              y: 'pass rate',
              costText: money,
            }),
          ),
        ]),
  ];
  return parts.join('');
}

/** Returns a value alone, and with its interval. */
function words(text: string): Pick<ChartValue, 'short' | 'text'> {
  return { short: text.replace(INTERVAL, ''), text };
}

/** The interval of a figure, in parentheses behind it. */
const INTERVAL = / \(.*\)$/;

function figure(title: string, unit: string, chart: string): string {
  return `<figure>\n<figcaption>${title}<br><small class="dim">${unit}</small></figcaption>\n${chart}</figure>\n`;
}

type Row = readonly (readonly [heading: string, text: string])[];

/** The figures of the charts and of the lanes, each with its interval in the same cell. */
function figuresTable({ lanes, ranking }: MatrixReport, facts: PageFacts): string {
  const isChecked = lanes.some(({ expecting }) => expecting > 0);
  const hasNotRun = lanes.some(({ notRun }) => notRun > 0);
  const rows = lanes.map((lane, index): Row => {
    const { cells, durationMs, cost, hasUnknownCost } = lane;
    const mean = facts.lanes[index]!.cost;
    const missing = cells.empty + cells.failed + cells['not-asked'];
    return [
      ...rankFigures(ranking, index),
      ...(isChecked ? passCells(lane) : ([['answered', countText(cells.answered)]] as const)),
      ...(hasNotRun ? ([['not run', countText(lane.notRun)]] as const) : []),
      ['no answer', countText(missing)],
      ['cost', hasUnknownCost ? (cost.eq(0) ? UNKNOWN : `≥${moneyText(cost)}`) : moneyText(cost)],
      ['cost of an answer', mean === undefined ? UNKNOWN : costText(mean)],
      ['time', durationMs === undefined ? UNKNOWN : timeText(durationMs)],
      ['spread of times', durationMs === undefined ? UNKNOWN : spreadText(durationMs)],
    ];
  });
  const headings = ['lane', ...(rows[0] ?? []).map(([heading]) => heading)];
  const line = (row: Row, index: number): string => {
    const cells = row.map(([, text]) => `<td class="right">${figureHtml(text)}</td>`).join('');
    return `<tr><th scope="row">${index + 1} <bdi>${escapeHtml(lanes[index]!.name)}</bdi></th>${cells}</tr>\n`;
  };
  const head = headings.map((heading, index) => `<th scope="col"${index === 0 ? '' : ' class="right"'}>${heading}</th>`).join('');
  return `<div class="table" tabindex="0" role="region" aria-label="Figures of the lanes"><table class="figures">
<caption class="unseen">Figures of the lanes, with 95% intervals</caption>
<thead><tr>${head}</tr></thead>
<tbody>
${rows.map(line).join('')}</tbody>
</table></div>
`;
}

/** Returns the rank of a lane, and what a judge found. */
function rankFigures(ranking: MatrixRanking | undefined, index: number): Row {
  const ranked = ranking?.lanes.find(({ lane }) => lane === index);
  if (ranking === undefined || ranked === undefined) return [];
  const { rank, quality } = ranked;
  const measure = judgedMeasure(ranking);
  return [
    ['rank', rank === undefined ? UNKNOWN : String(rank)],
    ...(measure === undefined
      ? []
      : ([[measure, quality === undefined ? UNKNOWN : `${qualityText(quality)} (${qualityIntervalText(quality)})`]] as const)),
  ];
}

/** Returns a figure with its interval below it, which needs less width. */
function figureHtml(text: string): string {
  return escapeHtml(text).replace(INTERVAL, (interval) => `<br><small>${interval.trim()}</small>`);
}

function passCells(lane: LaneSummary): Row {
  const { passed, expecting, passRate, difference } = lane;
  const range = difference?.interval;
  const vsFirst =
    difference === undefined
      ? UNKNOWN
      : `${pointsText(difference.estimate)}${range === undefined ? '' : ` (${pointsText(range.lower)} to ${pointsText(range.upper)})`}`;
  return [
    ['passed', `${countText(passed)}/${countText(expecting)}`],
    ['pass rate', passRate === undefined ? UNKNOWN : rateWords(passRate)],
    ['points vs first', vsFirst],
  ];
}

function rateWords({ rate, interval }: NonNullable<LaneSummary['passRate']>): string {
  return `${rateText(rate)}${interval === undefined ? '' : ` (${shareIntervalText(interval)})`}`;
}

function costText({ mean, interval }: NonNullable<PageFacts['lanes'][number]['cost']>): string {
  const text = moneyText(decimal(mean));
  if (interval === undefined) return text;
  const [lower, upper] = [Math.max(0, interval.lower), interval.upper].map((cost) => moneyText(decimal(cost)));
  // Rounding leaves an interval around costs that are all equal.
  return lower === text && upper === text ? text : `${text} (${lower}–${upper})`;
}

function timeText({ median, medianInterval }: NonNullable<LaneSummary['durationMs']>): string {
  if (medianInterval === undefined || medianInterval.lower === medianInterval.upper) return secondsText(median);
  return `${secondsText(median)} (${secondsText(medianInterval.lower).replace(' s', '')}–${secondsText(medianInterval.upper)})`;
}

function spreadText({ low, high, kind }: NonNullable<LaneSummary['durationMs']>): string {
  const range = low === high ? secondsText(low) : `${secondsText(low).replace(' s', '')}–${secondsText(high)}`;
  return kind === 'range' ? `${range} (min–max)` : `${range} (p10–p90)`;
}
