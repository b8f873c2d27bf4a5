// Types keys into a program on a pseudo-terminal. Measures how long each takes, from the byte that the terminal sends to the
// frame that shows the result.
import { spawn } from '@lydell/node-pty';
import { SIZE, visible } from './run-in-terminal.js';

const LONGEST_WAIT_MS = 10_000;

/**
 * @typedef {object} KeyTimer
 * @property {(keys: string, isThere: (shown: string) => boolean) => Promise<number>} timeOf
 *   Types the keys. Resolves to the milliseconds until the new output, without escape sequences, satisfies `isThere`.
 * @property {(keys: string) => Promise<void>} leaveWith Types the keys and waits for the end.
 */

/**
 * Starts `node` with these arguments.
 * @param {readonly string[]} args
 * @param {{ cwd: string, env: Record<string, string> }} options
 * @param {number} pauseMs Pause before each key: faster than any typing, and no frame waits for the previous one.
 * @returns {KeyTimer}
 */
export function openKeyTimer(args, options, pauseMs) {
  const terminal = spawn(process.execPath, [...args], { ...options, name: 'xterm-256color', ...SIZE });
  let output = '';
  /** @type {(() => void) | undefined} */
  let onOutput;
  terminal.onData((piece) => {
    output += piece;
    onOutput?.();
  });
  const ended = new Promise((resolve) => terminal.onExit(resolve));
  return {
    async timeOf(keys, isThere) {
      await new Promise((resolve) => setTimeout(resolve, pauseMs));
      output = '';
      const start = performance.now();
      terminal.write(keys);
      return new Promise((/** @type {(ms: number) => void} */ resolve, reject) => {
        const timer = setTimeout(() => {
          // A program that waits for a key would keep the bench running.
          terminal.kill();
          reject(new Error(`no frame followed ${JSON.stringify(keys)}:\n${visible(output)}`));
        }, LONGEST_WAIT_MS);
        onOutput = () => {
          if (!isThere(visible(output))) return;
          clearTimeout(timer);
          onOutput = undefined;
          resolve(performance.now() - start);
        };
      });
    },
    async leaveWith(keys) {
      terminal.write(keys);
      await ended;
    },
  };
}
