// Measures what the gateway adds to a request, compared with a pass-through that only forwards bytes, and with Portkey,
// alternately in the same run. The gateway uses the vendor's own dialect, with a client key, a budget and the ledger enabled.
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readFileSync } from 'node:fs';
import { cp, mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { ORX } from '../support/setup.js';
import { median } from '../support/statistics.js';

const CONNECTIONS = [1, 16, 64];
const KINDS = /** @type {const} */ (['whole', 'stream']);
const ROUNDS = 3;
const RUN_MS = 2000;
/** The length of a system clock tick (`USER_HZ`), the unit of CPU times. */
const TICK_MS = 10;
const FOLDER = fileURLToPath(new URL('../gateway/', import.meta.url));
/** Target shares of Portkey's time: a fifteenth, and a fifth. */
const AGAINST_PORTKEY = { whole: 0.067, stream: 0.2 };

/**
 * A measured program.
 * @typedef {object} Measured
 * @property {string} name
 * @property {string} url
 * @property {string} model
 * @property {Record<string, string>} headers
 * @property {number} pid
 * @property {() => void} stop
 */

/** @typedef {{ perSecond: number, firstByteMs: number, processorMs: number }} Run */

/** @returns {Promise<import('../support/figures.js').Figure[]>} */
export async function measureGateway() {
  const folder = await mkdtemp(join(tmpdir(), 'orx-bench-gateway-'));
  /** @type {Measured[]} */
  const programs = [];
  const upstream = await start(process.execPath, [`${FOLDER}upstream.js`], {});
  try {
    const bare = await start(process.execPath, [`${FOLDER}pass-through.js`, upstream.line], {});
    programs.push({ name: 'bare', url: bare.line, model: 'gpt-4.1-mini', headers: {}, ...bare });
    programs.push(await startOrx(folder, upstream.line));
    const portkey = await startPortkey(folder, upstream.line);
    if (portkey !== undefined) programs.push(portkey);
    /** @type {import('../support/figures.js').Figure[]} */
    const figures = [];
    for (const kind of KINDS)
      for (const connections of CONNECTIONS) figures.push(...(await compare(programs, kind, connections)));
    return figures;
  } finally {
    for (const program of programs) program.stop();
    upstream.stop();
    await rm(folder, { recursive: true, force: true });
  }
}

/**
 * @param {readonly Measured[]} programs
 * @param {'whole' | 'stream'} kind
 * @param {number} connections
 * @returns {Promise<import('../support/figures.js').Figure[]>}
 */
async function compare(programs, kind, connections) {
  /** @type {Map<string, Run[]>} */
  const runs = new Map(programs.map(({ name }) => [name, []]));
  for (let round = 0; round < ROUNDS; round += 1)
    for (const program of programs) runs.get(program.name)?.push(await load(program, kind, connections));
  /** @param {string} name @param {keyof Run} what */
  const middle = (name, what) => median((runs.get(name) ?? []).map((run) => run[what]));
  /** @param {string} name */
  const microseconds = (name) => 1000 / middle(name, 'perSecond');
  const what = `${kind === 'whole' ? 'JSON' : 'stream'}, ${connections} connection${connections === 1 ? '' : 's'}`;
  /** @type {import('../support/figures.js').Figure[]} */
  const figures = [
    {
      what: `gateway: time of a request, ${what}`,
      figure: microseconds('orx'),
      unit: 'ms',
      against: { name: 'pass-through', figure: microseconds('bare') },
      aim: { limit: 1.67 },
    },
    {
      what: `gateway: processor time of a request, ${what}`,
      figure: middle('orx', 'processorMs'),
      unit: 'ms',
      against: { name: 'pass-through', figure: middle('bare', 'processorMs') },
      aim: { limit: 2.5 },
    },
    {
      what: `gateway: added time to the first byte, ${what}`,
      figure: middle('orx', 'firstByteMs') - middle('bare', 'firstByteMs'),
      unit: 'ms',
      ...(connections === 1 && { aim: { limit: 1 } }),
    },
  ];
  if (runs.has('Portkey'))
    figures.push({
      what: `gateway: time of a request, ${what}`,
      figure: microseconds('orx'),
      unit: 'ms',
      against: { name: 'Portkey', figure: microseconds('Portkey') },
      aim: { limit: AGAINST_PORTKEY[kind] },
    });
  return figures;
}

/**
 * @param {Measured} program
 * @param {'whole' | 'stream'} kind
 * @param {number} connections
 * @returns {Promise<Run>}
 */
async function load({ url, model, headers, pid }, kind, connections) {
  const before = processorMsOf(pid);
  const child = spawn(
    process.execPath,
    [`${FOLDER}load.js`, `${url}/v1/chat/completions`, String(connections), kind, String(RUN_MS), JSON.stringify(headers)],
    { stdio: ['ignore', 'pipe', 'inherit'], env: { ...process.env, BENCH_MODEL: model } },
  );
  const [line] = await once(createInterface(child.stdout), 'line');
  const { done, all, failure, seconds, firstByteMs } = JSON.parse(line);
  if (failure !== '') throw new Error(`${url} gave a wrong answer: ${failure}`);
  return { perSecond: done / seconds, firstByteMs, processorMs: (processorMsOf(pid) - before) / all };
}

/** Of all threads, user and system time. @param {number} pid */
function processorMsOf(pid) {
  const fields = readFileSync(`/proc/${pid}/stat`, 'utf8')
    .replace(/^.*\) /, '')
    .split(' ');
  return (Number(fields[11]) + Number(fields[12])) * TICK_MS;
}

