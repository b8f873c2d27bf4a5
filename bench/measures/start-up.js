// Measures the time before the output of orx, and its processor time, compared with the minimum for Node to start and exit
// (`node -e 0`): over http and https, directly and through a relay with the round trip of a real network, in a pipe and on a
// terminal.
import { readdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { middleAndLeast } from '../support/figures.js';
import { startHelper } from '../support/helper.js';
import { withResourceUsage } from '../support/resource-usage.js';
import { runInPipe } from '../support/run-in-pipe.js';
import { runInTerminal, visible } from '../support/run-in-terminal.js';
import { CHAT, ORX } from '../support/setup.js';
import { MARKS } from '../support/start-up-table.js';
import { runsInTurn } from '../support/statistics.js';

/** @typedef {import('../support/start-up-table.js').Mark} Mark */
/** @typedef {import('../support/figures.js').Figure} Figure */
/** @typedef {import('../support/targets.js').TargetName} TargetName */

/**
 * A measured command.
 * @typedef {object} Program
 * @property {string} name
 * @property {readonly string[]} args
 * @property {Record<string, string>} env
 * @property {'a pipe' | 'a terminal'} output
 * @property {(output: string) => boolean} isRight
 * @property {() => Promise<void>} [prepare] Called before each run.
 * @property {readonly Mark[]} marks What is worth stating of it.
 * @property {Partial<Record<Mark, TargetName>>} [targets]
 */

/** @typedef {Partial<Record<Mark, number>>} Times In milliseconds. */

const NODE = { 'a pipe': 'node -e 0', 'a terminal': 'node -e 0 on a terminal' };
/** Of the relay: to connect and to be answered, and over TLS 1.3 one more for its handshake. */
const NETWORK_MS = { http: 80, https: 120 };
const MODELS = 500;

/** @type {readonly Mark[]} */
const TO_ITS_END = ['end', 'CPU to end'];
/** @type {readonly Mark[]} */
const OF_OUTPUT = ['first byte', 'last byte', 'end', 'CPU to first', 'CPU to end'];
/** @type {readonly Mark[]} */
const OF_LINES = ['first byte', 'first line', 'last byte', 'end', 'CPU to first', 'CPU to end'];
/** @type {readonly Mark[]} */
const OF_FRAMES = ['first line', 'first frame', 'last byte', 'end', 'CPU to first', 'CPU to end'];

/**
 * @param {import('../support/setup.js').Setup} setup
 * @returns {Promise<Figure[]>}
 */
export async function measureStartUp(setup) {
  const relay = await startHelper('relay.js', [new URL(setup.origins.http).port, new URL(setup.origins.https).port]);
  try {
    /** @type {[number, number]} */
    const [http, https] = JSON.parse(relay.line);
    const programs = await programsOf(setup, { http: `http://127.0.0.1:${http}`, https: `https://127.0.0.1:${https}` });
    // Processor times are taken in separate rounds, because the hook that reports them takes time itself.
    const times = await runsInTurn(
      setup.rounds,
      runsOf(programs, (program) => timesOf(program, setup.folder)),
    );
    const processor = await runsInTurn(
      setup.rounds,
      runsOf(programs, (program) => processorTimesOf(program, setup.folder)),
    );
    const figures = programs.flatMap((program) => figuresOf(program, { ...times }, { ...processor }));
    return [...figures, ...beyondTheNetwork(times)];
  } finally {
    relay.stop();
  }
}

/**
 * @param {import('../support/setup.js').Setup} setup
 * @param {{ http: string, https: string }} relayed Origins behind the relay.
 * @returns {Promise<Program[]>}
 */
async function programsOf({ folder, origins, authority, environment }, relayed) {
  const models = environment({ tokens: MODELS, eventsPerWrite: 1, pauseUs: 0 });
  const list = await runInPipe([ORX, 'models', '--static', '--refresh'], { cwd: folder, env: models });
  if (!isListOfModels(list.output)) throw new Error(`orx models did not list ${MODELS} models`);
  const isFile = join(folder, 'is-a-file');
  await writeFile(isFile, '');
  // As a user does whose company has an authority of its own. Node's own authorities are used in the row after it, as for the real
  // API: they do not know the bench's server, so there Node verifies its certificate, fails, and continues.
  const trusting = [...CHAT, '--ca-cert', authority];
  const unverified = { NODE_TLS_REJECT_UNAUTHORIZED: '0' };
  const price = [ORX, 'price', 'deepseek/chat-1', '--in', '1200', '--out', '400'];
  const forgetEndpoints = async () => {
    const cache = join(folder, 'cache');
    for (const file of await readdir(cache)) if (file.startsWith('endpoints-')) await rm(join(cache, file));
  };

  /** @param {string} name @param {readonly string[]} args @param {Record<string, string>} env @param {Program['targets']} [targets] */
  const piped = (name, args, env, targets) =>
    program(`orx chat in a pipe, ${name}`, args, env, 'a pipe', isShortAnswer, OF_LINES, targets);
  /** @param {string} name @param {readonly string[]} args @param {Record<string, string>} env @param {Program['targets']} [targets] */
  const drawn = (name, args, env, targets) =>
    program(`orx chat on a terminal, ${name}`, args, env, 'a terminal', hasShortAnswer, OF_FRAMES, targets);
  /** @param {string} name @param {readonly string[]} args @param {Program['isRight']} isRight @param {TargetName} [target] */
  const plain = (name, args, isRight, target) =>
    program(name, args, models, 'a pipe', isRight, OF_OUTPUT, target && { end: target });

  return [
    program(NODE['a pipe'], ['-e', '0'], environment(), 'a pipe', isNothing, TO_ITS_END),
    plain('orx --version', [ORX, '--version'], isSomething, 'version'),
    plain('orx --help', [ORX, '--help'], isSomething, 'help'),
    piped('http', CHAT, environment(), { 'first byte': 'chat-http' }),
    piped(
      'http, without compiled code',
      CHAT,
      { ...environment(), ORX_CODE_CACHE: isFile },
      { 'first byte': 'chat-without-cache' },
    ),
    piped('https, --ca-cert', trusting, environment(undefined, origins.https), { 'first byte': 'chat-https' }),
    piped('https', CHAT, { ...environment(undefined, origins.https), ...unverified }, { 'first byte': 'chat-https' }),
    piped('http, 40 ms away', CHAT, environment(undefined, relayed.http)),
    piped('https, 40 ms away', CHAT, { ...environment(undefined, relayed.https), ...unverified }),
    plain('orx models --static', [ORX, 'models', '--static'], isListOfModels, 'models-static'),
    { ...plain('orx price', price, isPrice, 'price'), prepare: forgetEndpoints },
    plain('orx price, stored endpoints', price, isPrice),
    plain('orx usage', [ORX, 'usage'], isSomething, 'usage'),
    program(NODE['a terminal'], ['-e', '0'], environment(), 'a terminal', isNothing, TO_ITS_END),
    drawn('http', CHAT, environment(), { 'first line': 'first-line', 'first frame': 'first-frame' }),
    drawn('https', CHAT, { ...environment(undefined, origins.https), ...unverified }),
  ];
}

/**
 * @param {string} name
 * @param {readonly string[]} args
 * @param {Record<string, string>} env
 * @param {Program['output']} output
 * @param {Program['isRight']} isRight
 * @param {readonly Mark[]} marks
 * @param {Program['targets']} [targets]
 * @returns {Program}
 */
function program(name, args, env, output, isRight, marks, targets) {
  return { name, args, env, output, isRight, marks, ...(targets !== undefined && { targets }) };
}

/** @param {string} output */
function isNothing(output) {
  return output === '';
}

/** @param {string} output */
function isSomething(output) {
  return output.trim() !== '';
}

/** @param {string} output */
function isShortAnswer(output) {
  return output === ' the\n';
}

/** @param {string} output */
function hasShortAnswer(output) {
  return visible(output).includes('the');
}

/** @param {string} output */
function isListOfModels(output) {
  return output.trimEnd().split('\n').length === MODELS + 1;
}

/** @param {string} output */
function isPrice(output) {
  return output.includes('deepseek/chat-1') && output.includes('$');
}

/**
 * @param {readonly Program[]} programs
 * @param {(program: Program) => Promise<Times>} run
 */
function runsOf(programs, run) {
  return Object.fromEntries(
    programs.map((each) => [
      each.name,
      async () => {
        await each.prepare?.();
        return run(each);
      },
    ]),
  );
}

/**
 * @param {Program} program
 * @param {string} cwd
 * @returns {Promise<Times>}
 */
async function timesOf({ name, args, env, output, isRight }, cwd) {
  const run = output === 'a pipe' ? await runInPipe(args, { cwd, env }) : await runInTerminal(args, { cwd, env });
  if (!isRight(run.output)) throw new Error(`${name} printed ${JSON.stringify(run.output.slice(0, 1000))}`);
  return {
    'first line': run.firstLineMs,
    'last byte': run.lastByteMs,
    end: run.wholeMs,
    ...('firstByteMs' in run ? { 'first byte': run.firstByteMs } : { 'first frame': run.firstFrameMs }),
  };
}

/**
 * @param {Program} program
 * @param {string} cwd
 * @returns {Promise<Times>}
 */
async function processorTimesOf({ args, env, output }, cwd) {
  const run =
    output === 'a pipe'
      ? await withResourceUsage(runInPipe, args, { cwd, env, countsFirstByte: true })
      : await withResourceUsage(runInTerminal, args, { cwd, env, countsFirstFrame: true });
  const toFirst = 'firstByteMs' in run ? run.firstByteProcessorMs : run.firstFrameProcessorMs;
  return { 'CPU to end': run.processorMs, ...(toFirst !== undefined && { 'CPU to first': toFirst }) };
}

/**
 * @param {Program} program
 * @param {Readonly<Record<string, Times[]>>} times Of all programs.
 * @param {Readonly<Record<string, Times[]>>} processor
 * @returns {Figure[]}
 */
function figuresOf({ name, output, marks, targets = {} }, times, processor) {
  const base = NODE[output];
  return MARKS.filter((mark) => marks.includes(mark)).flatMap((mark) => {
    const isProcessor = mark.startsWith('CPU');
    const all = isProcessor ? processor : times;
    const values = valuesOf(all[name], mark);
    const baseline = { name: base, values: valuesOf(all[base], isProcessor ? 'CPU to end' : 'end') };
    // Without /proc, processor times are known only at the end.
    if (values.length === 0) return [];
    const target = targets[mark];
    return [
      {
        what: `${name}: ${mark}`,
        ...middleAndLeast(values, name === base ? undefined : baseline),
        unit: /** @type {const} */ ('ms'),
        startUp: { program: name, mark },
        ...(target !== undefined && { target }),
      },
    ];
  });
}

/**
 * @param {readonly Times[] | undefined} runs
 * @param {Mark} mark
 * @returns {number[]}
 */
function valuesOf(runs, mark) {
  return (runs ?? []).map((run) => run[mark]).filter((value) => value !== undefined);
}

/**
 * Returns how much of the first byte's time through the relay is not the network's own, compared with the time without it: less
 * than all of it if orx works while the network does.
 * @param {Readonly<Record<string, Times[]>>} times
 * @returns {Figure[]}
 */
function beyondTheNetwork(times) {
  return /** @type {const} */ (['http', 'https']).map((protocol) => {
    const name = `orx chat in a pipe, ${protocol}`;
    const away = valuesOf(times[`${name}, 40 ms away`], 'first byte').map((ms) => ms - NETWORK_MS[protocol]);
    const here = { name: 'without the relay', values: valuesOf(times[name], 'first byte') };
    return { what: `${name}, 40 ms away: first byte, more than the network`, ...middleAndLeast(away, here), unit: 'ms' };
  });
}
