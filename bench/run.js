// Measures the built program and prints ratios from a single run:
//
//   npm run bench                   builds first
//   npm run bench -- gateway        only this measurement: start-up, completion, token-cost, screen, compare, matrix, models, markdown, session, ledger, gateway
//   npm run bench -- large-ledger   reports over ten million entries; takes half an hour, so only if it is named
//   npm run bench -- --json         the same as JSON
//   npm run bench -- --caller       in the caller's environment instead of an almost empty one; some variables make every Node
//                                   start slower
//
// The bench measures speed but does not assert it: the exit code is 0 whether the targets are met or not, and 1 when a
// measurement fails or produces a wrong answer. It measures real processes with a real server on a loopback port;
// docs/internals/bench.md documents what and why.
import { availableParallelism, cpus, loadavg } from 'node:os';
import { measureCompare } from './measures/compare.js';
import { measureCompletion } from './measures/completion.js';
import { measureGateway } from './measures/gateway.js';
import { measureLargeLedger } from './measures/large-ledger.js';
import { measureLedger } from './measures/ledger.js';
import { measureMarkdown } from './measures/markdown.js';
import { measureMatrix } from './measures/matrix.js';
import { measureModels } from './measures/models-live.js';
import { measureScreen } from './measures/screen.js';
import { measureStartUp } from './measures/start-up.js';
import { measureSession } from './measures/session.js';
import { measureTokenCost } from './measures/token-cost.js';
import { figuresTable, isMet, ratio } from './support/figures.js';
import { openSetup } from './support/setup.js';

const [load = 0] = loadavg();
const machine = {
  node: process.versions.node,
  platform: `${process.platform} ${process.arch}`,
  processor: cpus()[0]?.model ?? 'unknown',
  cores: availableParallelism(),
  load: Math.round(load * 100) / 100,
};
/** Measured before the bench itself adds load. */
const isBusy = load > machine.cores / 4;

const MEASURES = {
  'start-up': measureStartUp,
  completion: measureCompletion,
  'token-cost': measureTokenCost,
  screen: measureScreen,
  compare: measureCompare,
  matrix: measureMatrix,
  models: measureModels,
  markdown: measureMarkdown,
  session: measureSession,
  ledger: measureLedger,
  gateway: measureGateway,
  'large-ledger': measureLargeLedger,
};
/** Takes long: only if it is named. */
const ONLY_NAMED = 'large-ledger';
const names = process.argv.slice(2).filter((word) => !word.startsWith('-'));
const unknown = names.find((name) => !Object.hasOwn(MEASURES, name));
if (unknown !== undefined) {
  process.stderr.write(`nothing is measured under "${unknown}": ${Object.keys(MEASURES).join(', ')}\n`);
  process.exit(2);
}
const wanted = Object.entries(MEASURES)
  .filter(([name]) => (names.length === 0 ? name !== ONLY_NAMED : names.includes(name)))
  .map(([, measure]) => measure);
const isBare = !process.argv.includes('--caller');
const setup = await openSetup({ isBare });
/** @type {import('./support/figures.js').Figure[]} */
const figures = [];
try {
  for (const measure of wanted) {
    // A failed measurement does not discard the others.
    try {
      figures.push(...(await measure(setup)));
    } catch (error) {
      process.exitCode = 1;
      process.stderr.write(`${measure.name} failed: ${error instanceof Error ? error.stack : String(error)}\n`);
    }
  }
} finally {
  await setup.close();
}

if (process.argv.includes('--json')) {
  const data = figures.map((figure) => ({ ...figure, ratio: ratio(figure) ?? null, isMet: isMet(figure) ?? null }));
  process.stdout.write(`${JSON.stringify({ machine, isBare, isBusy, figures: data }, undefined, 2)}\n`);
} else {
  const { node, platform, processor, cores } = machine;
  const environment = isBare ? 'bare' : `the caller's${process.env['NODE_EXTRA_CA_CERTS'] ? ', with NODE_EXTRA_CA_CERTS' : ''}`;
  process.stdout.write(
    `Node ${node} · ${platform} · ${processor} · ${cores} cores · load ${machine.load.toFixed(2)} · environment: ${environment}\n`,
  );
  if (isBusy) process.stdout.write('! the machine is busy with other work: figures are high and uneven, ratios less so\n');
  process.stdout.write(`\n${figuresTable(figures)}\n`);
}
