import { escapeHtml } from './page.ts';

// Charts as inline SVG. Each has a title and a description, so that it can be read without being seen; colors are in the style.

/** A value with its interval, in the unit of the chart. */
export interface ChartValue {
  value: number;
  low?: number | undefined;
  high?: number | undefined;
  /** The value alone, and with its interval, for people. */
  short: string;
  text: string;
}

export interface ChartRow extends ChartValue {
  /** One line; it is cut. */
  name: string;
}

export interface ChartWords {
  /** Unique in the page: letters and hyphens. */
  id: string;
  title: string;
}

const WIDTH = 400;
const ROW = 36;
const LONGEST_NAME = 34;

/** The style of the charts. */
export const CHART_CSS = `
.chart text{font:12px system-ui,sans-serif;fill:var(--text)}.chart .soft{fill:var(--soft)}.chart .end{text-anchor:end}.chart .middle{text-anchor:middle}
.chart .track{stroke:var(--line);stroke-width:1}.chart .range{stroke:var(--pale);stroke-width:5;stroke-linecap:round}.chart .thin{stroke:var(--fill);stroke-width:1.5}
.chart circle{fill:var(--fill)}.chart circle.number{fill:var(--back);stroke:var(--fill);stroke-width:1.5}
`;

/** Returns values with their intervals, one below the other, on a scale from 0. Rows without a value have a dash. */
export function intervalChart(
  { id, title }: ChartWords,
  rows: readonly (ChartRow | { name: string })[],
  scaleText: (value: number) => string,
): string {
  const known = rows.filter((row) => 'value' in row);
  const most = known.reduce((highest, { value, high }) => Math.max(highest, value, high ?? 0), 0);
  const x = (value: number): string => (4 + (most === 0 ? 0 : Math.max(0, value) / most) * (WIDTH - 8)).toFixed(1);
  const marks = rows.map((row, index) => {
    const [text, line] = [index * ROW + 12, index * ROW + 24];
    const name = `<text x="0" y="${text}">${index + 1} ${escapeHtml(cut(row.name))}</text>\n`;
    const track = `<line class="track" x1="4" x2="${WIDTH - 4}" y1="${line}" y2="${line}"/>\n`;
    if (!('value' in row)) return `${name}<text class="end soft" x="${WIDTH}" y="${text}">–</text>\n${track}`;
    const { value, low, high } = row;
    const range =
      low === undefined || high === undefined
        ? ''
        : `<line class="range" x1="${x(low)}" x2="${x(high)}" y1="${line}" y2="${line}"/>\n`;
    return `${name}<text class="end soft" x="${WIDTH}" y="${text}">${escapeHtml(row.short)}</text>\n${track}${range}<circle cx="${x(value)}" cy="${line}" r="4.5"/>\n`;
  });
  const bottom = rows.length * ROW;
  const scale = `<text class="soft" x="0" y="${bottom + 12}">0</text>\n<text class="soft end" x="${WIDTH}" y="${bottom + 12}">${escapeHtml(scaleText(most))}</text>\n`;
  const words = rows.map((row) => `${row.name}: ${'value' in row ? row.text : 'unknown'}`).join('; ');
  return svg({ id, title }, words, bottom + 18, [...marks, scale]);
}

export interface SharePoint {
  name: string;
  x: ChartValue;
  /** From 0 to 1. */
  y: ChartValue;
  /** Written into the point. */
  number: number;
}

const HEIGHT = 270;
const LEFT = 44;
const RIGHT = WIDTH - 14;
const TOP = 12;
const BOTTOM = HEIGHT - 36;
/** Costs that differ more than this are on a logarithmic scale. */
const LINEAR_RATIO = 4;

