// Other programs for the terminal that chat with a model. They are measured if they are installed; the bench installs nothing.
import { accessSync, constants } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import { delimiter, join } from 'node:path';

/**
 * A program that asks the bench's server the question of `CHAT`.
 * @typedef {object} Peer
 * @property {string} name
 * @property {string} program
 * @property {readonly string[]} args
 * @property {Record<string, string>} env
 */

const NAMES = ['llm', 'aichat'];
const QUESTION = 'Why is the sky blue?';
const KEY = 'sk-bench';

/**
 * Returns the peers on the PATH, with their settings in a folder of the setup, and the names of those that are missing.
 * @param {Pick<import('./setup.js').Setup, 'folder' | 'environment'>} setup
 * @returns {Promise<{ peers: Peer[], missing: string[] }>}
 */
export async function installedPeers({ folder, environment }) {
  const found = NAMES.map((name) => ({ name, program: findProgram(name) }));
  const env = environment();
  const url = env['OPENROUTER_BASE_URL'] ?? '';
  const settings = { llm: await llmSettings(folder, url), aichat: await aichatSettings(folder, url) };
  return {
    peers: found.flatMap(({ name, program }) => {
      if (program === undefined) return [];
      const own = settings[/** @type {keyof typeof settings} */ (name)];
      return [{ name, program, args: own.args, env: { ...env, ...own.env } }];
    }),
    missing: found.filter(({ program }) => program === undefined).map(({ name }) => name),
  };
}

/** @param {string} name */
function findProgram(name) {
  const file = process.platform === 'win32' ? `${name}.exe` : name;
  return (process.env['PATH'] ?? '')
    .split(delimiter)
    .filter((folder) => folder !== '')
    .map((folder) => join(folder, file))
    .find((path) => {
      try {
        accessSync(path, constants.X_OK);
        return true;
      } catch {
        return false;
      }
    });
}

/** @param {string} folder @param {string} url */
async function llmSettings(folder, url) {
  const home = join(folder, 'llm');
  await mkdir(home, { recursive: true });
  const models = [{ model_id: 'bench', model_name: 'bench/model', api_base: url, api_key_name: 'bench' }];
  // JSON is YAML.
  await writeFile(join(home, 'extra-openai-models.yaml'), JSON.stringify(models));
  await writeFile(join(home, 'keys.json'), JSON.stringify({ bench: KEY }));
  return { args: ['-m', 'bench', QUESTION], env: { LLM_USER_PATH: home } };
}

/** @param {string} folder @param {string} url */
async function aichatSettings(folder, url) {
  const home = join(folder, 'aichat');
  await mkdir(home, { recursive: true });
  const client = { type: 'openai-compatible', name: 'bench', api_base: url, api_key: KEY, models: [{ name: 'bench/model' }] };
  await writeFile(join(home, 'config.yaml'), JSON.stringify({ model: 'bench:bench/model', stream: true, clients: [client] }));
  return { args: [QUESTION], env: { AICHAT_CONFIG_DIR: home } };
}
