// Process that runs the built program repeatedly, one run at a time: starting Node and loading the program takes ten times longer than
// most runs. Each run has its own arguments, environment, folder, streams and listeners, as a process has.
//
// A host with an IPC channel receives its jobs from its parent and sends the output back; its argument is another program to run. A host in a
// terminal receives its jobs from a socket.
import { constants, openSync, readSync, writeSync } from 'node:fs';
import { createRequire } from 'node:module';
import { connect } from 'node:net';
import { join } from 'node:path';
import { Readable, Writable } from 'node:stream';
import { ReadStream } from 'node:tty';
import { pathToFileURL } from 'node:url';
import { setFlagsFromString } from 'node:v8';

// A job that serves until a signal sends its output as it is written, and its outcome at the end.
/**
 * @typedef {{ args: string[], env: Record<string, string>, folder: string, stdin?: string | Uint8Array, isServing?: boolean }} Job
 * @typedef {{ code: number, stdout: Uint8Array, stderr: Uint8Array, both: Uint8Array }} Outcome
 */

const ORX = new URL('../../bin/orx.js', import.meta.url).pathname;
const require = createRequire(ORX);
const other = process.channel === undefined ? undefined : process.argv[2];
/** @type {{ main: () => Promise<number> }} */
const { main } =
  other === undefined
    ? require(join(ORX, '../../dist/start.cjs')).loadProgram(require, join(ORX, '../../dist'))
    : await import(pathToFileURL(other).href);

/** `both`: both streams, in the order of the writes. @type {{ stdout: Buffer[], stderr: Buffer[], both: Buffer[] }} */
const written = { stdout: [], stderr: [], both: [] };
let isServing = false;

// The program keeps references to its output streams, so they outlive a run.
if (process.channel !== undefined)
  for (const name of /** @type {const} */ (['stdout', 'stderr'])) {
    const stream = new Writable({
      write(/** @type {Buffer} */ piece, _encoding, done) {
        if (isServing) process.send?.({ [name]: piece });
        else for (const pieces of [written[name], written.both]) pieces.push(piece);
        // Like a pipe, calls back later, when the data has been taken.
        setImmediate(done);
      },
    });
    Object.defineProperty(process, name, { value: stream });
  }

/**
 * @param {Job} job
 * @returns {Promise<Outcome>}
 */
async function run({ args, env, folder, stdin, isServing: serves = false }) {
  isServing = serves;
  process.argv = [process.execPath, ORX, ...args];
  for (const name of Object.keys(process.env)) delete process.env[name];
  Object.assign(process.env, env);
  process.chdir(folder);
  if (stdin !== undefined)
    Object.defineProperty(process, 'stdin', { value: Readable.from([Buffer.from(stdin)]), configurable: true });
  const emitters = [process, process.stdout, process.stderr];
  const before = emitters.map((emitter) => listenersOf(emitter));
  try {
    const code = await main();
    await Promise.all([process.stdout, process.stderr].map((stream) => new Promise((resolve) => stream.write('', resolve))));
    const [stdout, stderr, both] = [written.stdout, written.stderr, written.both].map((pieces) =>
      Buffer.concat(pieces.splice(0)),
    );
    return /** @type {Outcome} */ ({ code, stdout, stderr, both });
  } finally {
    for (const [index, emitter] of emitters.entries()) removeOthers(emitter, before[index]);
    // A program restores the flags of V8 to Node's own. With other flags, V8 would reject the code that was compiled in this process before.
    for (const flag of process.execArgv) setFlagsFromString(flag);
    process.chdir('/');
  }
}

/** @param {NodeJS.EventEmitter} emitter */
function listenersOf(emitter) {
  return new Map(emitter.eventNames().map((name) => [name, new Set(emitter.rawListeners(name))]));
}

/**
 * @param {NodeJS.EventEmitter} emitter
 * @param {ReturnType<typeof listenersOf> | undefined} before
 */
function removeOthers(emitter, before) {
  for (const name of emitter.eventNames())
    for (const listener of emitter.rawListeners(name))
      if (before?.get(name)?.has(listener) !== true) emitter.removeListener(name, /** @type {() => void} */ (listener));
}

if (process.channel !== undefined) {
  process.on('message', (/** @type {Job | { signal: 'SIGINT' | 'SIGHUP' }} */ message) => {
    if ('signal' in message) process.emit(message.signal);
    else void run(message).then((outcome) => process.send?.(outcome));
  });
  process.on('disconnect', () => process.exit());
} else {
  const [socketPath = '', end] = process.argv.slice(2);
  const socket = connect(socketPath);
  let rest = '';
  // The next job arrives only after this one has ended. Node's readline would also end a line at U+2028, from version 24 on.
  socket.setEncoding('utf8').on('data', (/** @type {string} */ piece) => {
    const lines = (rest + piece).split('\n');
    rest = lines.pop() ?? '';
    for (const message of lines.map((line) => JSON.parse(line))) {
      if ('signal' in message) process.emit(message.signal);
      else void runOnTerminal(message).then((code) => writeSync(1, `\0${end} ${code}\n`));
    }
  });
  socket.on('close', () => process.exit());
  // Ctrl-C may be typed once more when the run has ended. bin/orx.js has a listener, too.
  process.on('SIGINT', () => undefined);
}

/**
 * Discards the keys that the run before has not read: this one would take them for its own.
 * @param {number} terminal
 * @param {ReadStream} stdin
 */
function discardKeys(terminal, stdin) {
  // Otherwise only whole lines could be read.
  stdin.setRawMode(true);
  try {
    while (readSync(terminal, Buffer.alloc(1024)) > 0);
  } catch (error) {
    if (/** @type {NodeJS.ErrnoException} */ (error).code !== 'EAGAIN') throw error;
  }
  stdin.setRawMode(false);
}

/**
 * Each run reads its own standard input: listeners that it leaves on it, and keys that it has not read, end with it.
 * @param {Job} job
 * @returns {Promise<number>}
 */
async function runOnTerminal(job) {
  const terminal = openSync('/dev/tty', constants.O_RDWR | constants.O_NONBLOCK);
  const stdin = new ReadStream(terminal);
  discardKeys(terminal, stdin);
  Object.defineProperty(process, 'stdin', { value: stdin, configurable: true });
  // The parent has changed the size, of which the signal may come late.
  for (const stream of [process.stdout, process.stderr])
    /** @type {{ _refreshSize: () => void }} */ (/** @type {unknown} */ (stream))._refreshSize();
  try {
    return (await run(job)).code;
  } finally {
    if (stdin.isRaw) stdin.setRawMode(false);
    stdin.destroy();
  }
}
