// The result of a measurement: a ratio if there is a comparison, because milliseconds depend on the machine.
import { median } from './statistics.js';
import { aimOf } from './targets.js';

/** @typedef {{ name: string, figure: number, least?: number }} Baseline */

/**
 * @typedef {object} Figure
 * @property {string} what
 * @property {number} figure A median, if there are several runs.
 * @property {number} [least] The minimum of the same runs, which other work on the machine moves less.
 * @property {'ms' | 's' | '%' | 'KB' | 'MB' | ''} unit
 * @property {Baseline} [against] What it is compared with, in the same unit; the aim then means the ratio.
 * @property {{ limit: number, isStrict?: boolean }} [aim] At most, or (strict) less than, this much.
 * @property {import('./targets.js').TargetName} [target] The target whose aim this figure has.
 * @property {{ program: string, mark: string }} [startUp] Its place in the table of start-ups (start-up-table.js).
 * @property {string} [skipped] Why it was not measured; `figure` then means nothing.
 */

/**
 * Returns the median and the minimum of the times of several runs, with those of a baseline.
 * @param {readonly number[]} values
 * @param {{ name: string, values: readonly number[] }} [against]
 * @returns {Pick<Figure, 'figure' | 'least'> & { against?: Baseline }}
 */
export function middleAndLeast(values, against) {
  return {
    figure: median(values),
    least: Math.min(...values),
    ...(against !== undefined && {
      against: { name: against.name, figure: median(against.values), least: Math.min(...against.values) },
    }),
  };
}

/**
 * @param {string} what
 * @param {string} skipped Why.
 * @param {Pick<Figure, 'target'>} [more]
 * @returns {Figure}
 */
export function notMeasured(what, skipped, more = {}) {
  return { what, figure: Number.NaN, unit: '', skipped, ...more };
}

/**
 * @param {Figure} figure
 * @returns {number | undefined}
 */
export function ratio({ figure, against }) {
  return against === undefined ? undefined : figure / against.figure;
}

/**
 * Returns the ratio of the minima.
 * @param {Figure} figure
 * @returns {number | undefined}
 */
export function leastRatio({ least, against }) {
  return least === undefined || against?.least === undefined ? undefined : least / against.least;
}

/**
 * Returns what an aim is compared with: the ratio if there is one.
 * @param {Figure} figure
 * @returns {{ value: number, least: number | undefined }}
 */
export function measuredValue(figure) {
  return figure.against === undefined
    ? { value: figure.figure, least: figure.least }
    : { value: ratio(figure) ?? Number.NaN, least: leastRatio(figure) };
}

/**
 * Returns the figure with the aim of its target.
 * @param {Figure} figure
 * @returns {Figure}
 */
export function withAim(figure) {
  return figure.target === undefined ? figure : { ...figure, aim: aimOf(figure.target) };
}

/**
 * @param {Figure} figure
 * @returns {boolean | undefined}
 */
export function isMet(figure) {
  const { aim, skipped } = figure;
  if (aim === undefined || skipped !== undefined) return undefined;
  const { value } = measuredValue(figure);
  return aim.isStrict === true ? value < aim.limit : value <= aim.limit;
}

/**
 * Returns an aligned table, one line per figure.
 * @param {readonly Figure[]} figures
 * @returns {string}
 */
export function figuresTable(figures) {
  const header = ['', 'figure', 'against', '', 'ratio', '[minima]', 'aim', ''];
  return alignedTable([header, ...figures.map(figureRow)], [1, 3, 4, 5, 6]);
}

/**
 * Returns rows with columns of equal width.
 * @param {readonly (readonly string[])[]} rows
 * @param {readonly number[]} rightAligned Columns.
 * @returns {string}
 */
export function alignedTable(rows, rightAligned) {
  const widths = rows[0]?.map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0))) ?? [];
  return rows
    .map((row) =>
      row
        .map((cell, column) =>
          rightAligned.includes(column) ? cell.padStart(widths[column] ?? 0) : cell.padEnd(widths[column] ?? 0),
        )
        .join('  ')
        .trimEnd(),
    )
    .join('\n');
}

/**
 * @param {Figure} figure
 * @returns {string[]}
 */
function figureRow(figure) {
  const { what, unit, against, aim, skipped } = figure;
  if (skipped !== undefined) return [`${what}: not measured (${skipped})`, '', '', '', '', '', '', ''];
  const compared = ratio(figure);
  const least = leastRatio(figure);
  const aimUnit = against === undefined ? withUnit('', unit) : ' ×';
  const met = isMet(figure);
  return [
    what,
    withUnit(numberText(figure.figure), unit),
    against?.name ?? '',
    against === undefined ? '' : withUnit(numberText(against.figure), unit),
    compared === undefined ? '' : `${compared.toFixed(2)} ×`,
    least === undefined ? '' : `[${least.toFixed(2)}]`,
    aim === undefined ? '' : `${aim.isStrict === true ? '<' : '≤'} ${aim.limit}${aimUnit}`,
    met === undefined ? '' : met ? 'met' : 'NOT MET',
  ];
}

/**
 * @param {string} text
 * @param {string} unit
 */
function withUnit(text, unit) {
  return unit === '' ? text : `${text} ${unit}`;
}

/** @param {number} value */
function numberText(value) {
  return Number.isInteger(value) ? String(value) : value.toFixed(value < 100 ? 1 : 0);
}
