// Runs a program with its output in a pipe. A failed run is an error of the bench, never a fast result.
import { spawn } from 'node:child_process';

/**
 * @typedef {object} PipeRun
 * @property {number} firstByteMs From the start of the process to its first byte of output; infinite without output.
 * @property {number} wholeMs From the start of the process to its end.
 * @property {string} output
 */

/**
 * Runs `node` with these arguments and an empty standard input.
 * @param {readonly string[]} args
 * @param {{ cwd: string, env: Record<string, string> }} options
 * @returns {Promise<PipeRun>}
 */
export function runInPipe(args, options) {
  return new Promise((resolve, reject) => {
    const start = performance.now();
    const child = spawn(process.execPath, args, { ...options, stdio: ['ignore', 'pipe', 'pipe'] });
    let firstByteMs = Infinity;
    let wholeMs = Infinity;
    /** @type {Buffer[]} */
    const output = [];
    let complaint = '';
    child.stdout.on('data', (/** @type {Buffer} */ piece) => {
      if (firstByteMs === Infinity) firstByteMs = performance.now() - start;
      output.push(piece);
    });
    child.stderr.on('data', (piece) => (complaint += piece));
    child.on('error', reject);
    child.on('exit', () => (wholeMs = performance.now() - start));
    child.on('close', (code) => {
      if (code === 0) resolve({ firstByteMs, wholeMs, output: Buffer.concat(output).toString() });
      else reject(new Error(`node ${args.join(' ')} ended with ${code}:\n${complaint}`));
    });
  });
}
