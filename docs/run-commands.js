// Runs the command lines of a page against the sandbox, in a folder that looks like a small project.
import { spawn, spawnSync } from 'node:child_process';
import { chmodSync, cpSync, mkdirSync, writeFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const ROOT = fileURLToPath(new URL('../', import.meta.url));
/** One red pixel. */
const PIXEL = 'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mP8z8DwHwAFBQIAX8jx0gAAAABJRU5ErkJggg==';

/** Files that the pages name. @type {Readonly<Record<string, string>>} */
const FILES = {
  'spec.md': '# Search\n\nUsers find an order by its number or by a part of the name of the customer.\n',
  'report.txt': 'Sales rose by four percent in March, mostly in the north.\n'.repeat(20),
  'error.log': '12:00:01 ERROR pool exhausted after 30 s\n12:00:02 WARN retrying\n',
  'invoice.txt': 'Invoice 4711 of ACME Ltd, 2026-03-01, total 99.50 EUR\n',
  'src/app.ts': 'export const port = 8080;\n',
  'review.md': '---\ndescription: Review a change\n---\nReview this change:\n\n{{input}}\n',
  'person.json': '{"type":"object","properties":{"name":{"type":"string"}},"required":["name"]}\n',
  'gateway.yaml': 'models:\n  fast: openai/gpt-4o-mini\n',
  'cases.csv': 'question,answer\nWhat is the capital of France?,Paris\nWhat is 2 + 2?,4\n',
  'tools.yaml': 'tools:\n  today:\n    description: Tells the date.\n    command: [date]\n    read-only: true\n',
};

/**
 * Makes the project below `home` and returns its folder and the environment of its commands.
 * @param {string} home
 * @param {{ speed: number }} options how much faster than real the sandbox answers
 * @returns {{ folder: string, env: Record<string, string> }}
 */
export function makeProject(home, { speed }) {
  const folder = join(home, 'project');
  for (const path of ['project/src', 'project/docs', 'bin']) mkdirSync(join(home, path), { recursive: true });
  for (const [name, text] of Object.entries(FILES)) writeFileSync(join(folder, name), text);
  for (const name of ['photo.png', 'chart.png']) writeFileSync(join(folder, name), Buffer.from(PIXEL, 'base64'));
  for (const name of ['README.md', 'docs/security.md']) cpSync(join(ROOT, name), join(folder, name));
  for (const name of ['examples']) cpSync(join(ROOT, name), join(folder, name), { recursive: true });
  writeFileSync(join(home, 'bin/orx'), `#!/bin/sh\nexec "${process.execPath}" "${ROOT}bin/orx.js" "$@"\n`);
  chmodSync(join(home, 'bin/orx'), 0o755);
  const path = `${join(home, 'bin')}${delimiter}${process.env['PATH']}`;
  const env = {
    PATH: path,
    HOME: home,
    ORX_HOME: join(home, 'orx'),
    ORX_CODE_CACHE: process.env['ORX_CODE_CACHE'] ?? '',
    TZ: 'UTC',
    LANG: 'C.UTF-8',
    ORX_SANDBOX: '1',
    ORX_SANDBOX_SPEED: String(speed),
  };
  const git = (/** @type {string[]} */ ...args) => spawnSync('git', args, { cwd: folder, env });
  git('init', '-q');
  git('add', 'src', 'spec.md');
  git('-c', 'user.name=a', '-c', 'user.email=a@example.com', 'commit', '-qm', 'Add the search');
  writeFileSync(join(folder, 'src/app.ts'), 'export const port = 9090;\n');
  return { folder, env };
}

/**
 * Runs a line in a shell. Its output is both streams, in the order in which it came.
 * @param {string} line
 * @param {{ folder: string, env: Record<string, string> }} project
 * @returns {Promise<{ code: number | null, output: string }>}
 */
export function runLine(line, { folder, env }) {
  const child = spawn('sh', ['-c', `exec 2>&1\n${line}`], { cwd: folder, env, stdio: ['ignore', 'pipe', 'inherit'] });
  let output = '';
  child.stdout.on('data', (piece) => (output += String(piece)));
  return new Promise((resolve) =>
    child.on('close', (code) => resolve({ code, output: output.replaceAll(String(env['HOME']), '~') })),
  );
}

/**
 * Starts the gateway of a line such as `orx serve --config gateway.yaml` on a free port. Resolves to its host and what ends it.
 * @param {string} line
 * @param {{ folder: string, env: Record<string, string> }} project
 * @returns {Promise<{ host: string, stop: () => Promise<void> }>}
 */
export function startGateway(line, { folder, env }) {
  const child = spawn('sh', ['-c', `exec ${line} --port 0`], { cwd: folder, env, stdio: ['ignore', 'pipe', 'pipe'] });
  const ended = new Promise((resolve) => child.on('close', resolve));
  let output = '';
  return new Promise((resolve, reject) => {
    const read = (/** @type {Buffer} */ piece) => {
      output += String(piece);
      const [, host] = /http:\/\/(127\.0\.0\.1:\d+)/.exec(output) ?? [];
      const stop = async () => {
        child.kill('SIGINT');
        await ended;
      };
      if (host !== undefined) resolve({ host, stop });
    };
    child.stdout.on('data', read);
    child.stderr.on('data', read);
    void ended.then(() => reject(new Error(`${line} ended: ${output}`)));
  });
}

/**
 * The project for one line. The sandbox simulates only OpenRouter and takes no configuration: lines with vendors or a configuration run without
 * it, with an address of OpenRouter that cannot be reached.
 * @param {string} line
 * @param {{ folder: string, env: Record<string, string> }} project
 */
function projectFor(line, project) {
  if (!/^orx .*(?:\s[a-z]+:[a-z]|--config |\bvendors add )/.test(line)) return project;
  const nowhere = {
    ORX_SANDBOX: '0',
    OPENROUTER_API_KEY: 'sk-or-v1-0123456789abcdef',
    OPENROUTER_BASE_URL: 'http://127.0.0.1:9',
  };
  return { ...project, env: { ...project.env, ...nowhere } };
}

/** @param {string} line */
export const startsGateway = (line) => /^orx (--sandbox )?serve(?! keys)(?!.*--check-config)/.test(line);

/** @typedef {{ command: import('./command-blocks.js').Command, code: number | null, output: string }} Outcome */

/**
 * Runs the command lines of one page in order, those of a block with one gateway, and gives each outcome.
 * @param {readonly import('./command-blocks.js').Command[]} commands
 * @param {{ folder: string, env: Record<string, string> }} project
 * @param {typeof runLine} [run] how a line runs. Default: in a shell
 * @returns {Promise<Outcome[]>}
 */
export async function runCommands(commands, project, run = runLine) {
  /** @type {Outcome[]} */
  const outcomes = [];
  /** @type {{ host: string, block: number, stop: () => Promise<void> } | undefined} */
  let gateway;
  for (const command of commands.filter(({ needs }) => needs === undefined)) {
    const line = command.line.replace(/\s+# .*$/, '');
    if (gateway !== undefined && gateway.block !== command.block) {
      await gateway.stop();
      gateway = undefined;
    }
    if (startsGateway(line)) {
      await gateway?.stop();
      gateway = { ...(await startGateway(line, projectFor(line, project))), block: command.block };
      outcomes.push({ command, code: 0, output: `http://${gateway.host}/v1` });
      continue;
    }
    const told = gateway === undefined ? line : line.replaceAll('127.0.0.1:4141', gateway.host);
    outcomes.push({ command, ...(await run(told, projectFor(told, project))) });
  }
  await gateway?.stop();
  return outcomes;
}
