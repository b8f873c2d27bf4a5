// The setup of every measured program: a separate folder as home, the caller's environment or an empty one, and the bench's
// server as the API.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

/**
 * @typedef {object} Setup
 * @property {string} folder Initially empty: HOME, ORX_HOME and the working folder.
 * @property {(answer?: AnswerPlan) => Record<string, string>} environment
 * @property {() => Promise<void>} close
 */

/**
 * How the server answers: number of tokens, events per write, and time between two writes.
 * @typedef {{ tokens: number, eventsPerWrite: number, pauseUs: number }} AnswerPlan
 */

/** @type {AnswerPlan} */
const SHORT_ANSWER = { tokens: 1, eventsPerWrite: 1, pauseUs: 0 };

/** The built program. */
export const ORX = fileURLToPath(new URL('../../bin/orx.js', import.meta.url));

/** Requests the model that the server names, so that no catalogue is read. */
export const CHAT = [ORX, 'chat', '-m', 'bench/model', 'Why is the sky blue?'];

/**
 * @param {{ isBare: boolean }} options Bare: an almost empty environment instead of the caller's own.
 * @returns {Promise<Setup>}
 */
export async function openSetup({ isBare }) {
  const folder = await mkdtemp(join(tmpdir(), 'orx-bench-'));
  const server = spawn(process.execPath, [fileURLToPath(new URL('../server.js', import.meta.url))], {
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  const [origin] = await Promise.race([
    once(createInterface(server.stdout), 'line'),
    once(server, 'exit').then(() => Promise.reject(new Error('the server ended before it began'))),
  ]);
  return {
    folder,
    environment: ({ tokens, eventsPerWrite, pauseUs } = SHORT_ANSWER) => ({
      ...(isBare ? { PATH: process.env['PATH'] ?? '', LANG: 'C.UTF-8' } : callersEnvironment()),
      HOME: folder,
      ORX_HOME: folder,
      OPENROUTER_API_KEY: 'sk-or-v1-bench',
      OPENROUTER_BASE_URL: `${origin}/${tokens}/${eventsPerWrite}/${pauseUs}/api/v1`,
    }),
    async close() {
      server.stdin.end();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

/**
 * Returns the caller's environment without variables that would change the measurement: orx's settings, colors, and hooks into
 * Node.
 * @returns {Record<string, string>}
 */
function callersEnvironment() {
  const stored = Object.entries(process.env).filter(
    ([name, value]) => value !== undefined && !/^(ORX_|OPENROUTER_|npm_|CI$|NODE_OPTIONS$|NO_COLOR$|FORCE_COLOR$)/.test(name),
  );
  return /** @type {Record<string, string>} */ (Object.fromEntries(stored));
}
