// Measures the CPU time and the peak memory of a whole process, over all its threads. The hook itself takes about a millisecond.
import { readdirSync, readFileSync } from 'node:fs';
import { readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** Preloaded with --require. */
export const USAGE_HOOK = fileURLToPath(new URL('../report-usage.cjs', import.meta.url));

/** @typedef {{ processorMs: number, peakKb: number }} ResourceUsage */

/**
 * Runs a program with `run`, and adds its CPU time and its peak memory to the result.
 * @template Run
 * @template {{ cwd: string, env: Record<string, string> }} Options
 * @param {(args: readonly string[], options: Options) => Promise<Run>} run
 * @param {readonly string[]} args
 * @param {Options} options
 * @returns {Promise<Run & ResourceUsage>}
 */
export async function withResourceUsage(run, args, options) {
  const file = join(options.cwd, 'resource-usage');
  await rm(file, { force: true });
  const env = { ...options.env, BENCH_USAGE_FILE: file };
  const result = await run(['--require', USAGE_HOOK, ...args], { ...options, env });
  /** @type {ResourceUsage} */
  const usage = JSON.parse(await readFile(file, 'utf8'));
  return { ...result, ...usage };
}

/**
 * Returns the CPU time that a running process has used so far, in ms over all its threads. Undefined where the system does not
 * state it in nanoseconds: only Linux does.
 * @param {number | undefined} pid
 * @returns {number | undefined}
 */
export function processorTimeSoFar(pid) {
  try {
    const folder = `/proc/${pid}/task`;
    const times = readdirSync(folder).map((thread) =>
      Number(readFileSync(`${folder}/${thread}/schedstat`, 'utf8').split(' ')[0]),
    );
    return times.reduce((sum, time) => sum + time, 0) / 1e6;
  } catch {
    return undefined;
  }
}
