// Starts a program of the bench in a process of its own, so that its work costs the measured program nothing.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

/**
 * Starts a file of `bench/`. Resolves when it has printed its first line. `stop` closes its standard input, at which it ends.
 * @param {string} file
 * @param {readonly (string | number)[]} [args]
 * @returns {Promise<{ line: string, stop: () => void }>}
 */
export async function startHelper(file, args = []) {
  const path = fileURLToPath(new URL(`../${file}`, import.meta.url));
  const child = spawn(process.execPath, [path, ...args.map(String)], { stdio: ['pipe', 'pipe', 'inherit'] });
  const [line] = await Promise.race([
    once(createInterface(child.stdout), 'line'),
    once(child, 'exit').then(() => Promise.reject(new Error(`${file} ended before it began`))),
  ]);
  return { line: String(line), stop: () => void child.stdin.end() };
}
