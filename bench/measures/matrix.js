// Measures what the prompts of a file cost beside the requests themselves: the CPU time of each cell, compared with a loop that
// only sends the same requests and reads the answers, and the memory that a cell needs.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { USAGE_HOOK } from '../support/resource-usage.js';
import { ORX } from '../support/setup.js';

const CELLS = [1000, 10_000];
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
  const short = { orx: await runOrx(1, place, env), bare: await runBare(1, place, env) };
  /** @type {import('../support/figures.js').Figure[]} */
  const figures = [];
  /** @type {Map<number, Run>} */
  const runs = new Map();
  for (const cells of CELLS) {
    const [orx, bare] = [await runOrx(cells, place, env), await runBare(cells, place, env)];
    runs.set(cells, orx);
    // Start-up and exit cancel out.
    const [own, requests] = [
      (orx.processorMs - short.orx.processorMs) / (cells - 1),
      (bare.processorMs - short.bare.processorMs) / (cells - 1),
    ];
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
  const more = (runs.get(many)?.peakKb ?? 0) - (runs.get(few)?.peakKb ?? 0);
  figures.push({
    what: `matrix: peak memory, ${many.toLocaleString('en')} cells`,
    figure: runs.get(many)?.peakKb ?? 0,
    unit: 'KB',
    against: { name: `${few.toLocaleString('en')} cells`, figure: runs.get(few)?.peakKb ?? 0 },
    aim: { limit: 1.5 },
  });
  figures.push({ what: 'matrix: peak memory of each further cell', figure: more / (many - few), unit: 'KB' });
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
  return measured([...command, '--out-file', join(place, `${cells}-result.csv`)], place, env);
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
