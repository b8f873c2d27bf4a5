// Counts how often a piped chat waits for the disk, before its first byte and in total: a fraction of a millisecond each on an
// idle disk, 5 ms on a busy one.
import { spawn, spawnSync } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { notMeasured } from '../support/figures.js';
import { runInPipe } from '../support/run-in-pipe.js';
import { CHAT } from '../support/setup.js';

const HOOK = fileURLToPath(new URL('../report-fsyncs.cjs', import.meta.url));
const BEFORE = 'fsyncs of a piped chat, before its first byte';
const TOTAL = 'fsyncs of a piped chat, in total';

/**
 * @param {import('../support/setup.js').Setup} setup
 * @returns {Promise<import('../support/figures.js').Figure[]>}
 */
export async function measureFsyncs({ folder, environment }) {
  const options = { cwd: folder, env: environment() };
  // Only the first run writes compiled code.
  await runInPipe(CHAT, options);
  const count = (await traced(options)) ?? (await counted(options));
  const without = count.hasSqlite ? [] : [notMeasured('the same of SQLite', 'strace is not installed or may not trace')];
  return [
    { what: count.hasSqlite ? BEFORE : `${BEFORE}, of Node itself`, figure: count.before, unit: '' },
    { what: count.hasSqlite ? TOTAL : `${TOTAL}, of Node itself`, figure: count.total, unit: '' },
    ...without,
  ];
}

/** @typedef {{ before: number, total: number, hasSqlite: boolean }} Count */

/**
 * Counts the system calls of all threads. Undefined if strace cannot.
 * @param {{ cwd: string, env: Record<string, string> }} options
 * @returns {Promise<Count | undefined>}
 */
async function traced(options) {
  const { env, cwd } = options;
  const file = join(cwd, 'strace');
  const trace = ['-f', '-qq', '-e', 'trace=fsync,fdatasync,write,writev', '-o', file];
  if (spawnSync('strace', [...trace, process.execPath, '-e', '0'], { env, cwd }).status !== 0) return undefined;
  await runInPipe([...trace, process.execPath, ...CHAT], { ...options, program: 'strace' });
  const lines = (await readFile(file, 'utf8')).split('\n');
  const firstByte = lines.findIndex((line) => /\bwritev?\(1, /.test(line));
  if (firstByte === -1) throw new Error('strace shows no output of orx chat');
  const syncs = (/** @type {readonly string[]} */ among) => among.filter((line) => /\bf(?:data)?sync\(\d/.test(line)).length;
  return { before: syncs(lines.slice(0, firstByte)), total: syncs(lines), hasSqlite: true };
}

/**
 * Counts the calls of Node. Those of SQLite, which is compiled, are not among them.
 * @param {{ cwd: string, env: Record<string, string> }} options
 * @returns {Promise<Count>}
 */
async function counted({ cwd, env }) {
  const file = join(cwd, 'fsyncs');
  const child = spawn(process.execPath, ['--require', HOOK, ...CHAT], {
    cwd,
    env: { ...env, BENCH_FSYNC_FILE: file },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let firstByteAt = Infinity;
  child.stdout.on('data', () => (firstByteAt = Math.min(firstByteAt, performance.timeOrigin + performance.now())));
  const code = await new Promise((resolve) => child.on('close', resolve));
  if (code !== 0) throw new Error(`orx chat ended with ${code}`);
  /** @type {number[]} */
  const times = JSON.parse(await readFile(file, 'utf8'));
  return { before: times.filter((at) => at < firstByteAt).length, total: times.length, hasSqlite: false };
}