/** Returns shares against costs, both with their intervals. The names of the points are in a table outside. */
export function shareChart(
  { id, title }: ChartWords,
  points: readonly SharePoint[],
  words: { x: string; y: string; costText: (value: number) => string },
): string {
  const { place, ticks } = costScale(points.map(({ x }) => x));
  const y = (share: number): string => (BOTTOM - share * (BOTTOM - TOP)).toFixed(1);
  const grid = [0, 0.25, 0.5, 0.75, 1].map(
    (share) =>
      `<line class="track" x1="${LEFT}" x2="${RIGHT}" y1="${y(share)}" y2="${y(share)}"/>\n<text class="soft end" x="${LEFT - 6}" y="${Number(y(share)) + 4}">${share * 100}%</text>\n`,
  );
  const costs = ticks.map(
    (cost) =>
      `<line class="track" x1="${place(cost)}" x2="${place(cost)}" y1="${TOP}" y2="${BOTTOM}"/>\n<text class="soft middle" x="${place(cost)}" y="${BOTTOM + 15}">${escapeHtml(words.costText(cost))}</text>\n`,
  );
  const ranges = points.map(({ x, y: share }) => {
    const across =
      x.low === undefined || x.high === undefined
        ? ''
        : `<line class="thin" x1="${place(x.low)}" x2="${place(x.high)}" y1="${y(share.value)}" y2="${y(share.value)}"/>\n`;
    const up =
      share.low === undefined || share.high === undefined
        ? ''
        : `<line class="thin" x1="${place(x.value)}" x2="${place(x.value)}" y1="${y(share.low)}" y2="${y(share.high)}"/>\n`;
    return across + up;
  });
  const dots = points.map(
    ({ name, x, y: share, number }) =>
      `<g><title>${escapeHtml(`${name}: ${share.text}, ${x.text}`)}</title><circle class="number" cx="${place(x.value)}" cy="${y(share.value)}" r="9"/><text class="middle" x="${place(x.value)}" y="${Number(y(share.value)) + 4}">${number}</text></g>\n`,
  );
  const axis = `<text class="soft middle" x="${(LEFT + RIGHT) / 2}" y="${HEIGHT - 4}">${escapeHtml(words.x)}</text>\n`;
  const described = points.map(({ name, x, y: share }) => `${name}: ${share.text} at ${x.text}`).join('; ');
  return svg({ id, title }, `${words.y} against ${words.x}. ${described}`, HEIGHT, [...grid, ...costs, ...ranges, ...dots, axis]);
}

/** Returns where a cost is, and costs to write at the axis. The scale is logarithmic if costs differ much. */
function costScale(values: readonly ChartValue[]): { place: (cost: number) => string; ticks: readonly number[] } {
  const all = values.flatMap(({ value, low, high }) => [value, low ?? value, high ?? value]);
  const middles = values.map(({ value }) => value);
  const isLogarithmic = Math.min(...middles) > 0 && Math.max(...middles) / Math.min(...middles) > LINEAR_RATIO;
  if (!isLogarithmic) {
    const most = Math.max(...all, 0) * 1.05 || 1;
    const step = niceStep(most / 4);
    const ticks = Array.from({ length: Math.floor(most / step) + 1 }, (_, index) => index * step);
    return { place: (cost) => at(Math.max(0, cost) / most), ticks };
  }
  // An interval can reach 0, which a logarithmic scale has no place for.
  const positive = all.filter((value) => value > 0);
  const least = Math.max(Math.min(...positive), Math.min(...middles) / 3) / 1.15;
  const most = Math.max(...positive) * 1.15;
  const span = Math.log(most / least);
  const ticks: number[] = [];
  for (let power = Math.floor(Math.log10(least)); power <= Math.log10(most); power += 1)
    for (const digit of span > Math.log(1000) ? [1] : span > Math.log(12) ? [1, 3] : [1, 2, 5])
      ticks.push(Number(`${digit}e${power}`));
  return {
    place: (cost) => at(Math.min(1, Math.max(0, Math.log(Math.max(cost, least) / least) / span))),
    ticks: ticks.filter((tick) => tick >= least && tick <= most),
  };
}

function at(share: number): string {
  return (LEFT + share * (RIGHT - LEFT)).toFixed(1);
}

/** Returns 1, 2 or 5 times a power of ten, at least as large as a value. */
function niceStep(value: number): number {
  const power = 10 ** Math.floor(Math.log10(value));
  return power * ([1, 2, 5].find((digit) => digit * power >= value) ?? 10);
}

function cut(name: string): string {
  const letters = [...name];
  return letters.length <= LONGEST_NAME ? name : `${letters.slice(0, LONGEST_NAME - 1).join('')}…`;
}

function svg({ id, title }: ChartWords, description: string, height: number, parts: readonly string[]): string {
  return `<svg class="chart" role="img" aria-labelledby="${id}-title ${id}-text" viewBox="0 0 ${WIDTH} ${height}">
<title id="${id}-title">${escapeHtml(title)}</title>
<desc id="${id}-text">${escapeHtml(description)}</desc>
${parts.join('')}</svg>
`;
}