/**
 * @param {string} folder
 * @param {string} upstream
 * @returns {Promise<Measured>}
 */
async function startOrx(folder, upstream) {
  const home = join(folder, 'orx');
  await mkdir(home);
  const env = {
    PATH: process.env['PATH'] ?? '',
    HOME: home,
    ORX_HOME: home,
    OPENAI_API_KEY: 'sk-bench',
    OPENAI_BASE_URL: `${upstream}/v1`,
  };
  const run = (/** @type {readonly string[]} */ args) => spawnSync(process.execPath, [ORX, ...args], { env, encoding: 'utf8' });
  const created = run(['serve', 'keys', 'add', 'bench', '--budget', '1000/day', '--json']);
  const { key } = JSON.parse(created.stdout);
  const started = await start(process.execPath, [ORX, 'serve', '--port', '0', '-q'], env);
  return {
    ...started,
    name: 'orx',
    url: new URL(started.line).origin,
    model: 'openai:gpt-4.1-mini',
    headers: { authorization: `Bearer ${key}` },
  };
}

/**
 * Returns undefined when Portkey cannot be installed.
 * @param {string} folder
 * @param {string} upstream
 * @returns {Promise<Measured | undefined>}
 */
async function startPortkey(folder, upstream) {
  const place = join(folder, 'portkey');
  await cp(`${FOLDER}portkey`, place, { recursive: true });
  spawnSync('npm', ['install', '--ignore-scripts', '--no-audit', '--no-fund'], { cwd: place });
  const program = join(place, 'node_modules/@portkey-ai/gateway/build/start-server.js');
  if (!existsSync(program)) {
    process.stderr.write('Portkey cannot be installed: its rows are left out\n');
    return undefined;
  }
  const port = 20_000 + Math.floor(Math.random() * 20_000);
  const child = spawn(process.execPath, [program, `--port=${port}`, '--headless'], { stdio: 'ignore' });
  const url = `http://127.0.0.1:${port}`;
  for (let tries = 0; ; tries += 1) {
    if (
      await fetch(url).then(
        () => true,
        () => false,
      )
    )
      break;
    if (tries > 200) throw new Error('Portkey does not answer');
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  return {
    name: 'Portkey',
    url,
    model: 'gpt-4.1-mini',
    headers: { 'x-portkey-provider': 'openai', 'x-portkey-custom-host': `${upstream}/v1` },
    pid: child.pid ?? 0,
    stop: () => void child.kill('SIGKILL'),
  };
}

/**
 * @param {string} program
 * @param {readonly string[]} args
 * @param {Record<string, string>} env
 */
async function start(program, args, env) {
  const child = spawn(program, args, {
    stdio: ['pipe', 'pipe', 'inherit'],
    env: Object.keys(env).length === 0 ? process.env : env,
  });
  const [line] = await Promise.race([
    once(createInterface(child.stdout), 'line'),
    once(child, 'exit').then(() => Promise.reject(new Error(`${args[0]} ended before it began`))),
  ]);
  return { line: String(line), pid: child.pid ?? 0, stop: () => void child.kill('SIGKILL') };
}
