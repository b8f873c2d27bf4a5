// Measures the built program and prints ratios from a single run:
//
//   npm run bench                       builds first
//   npm run bench -- start-up gateway   only these measurements: start-up, pacing, input, peers, memory, fsyncs, completion,
//                                       token-cost, screen, compare, matrix, models, markdown, session, ledger, gateway
//   npm run bench -- large-ledger       reports over ten million entries; takes half an hour, so only if it is named
//   npm run bench -- --node 24          with another Node: a version, or a path; repeat it to compare several
//   npm run bench -- --rounds 5         fewer repetitions of each start-up (default: 20)
//   npm run bench -- --json             the same as JSON
//   npm run bench -- --caller           in the caller's environment instead of an almost empty one; some variables make every
//                                       Node start slower
//
// The bench measures speed but does not assert it: the exit code is 0 whether the targets are met or not, and 1 when a
// measurement fails or produces a wrong answer. It measures real processes with a real server on a loopback port;
// docs/internals/bench.md documents what and why.
import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { measureCompare } from './measures/compare.js';
import { measureCompletion } from './measures/completion.js';
import { measureFsyncs } from './measures/fsyncs.js';
import { measureGateway } from './measures/gateway.js';
import { measureInput } from './measures/input.js';
import { measureLargeLedger } from './measures/large-ledger.js';
import { measureLedger } from './measures/ledger.js';
import { measureMarkdown } from './measures/markdown.js';
import { measureMatrix } from './measures/matrix.js';
import { measureMemory } from './measures/memory.js';
import { measureModels } from './measures/models-live.js';
import { measurePacing } from './measures/pacing.js';
import { measurePeers } from './measures/peers.js';
import { measureScreen } from './measures/screen.js';
import { measureSession } from './measures/session.js';
import { measureStartUp } from './measures/start-up.js';
import { measureTokenCost } from './measures/token-cost.js';
import { nodeBinary } from './support/node-binary.js';
import { describeMachine, makeReport, reportText } from './support/report.js';
import { openSetup } from './support/setup.js';

const MEASURES = {
  'start-up': measureStartUp,
  pacing: measurePacing,
  input: measureInput,
  peers: measurePeers,
  memory: measureMemory,
  fsyncs: measureFsyncs,
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

const { names, nodes, rounds, isJson, isBare } = readArguments();
const reports = nodes.length === 0 ? [await measure()] : await measureWith(nodes);
process.stdout.write(
  isJson ? `${JSON.stringify(nodes.length === 0 ? reports[0] : reports, undefined, 2)}\n` : reportText(reports),
);

function readArguments() {
  try {
    const { values, positionals } = parseArgs({
      allowPositionals: true,
      options: {
        node: { type: 'string', multiple: true, default: [] },
        rounds: { type: 'string', default: '20' },
        json: { type: 'boolean', default: false },
        caller: { type: 'boolean', default: false },
      },
    });
    const unknown = positionals.find((name) => !Object.hasOwn(MEASURES, name));
    if (unknown !== undefined) throw new Error(`unknown measurement "${unknown}": ${Object.keys(MEASURES).join(', ')}`);
    if (!/^[1-9]\d*$/.test(values.rounds)) throw new Error(`--rounds must be a number, not "${values.rounds}"`);
    return {
      names: positionals,
      nodes: values.node.map(nodeBinary),
      rounds: Number(values.rounds),
      isJson: values.json,
      isBare: !values.caller,
    };
  } catch (error) {
    process.stderr.write(`error: ${error instanceof Error ? error.message : String(error)}\n`);
    process.exit(2);
  }
}

/** Measures with this Node. */
async function measure() {
  const machine = describeMachine();
  const wanted = Object.entries(MEASURES).filter(([name]) => (names.length === 0 ? name !== ONLY_NAMED : names.includes(name)));
  const setup = await openSetup({ isBare, rounds });
  /** @type {import('./support/figures.js').Figure[]} */
  const figures = [];
  try {
    for (const [name, take] of wanted) {
      // A failed measurement does not discard the others.
      try {
        figures.push(...(await take(setup)));
      } catch (error) {
        process.exitCode = 1;
        process.stderr.write(`${name} failed: ${error instanceof Error ? error.stack : String(error)}\n`);
      }
    }
  } finally {
    await setup.close();
  }
  return makeReport(machine, isBare, figures);
}

/**
 * Measures with other Nodes, one after the other: everything is compared with figures of the same Node.
 * @param {readonly string[]} binaries
 */
async function measureWith(binaries) {
  const own = ['--json', '--rounds', String(rounds), ...(isBare ? [] : ['--caller']), ...names];
  /** @type {import('./support/report.js').Report[]} */
  const made = [];
  for (const binary of binaries) {
    const child = spawn(binary, [fileURLToPath(import.meta.url), ...own], { stdio: ['ignore', 'pipe', 'inherit'] });
    let output = '';
    child.stdout.setEncoding('utf8').on('data', (piece) => (output += piece));
    const code = await new Promise((resolve) => child.on('close', resolve));
    if (code !== 0) process.exitCode = 1;
    if (output === '') throw new Error(`${binary} ended with ${code} and measured nothing`);
    made.push(JSON.parse(output));
  }
  return made;
}
