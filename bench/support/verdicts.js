// Which targets a run has met.
import { alignedTable, isMet, measuredValue } from './figures.js';
import { aimOf, TARGETS } from './targets.js';

/** @typedef {import('./targets.js').Target} Target */
/** @typedef {import('./targets.js').TargetName} TargetName */

/**
 * What a run found about a target. With several figures, the worst one counts.
 * @typedef {object} Verdict
 * @property {TargetName} target
 * @property {string} what
 * @property {number} limit
 * @property {Target['unit']} unit
 * @property {number | null} value Of the medians; null if nothing was measured.
 * @property {number | null} least The same of the minima, if they were taken.
 * @property {'met' | 'MISSED' | 'not measured'} verdict By the medians.
 */

/**
 * Returns a verdict for every target, in order.
 * @param {readonly import('./figures.js').Figure[]} figures
 * @returns {Verdict[]}
 */
export function verdictsOf(figures) {
  return /** @type {[TargetName, Target][]} */ (Object.entries(TARGETS)).map(([target, { what, unit }]) => {
    const own = figures.filter((figure) => figure.target === target && figure.skipped === undefined);
    const { limit } = aimOf(target);
    const [worst] = own.toSorted((one, other) => measuredValue(other).value - measuredValue(one).value);
    if (worst === undefined) return { target, what, limit, unit, value: null, least: null, verdict: 'not measured' };
    const { value, least = null } = measuredValue(worst);
    return { target, what, limit, unit, value, least, verdict: own.every(isMet) ? 'met' : 'MISSED' };
  });
}

/**
 * Returns a table of the verdicts of several runs, with columns for each.
 * @param {readonly { node: string, targets: readonly Verdict[] }[]} runs
 * @returns {string}
 */
export function verdictsTable(runs) {
  const header = ['targets', ...runs.flatMap(({ node }) => [`Node ${node}`, '[minima]', 'limit', ''])];
  const rows = (runs[0]?.targets ?? []).map(({ what }, row) => [
    what,
    ...runs.flatMap(({ targets }) => {
      const found = targets[row];
      return found === undefined ? ['', '', '', ''] : cellsOf(found);
    }),
  ]);
  const right = runs.flatMap((_, run) => [1, 2, 3].map((column) => run * 4 + column));
  return alignedTable([header, ...rows], right);
}

/** @param {Verdict} verdict */
function cellsOf({ value, least, limit, unit, verdict }) {
  /** @param {number} amount */
  const text = (amount) => (unit === '×' ? amount.toFixed(2) : amount.toFixed(1));
  return [value === null ? '' : `${text(value)} ${unit}`, least === null ? '' : `[${text(least)}]`, `${limit} ${unit}`, verdict];
}
