// The processor time of one run, over all threads of the process. Only differences of two runs are used: start-up and ending, which
// both have, fall out, and what is left is the tokens that one had more than the other.
import { readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';

const HOOK = new URL('../report-cpu.js', import.meta.url).href;

/**
 * Runs a program in the way `run` runs it, and adds its processor time.
 * @template Run
 * @param {(args: readonly string[], options: { cwd: string, env: Record<string, string> }) => Promise<Run>} run
 * @param {readonly string[]} args
 * @param {{ cwd: string, env: Record<string, string> }} options
 * @returns {Promise<Run & { processorMs: number }>}
 */
export async function withProcessorTime(run, args, { cwd, env }) {
  const file = join(cwd, 'processor-time');
  await rm(file, { force: true });
  const result = await run(['--import', HOOK, ...args], { cwd, env: { ...env, BENCH_CPU_FILE: file } });
  return { ...result, processorMs: Number(await readFile(file, 'utf8')) / 1000 };
}
