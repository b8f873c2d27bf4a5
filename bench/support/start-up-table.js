// Prints the figures of start-ups as one table: a row for each program, a column for each point of its run.
import { alignedTable, leastRatio, ratio } from './figures.js';

/** The columns, in order. CPU is the processor time of all threads, to the first byte or frame, or to the end. */
export const MARKS = /** @type {const} */ ([
  'first byte',
  'first line',
  'first frame',
  'last byte',
  'end',
  'CPU to first',
  'CPU to end',
]);

/** @typedef {typeof MARKS[number]} Mark */

/**
 * Returns the table; undefined without such figures. A baseline is in milliseconds, everything else a multiple of it, of medians
 * and of [minima].
 * @param {readonly import('./figures.js').Figure[]} figures
 * @returns {string | undefined}
 */
export function startUpTable(figures) {
  const own = figures.filter(({ startUp }) => startUp !== undefined);
  if (own.length === 0) return undefined;
  const programs = [...new Set(own.map(({ startUp }) => startUp?.program ?? ''))];
  const rows = programs.map((program) => [
    program,
    ...MARKS.map((mark) => {
      const found = own.find(({ startUp }) => startUp?.program === program && startUp.mark === mark);
      return found === undefined ? '' : cellOf(found);
    }),
  ]);
  return alignedTable(
    [['start-up, to node -e 0', ...MARKS], ...rows],
    MARKS.map((_, index) => index + 1),
  );
}

/** @param {import('./figures.js').Figure} figure */
function cellOf(figure) {
  const compared = ratio(figure);
  const { figure: middle, least = middle } = figure;
  return compared === undefined
    ? `${middle.toFixed(1)} ms [${least.toFixed(1)}]`
    : `${compared.toFixed(2)} [${(leastRatio(figure) ?? compared).toFixed(2)}]`;
}
