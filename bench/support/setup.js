// The setup of every measured program: a separate folder as home, the caller's environment or an empty one, and the bench's
// server as the API.
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { startHelper } from './helper.js';

/**
 * @typedef {object} Setup
 * @property {string} folder Initially has only `authority`: HOME, ORX_HOME and the working folder.
 * @property {{ http: string, https: string }} origins Of the server.
 * @property {string} authority A PEM file of the authority that signed the server's certificate.
 * @property {number} rounds How often the runs of a start-up are repeated.
 * @property {(answer?: AnswerPlan, origin?: string) => Record<string, string>} environment Default origin: `origins.http`.
 * @property {() => Promise<void>} close
 */

/**
 * How the server answers: number of tokens, events per write, time between two writes, and whether it leaves out the routing
 * metadata that a client requests.
 * @typedef {{ tokens: number, eventsPerWrite: number, pauseUs: number, isPlain?: boolean }} AnswerPlan
 */

/** @type {AnswerPlan} */
export const SHORT_ANSWER = { tokens: 1, eventsPerWrite: 1, pauseUs: 0 };

/** The built program. */
export const ORX = fileURLToPath(new URL('../../bin/orx.js', import.meta.url));

/** Requests the model that the server names, so that no catalogue is read. */
export const CHAT = [ORX, 'chat', '-m', 'bench/model', 'Why is the sky blue?'];

/**
 * @param {{ isBare: boolean, rounds: number }} options Bare: an almost empty environment instead of the caller's own.
 * @returns {Promise<Setup>}
 */
export async function openSetup({ isBare, rounds }) {
  const folder = await mkdtemp(join(tmpdir(), 'orx-bench-'));
  const server = await startHelper('server.js');
  /** @type {{ http: string, https: string, authority: string }} */
  const { http, https, authority: pem } = JSON.parse(server.line);
  const authority = join(folder, 'authority.pem');
  await writeFile(authority, pem);
  return {
    folder,
    origins: { http, https },
    authority,
    rounds,
    environment: ({ tokens, eventsPerWrite, pauseUs, isPlain = false } = SHORT_ANSWER, origin = http) => ({
      ...(isBare ? { PATH: process.env['PATH'] ?? '', LANG: 'C.UTF-8' } : callersEnvironment()),
      HOME: folder,
      ORX_HOME: folder,
      OPENROUTER_API_KEY: 'sk-or-v1-bench',
      OPENROUTER_BASE_URL: `${origin}/${tokens}/${eventsPerWrite}/${pauseUs}${isPlain ? '/plain' : ''}/api/v1`,
    }),
    async close() {
      server.stop();
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
