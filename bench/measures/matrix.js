// Measures what the prompts of a file cost beside the requests themselves: the CPU time of each cell, compared with a loop that
// only sends the same requests and reads the answers, and the memory that a cell needs.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { USAGE_HOOK } from '../support/resource-usage.js';
import { ORX } from '../support/setup.js';
import { median, runsInTurn } from '../support/statistics.js';

const CELLS = [1000, 10_000];
const ROUNDS = 3;
const BARE = fileURLToPath(new URL('../bare-requests.js', import.meta.url));

/** @typedef {import('../support/resource-usage.js').ResourceUsage} Run */

/**
 * @param {import('../support/setup.js').Setup} setup
 * @returns {Promise<import('../support/figures.js').Figure[]>}
 */
export async function measureMatrix({ folder, environment }) {
  const place = join(folder, 'matrix');
  await mkdir(place);
  const env = environment();
  const counts = [1, ...CELLS];
  /** @type {Record<string, () => Promise<Run>>} */
  const programs = {};
  for (const cells of counts) {
    programs[`orx ${cells}`] = () => runOrx(cells, place, env);
    programs[`bare ${cells}`] = () => runBare(cells, place, env);
  }
  // The first round, which is not counted, also stores the compiled code, as the first command of a user does.
  const runs = await runsInTurn(ROUNDS, programs);
  /** @param {string} program @param {number} cells */
  const processorMs = (program, cells) => median((runs[`${program} ${cells}`] ?? []).map((run) => run.processorMs));
  /** @param {number} cells */
  const peakKb = (cells) => median((runs[`orx ${cells}`] ?? []).map((run) => run.peakKb));
  /** @type {import('../support/figures.js').Figure[]} */
  const figures = [];
  for (const cells of CELLS) {
    // Start-up and exit cancel out.
    /** @param {string} program */
    const cost = (program) => (processorMs(program, cells) - processorMs(program, 1)) / (cells - 1);
    const [own, requests] = [cost('orx'), cost('bare')];
    const what = `matrix of ${cells.toLocaleString('en')} cells`;
    figures.push(
      {
        what: `${what}: processor time of a cell`,
        figure: own,
        unit: 'ms',
        against: { name: 'bare requests', figure: requests },
      },
      { what: `${what}: processor time that orx adds to a cell`, figure: own - requests, unit: 'ms', aim: { limit: 1 } },
    );
  }
  const [few = 0, many = 0] = CELLS;
  figures.push({
    what: `matrix: peak memory, ${many.toLocaleString('en')} cells`,
    figure: peakKb(many),
    unit: 'KB',
    against: { name: `${few.toLocaleString('en')} cells`, figure: peakKb(few) },
    aim: { limit: 1.5 },
  });
  figures.push({
    what: 'matrix: peak memory of each further cell',
    figure: (peakKb(many) - peakKb(few)) / (many - few),
    unit: 'KB',
  });
  await rm(place, { recursive: true, force: true });
  return figures;
}

/**
 * @param {number} cells
 * @param {string} place
 * @param {Record<string, string>} env
 * @returns {Promise<Run>}
 */
async function runOrx(cells, place, env) {
  const file = join(place, `${cells}.csv`);
  const rows = Array.from({ length: cells }, (_, index) => `What is the number ${index} called?,number`);
  await writeFile(file, `question,answer\n${rows.join('\n')}\n`);
  const command = [ORX, 'compare', '--prompts', file, '-m', 'bench/model', '--exit-zero', '-q', '-y', '-o', 'csv'];
  return measured([...command, '--out-file', join(place, `${cells}-result.csv`), '--force'], place, env);
}

/**
 * @param {number} count
 * @param {string} place
 * @param {Record<string, string>} env
 * @returns {Promise<Run>}
 */
async function runBare(count, place, env) {
  return measured([BARE, String(count)], place, env);
}

/**
 * @param {readonly string[]} args
 * @param {string} place
 * @param {Record<string, string>} env
 * @returns {Promise<Run>}
 */
async function measured(args, place, env) {
  const file = join(place, 'resource-usage');
  const child = spawn(process.execPath, ['--require', USAGE_HOOK, ...args], {
    cwd: place,
    env: { ...env, BENCH_USAGE_FILE: file },
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  const [code] = await once(child, 'exit');
  if (code !== 0) throw new Error(`${args.join(' ')} ended with ${code}`);
  return JSON.parse(await readFile(file, 'utf8'));
}
