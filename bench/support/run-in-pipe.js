// Runs a program with its output in a pipe. A failed run is an error of the bench, never a fast result.
import { spawn } from 'node:child_process';
import { processorTimeSoFar } from './resource-usage.js';

/**
 * @typedef {object} PipeRun All times are milliseconds from the start of the process; infinite without output.
 * @property {number} firstByteMs
 * @property {number} firstLineMs To the end of the first line.
 * @property {number} lastByteMs
 * @property {number} wholeMs To the end of the process.
 * @property {number | undefined} firstByteProcessorMs CPU time until the first byte arrived, if it was asked for and the system states it.
 * @property {string} output
 */

/**
 * @typedef {object} PipeOptions
 * @property {string} cwd
 * @property {Record<string, string>} env
 * @property {string} [program] Default: this Node.
 * @property {string} [input] What it reads from a pipe. Default: an empty standard input.
 * @property {boolean} [countsFirstByte] Whether to read the CPU time at the first byte.
 * @property {number} [exitCode] Any other one is a failure. Default: 0.
 */

/**
 * Runs a program with these arguments.
 * @param {readonly string[]} args
 * @param {PipeOptions} options
 * @returns {Promise<PipeRun>}
 */
export function runInPipe(args, { cwd, env, program = process.execPath, input, countsFirstByte = false, exitCode = 0 }) {
  return new Promise((resolve, reject) => {
    const start = performance.now();
    const child = spawn(program, args, { cwd, env, stdio: [input === undefined ? 'ignore' : 'pipe', 'pipe', 'pipe'] });
    const times = { firstByteMs: Infinity, firstLineMs: Infinity, lastByteMs: Infinity, wholeMs: Infinity };
    /** @type {number | undefined} */
    let firstByteProcessorMs;
    /** @type {Buffer[]} */
    const output = [];
    let complaint = '';
    child.stdout?.on('data', (/** @type {Buffer} */ piece) => {
      times.lastByteMs = performance.now() - start;
      if (times.firstByteMs === Infinity) {
        times.firstByteMs = times.lastByteMs;
        if (countsFirstByte) firstByteProcessorMs = processorTimeSoFar(child.pid);
      }
      if (times.firstLineMs === Infinity && piece.includes('\n')) times.firstLineMs = times.lastByteMs;
      output.push(piece);
    });
    child.stderr?.on('data', (piece) => (complaint += piece));
    // A program may end before it has read everything.
    child.stdin?.on('error', () => undefined);
    child.stdin?.end(input);
    child.on('error', reject);
    child.on('exit', () => (times.wholeMs = performance.now() - start));
    child.on('close', (code) => {
      if (code === exitCode) resolve({ ...times, firstByteProcessorMs, output: Buffer.concat(output).toString() });
      else reject(new Error(`${program} ${args.join(' ')} ended with ${code}:\n${complaint}`));
    });
  });
}
