import { type CostSeries, costSeries } from '../../core/usage/cost-series.ts';
import { localMomentText } from '../../core/time/local-text.ts';
import { isTimeGrouping, type ModelChart } from '../../core/usage/usage-report.ts';
import type { UsageView } from '../../core/usage/usage-view.ts';
import { escapeHtml, htmlNotes, htmlPage, htmlTable } from '../html/page.ts';
import { moneyText } from '../text/money.ts';
import { withSandboxLabel } from '../text/sandbox-label.ts';
import type { Table } from '../table/table.ts';
import { usageTable } from './table.ts';
import { groupText, highestText, percentText, secondsNumber, totalText, usageNotes } from './text.ts';

const CHART_HEIGHT = 140;
const BAR_HEIGHT = 10;
/** More bars would be thinner than a line on a phone. */
const MOST_BARS = 120;
const MOST_MODELS = 12;

/** Returns a report as a self-contained page: cost over time, success and latency by model, and the table. */
export function usageHtml(view: UsageView, options: { limit?: number | undefined } = {}): string {
  const { isSandbox, period, report, days, models, now } = view;
  const title = withSandboxLabel(`orx usage: ${period.label}, by ${report.by}`, isSandbox);
  const isFixed = isTimeGrouping(report.by) && report.by !== 'day';
  const series = costSeries(days, period, now, isFixed && isTimeGrouping(report.by) ? report.by : { most: MOST_BARS });
  const total = report.rows.length > 1 ? report.total : undefined;
  return htmlPage(
    title,
    `<h1>${escapeHtml(title)}</h1>
<p class="sum">${escapeHtml(totalText(report.total))}</p>
<section>
<h2>Cost by ${series.unit}</h2>
${costChart(series)}</section>
${models.length === 0 ? '' : `<section>\n<h2>Success and latency by model</h2>\n${modelCharts(models.slice(0, MOST_MODELS))}</section>\n`}<section>
<h2>By ${report.by}</h2>
${htmlTable(pageTable(usageTable(report.rows.slice(0, options.limit), { by: report.by, total })))}</section>
${htmlNotes(usageNotes(view))}<p class="dim">made by orx at ${localMomentText(now)}</p>
`,
  );
}

/** Returns the table without empty columns, and with the cost where a phone shows it. */
function pageTable({ columns, rows }: Table): Table {
  const cost = columns.findIndex(({ heading }) => heading === 'cost');
  const order = [0, cost, ...columns.keys()].filter(
    (column, place, all) => all.indexOf(column) === place && (column === 0 || rows.some((row) => row[column]!.text !== '–')),
  );
  return {
    columns: order.map((column) => columns[column]!),
    rows: rows.map((row) => order.map((column) => row[column]!)),
  };
}

/**
 * Returns the cost chart. Bars are in percent of the width, so that they fit any screen; the labels are outside the SVG, so that
 * they are not stretched.
 */
function costChart(series: CostSeries): string {
  const { points } = series;
  const highest = points.reduce((most, { cost }) => (cost.gt(most) ? cost : most), points[0]!.cost);
  const step = 100 / points.length;
  const bars = points.map(({ time, cost }, index) => {
    const share = highest.eq(0) ? 0 : cost.div(highest).toNumber();
    const height = share === 0 ? 0 : Math.max(1, share * CHART_HEIGHT);
    return bar({
      x: percent(index * step),
      y: (CHART_HEIGHT - height).toFixed(1),
      width: percent(step * 0.8),
      height: height.toFixed(1),
      title: `${time}: ${moneyText(cost)}`,
    });
  });
  const label = `cost by ${series.unit}, ${highestText(series) ?? 'nothing spent'}`;
  return `<svg role="img" aria-label="${escapeHtml(label)}" height="${CHART_HEIGHT}">\n${bars.join('')}</svg>
<div class="scale"><span>${escapeHtml(points[0]!.time)}</span><span>${escapeHtml(highestText(series) ?? '')}</span><span>${escapeHtml(points.at(-1)!.time)}</span></div>
`;
}

function modelCharts(models: readonly ModelChart[]): string {
  const slowest = models.reduce((most, { durationMs }) => Math.max(most, durationMs?.p95 ?? 0), 0);
  return `<dl>\n${models.map((row) => modelChart(row, slowest)).join('')}</dl>\n`;
}

function modelChart({ group, successRate, durationMs }: ModelChart, slowest: number): string {
  const share = (ms: number | undefined): string => percent(slowest === 0 ? 0 : ((ms ?? 0) / slowest) * 100);
  const whole = { x: '0', y: '0', height: String(BAR_HEIGHT) };
  const success = [bar({ ...whole, width: '100%', isPale: true }), bar({ ...whole, width: percent((successRate ?? 0) * 100) })];
  const latency = [
    bar({ ...whole, width: share(durationMs?.p95), isPale: true }),
    bar({ ...whole, width: share(durationMs?.p50) }),
  ];
  const times = durationMs === undefined ? '–' : `${secondsNumber(durationMs.p50)} s, p95 ${secondsNumber(durationMs.p95)} s`;
  const ok = successRate === undefined ? '–' : `${percentText(successRate)} % ok`;
  return `<dt>${escapeHtml(groupText(group))}</dt>
<dd><svg role="img" aria-label="${escapeHtml(ok)}" height="${BAR_HEIGHT}">${success.join('')}</svg>${escapeHtml(ok)}</dd>
<dd><svg role="img" aria-label="${escapeHtml(times)}" height="${BAR_HEIGHT}">${latency.join('')}</svg>${escapeHtml(times)}</dd>
`;
}

function bar(of: { x: string; y: string; width: string; height: string; title?: string; isPale?: boolean }): string {
  const title = of.title === undefined ? '' : `<title>${escapeHtml(of.title)}</title>`;
  const styleClass = of.isPale === true ? ' class="pale"' : '';
  return `<rect x="${of.x}" y="${of.y}" width="${of.width}" height="${of.height}"${styleClass}>${title}</rect>\n`;
}

function percent(value: number): string {
  return `${value.toFixed(2)}%`;
}
