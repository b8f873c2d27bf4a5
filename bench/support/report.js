// The report of a run, as data and as text.
import { availableParallelism, cpus, loadavg } from 'node:os';
import { figuresTable, isMet, leastRatio, ratio, withAim } from './figures.js';
import { startUpTable } from './start-up-table.js';
import { verdictsOf, verdictsTable } from './verdicts.js';

/** @typedef {import('./figures.js').Figure} Figure */

/**
 * @typedef {object} Machine
 * @property {string} node
 * @property {string} platform
 * @property {string} processor
 * @property {number} cores
 * @property {number} load Before the bench itself adds to it.
 */

/**
 * @typedef {object} Report
 * @property {Machine} machine
 * @property {string} environment
 * @property {boolean} isBusy
 * @property {readonly (Figure & { ratio: number | null, ratioOfMinima: number | null, isMet: boolean | null })[]} figures
 * @property {readonly import('./verdicts.js').Verdict[]} targets
 */

/** Call this before the first measurement. @returns {Machine} */
export function describeMachine() {
  const [load = 0] = loadavg();
  return {
    node: process.versions.node,
    platform: `${process.platform} ${process.arch}`,
    processor: cpus()[0]?.model ?? 'unknown',
    cores: availableParallelism(),
    load: Math.round(load * 100) / 100,
  };
}

/**
 * @param {Machine} machine
 * @param {boolean} isBare
 * @param {readonly Figure[]} measured
 * @returns {Report}
 */
export function makeReport(machine, isBare, measured) {
  const figures = measured.map(withAim);
  return {
    machine,
    environment: isBare ? 'bare' : `the caller's${process.env['NODE_EXTRA_CA_CERTS'] ? ', with NODE_EXTRA_CA_CERTS' : ''}`,
    isBusy: machine.load > machine.cores / 4,
    figures: figures.map((figure) => ({
      ...figure,
      ratio: ratio(figure) ?? null,
      ratioOfMinima: leastRatio(figure) ?? null,
      isMet: isMet(figure) ?? null,
    })),
    targets: verdictsOf(figures),
  };
}

/**
 * Returns the tables of each run, and the targets of all of them.
 * @param {readonly Report[]} reports
 * @returns {string}
 */
export function reportText(reports) {
  const parts = reports.flatMap(({ machine, environment, isBusy, figures }) => {
    const { node, platform, processor, cores, load } = machine;
    const facts = [
      `Node ${node}`,
      platform,
      processor,
      `${cores} cores`,
      `load ${load.toFixed(2)}`,
      `environment: ${environment}`,
    ];
    const others = figures.filter(({ startUp }) => startUp === undefined);
    return [
      facts.join(' · '),
      ...(isBusy ? ['! the machine is busy with other work: figures are high and uneven, ratios of [minima] less so'] : []),
      ...[startUpTable(figures), others.length === 0 ? undefined : figuresTable(others)].flatMap((table) =>
        table === undefined ? [] : ['', table],
      ),
      '',
    ];
  });
  const targets = verdictsTable(reports.map(({ machine, targets: found }) => ({ node: machine.node, targets: found })));
  return `${[...parts, targets].join('\n')}\n`;
}
