// Runs a program on a real pseudo-terminal of 100 × 30. A failed run is an error of the bench, never a fast result.
import { spawn } from '@lydell/node-pty';
import xterm from '@xterm/headless';
import { processorTimeSoFar } from './resource-usage.js';

export const SIZE = { cols: 100, rows: 30 };

const ESCAPE = /\u001b(?:\[[0-?]*[ -/]*[@-~]|\][^\u0007\u001b]*(?:\u0007|\u001b\\)|[@-Z\\^_a-z])/g;

/** Ink writes a frame as one synchronized update. */
const FRAME_START = '\u001b[?2026h';

/**
 * @typedef {object} TerminalRun
 * @property {number} firstLineMs From the start of the process to the first piece of visible output.
 * @property {number} firstFrameMs From the start of the process to Ink's first frame.
 * @property {number} lastByteMs From the start of the process to its last output.
 * @property {number} wholeMs From the start of the process to its end.
 * @property {number | undefined} firstFrameProcessorMs CPU time until the first frame arrived, if it was asked for and the system states it.
 * @property {string} output Includes escape sequences.
 */

/**
 * Runs `node` with these arguments.
 * @param {readonly string[]} args
 * @param {{ cwd: string, env: Record<string, string>, countsFirstFrame?: boolean }} options `countsFirstFrame`: read the CPU time then.
 * @returns {Promise<TerminalRun>}
 */
export function runInTerminal(args, { cwd, env, countsFirstFrame = false }) {
  return new Promise((resolve, reject) => {
    const start = performance.now();
    const terminal = spawn(process.execPath, [...args], { cwd, env, name: 'xterm-256color', ...SIZE });
    let firstLineMs = Infinity;
    let firstFrameMs = Infinity;
    let lastByteMs = Infinity;
    /** @type {number | undefined} */
    let firstFrameProcessorMs;
    /** @type {string[]} */
    const output = [];
    terminal.onData((piece) => {
      lastByteMs = performance.now() - start;
      if (firstLineMs === Infinity && visible(piece) !== '') firstLineMs = lastByteMs;
      output.push(piece);
      if (firstFrameMs !== Infinity || !output.join('').includes(FRAME_START)) return;
      firstFrameMs = lastByteMs;
      if (countsFirstFrame) firstFrameProcessorMs = processorTimeSoFar(terminal.pid);
    });
    terminal.onExit(({ exitCode }) => {
      const wholeMs = performance.now() - start;
      const run = { firstLineMs, firstFrameMs, lastByteMs, wholeMs, firstFrameProcessorMs, output: output.join('') };
      if (exitCode === 0) resolve(run);
      else reject(new Error(`node ${args.join(' ')} ended with ${exitCode}:\n${visible(output.join(''))}`));
    });
  });
}

/**
 * Returns the time to the first frame of a program that does not exit by itself, and ends it.
 * @param {readonly string[]} args
 * @param {{ cwd: string, env: Record<string, string> }} options
 * @returns {Promise<number>}
 */
export function firstFrameOf(args, options) {
  return new Promise((resolve, reject) => {
    const start = performance.now();
    const terminal = spawn(process.execPath, [...args], { ...options, name: 'xterm-256color', ...SIZE });
    let firstFrameMs = Infinity;
    terminal.onData((piece) => {
      if (firstFrameMs !== Infinity || visible(piece) === '') return;
      firstFrameMs = performance.now() - start;
      terminal.kill();
    });
    terminal.onExit(() => {
      if (firstFrameMs === Infinity) reject(new Error(`node ${args.join(' ')} drew nothing`));
      else resolve(firstFrameMs);
    });
  });
}

/**
 * Removes escape sequences and surrounding white space from terminal output.
 * @param {string} output
 * @returns {string}
 */
export function visible(output) {
  return output.replace(ESCAPE, '').trim();
}

/**
 * Returns what a terminal finally shows, including scrollback.
 * @param {string} output
 * @returns {Promise<string>}
 */
export async function everythingShown(output) {
  const emulator = new xterm.Terminal({ ...SIZE, scrollback: 100_000, allowProposedApi: true });
  await new Promise((resolve) => emulator.write(output, () => resolve(undefined)));
  const { active } = emulator.buffer;
  const rows = Array.from({ length: active.length }, (_, row) => active.getLine(row)?.translateToString(true) ?? '');
  emulator.dispose();
  return rows.join('\n');
}
