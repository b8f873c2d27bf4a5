// Measures the CPU time of a run over all threads of the process. Only differences between two runs are used: start-up and exit
// cancel out, which leaves the cost of the additional tokens.
import { readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';

const HOOK = new URL('../report-cpu.js', import.meta.url).href;

/**
 * Runs a program with `run`, and adds its CPU time to the result.
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
