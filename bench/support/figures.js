// The result of a measurement, and how it is printed: as a ratio if there is a comparison, because milliseconds depend on the
// machine.

/**
 * @typedef {object} Figure
 * @property {string} what
 * @property {number} figure
 * @property {'ms' | '%' | 'KB' | ''} unit
 * @property {{ name: string, figure: number }} [against] What it is compared with, in the same unit; the aim then means the ratio.
 * @property {{ limit: number, isStrict?: boolean }} [aim] At most, or (strict) less than, this much.
 */

/**
 * @param {Figure} figure
 * @returns {number | undefined}
 */
export function ratio({ figure, against }) {
  return against === undefined ? undefined : figure / against.figure;
}

/**
 * @param {Figure} figure
 * @returns {boolean | undefined}
 */
export function isMet(figure) {
  if (figure.aim === undefined) return undefined;
  const value = ratio(figure) ?? figure.figure;
  return figure.aim.isStrict === true ? value < figure.aim.limit : value <= figure.aim.limit;
}

/**
 * Returns an aligned table, one line per figure.
 * @param {readonly Figure[]} figures
 * @returns {string}
 */
export function figuresTable(figures) {
  const rows = [['', 'figure', 'against', '', 'ratio', 'aim', ''], ...figures.map(figureRow)];
  const widths = rows[0]?.map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0))) ?? [];
  const isNumber = [false, true, false, true, true, true, false];
  return rows
    .map((row) =>
      row
        .map((cell, column) =>
          isNumber[column] === true ? cell.padStart(widths[column] ?? 0) : cell.padEnd(widths[column] ?? 0),
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
  const { what, unit, against, aim } = figure;
  const compared = ratio(figure);
  const aimUnit = against === undefined ? amount('', unit) : ' ×';
  const met = isMet(figure);
  return [
    what,
    amount(number(figure.figure), unit),
    against?.name ?? '',
    against === undefined ? '' : amount(number(against.figure), unit),
    compared === undefined ? '' : `${compared.toFixed(2)} ×`,
    aim === undefined ? '' : `${aim.isStrict === true ? '<' : '≤'} ${aim.limit}${aimUnit}`,
    met === undefined ? '' : met ? 'met' : 'NOT MET',
  ];
}

/**
 * @param {string} text
 * @param {string} unit
 */
function amount(text, unit) {
  return unit === '' ? text : `${text} ${unit}`;
}

/** @param {number} value */
function number(value) {
  return Number.isInteger(value) ? String(value) : value.toFixed(value < 100 ? 1 : 0);
}
