// A process that runs the built program again and again, one run at a time: starting Node and reading the program takes ten times longer than
// most runs. Arguments, environment, folder, streams and listeners are a run's own, as they are a process's own.
//
// The jobs of a host whose parent writes to it come from there, and its output goes back there. The jobs of one in a terminal come from a socket.
import { writeSync } from 'node:fs';
import { connect } from 'node:net';
import { Readable, Writable } from 'node:stream';

// A job that serves until it gets a signal sends its output as it comes, and its outcome at the end.
/**
 * @typedef {{ args: string[], env: Record<string, string>, folder: string, stdin?: string | Uint8Array, isServing?: boolean }} Job
 * @typedef {{ code: number, stdout: Uint8Array, stderr: Uint8Array }} Outcome
 */

const ORX = new URL('../../bin/orx.js', import.meta.url).pathname;
const { main } = await import(new URL('../../dist/main.js', import.meta.url).href);

/** @type {{ stdout: Buffer[], stderr: Buffer[] }} */
const written = { stdout: [], stderr: [] };
let isServing = false;

// The program keeps its output streams, so they outlive a run.
if (process.channel !== undefined)
  for (const name of /** @type {const} */ (['stdout', 'stderr'])) {
    const stream = new Writable({
      write(/** @type {Buffer} */ piece, _encoding, done) {
        if (isServing) process.send?.({ [name]: piece });
        else written[name].push(piece);
        // As a pipe: what is written has been taken only later.
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
    return { code, stdout: Buffer.concat(written.stdout.splice(0)), stderr: Buffer.concat(written.stderr.splice(0)) };
  } finally {
    for (const [index, emitter] of emitters.entries()) removeOthers(emitter, before[index]);
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
  // The next job comes only when this one has ended. Node's readline would end a line at U+2028 too, from version 24 on.
  socket.setEncoding('utf8').on('data', (/** @type {string} */ piece) => {
    rest += piece;
    if (!rest.endsWith('\n')) return;
    const job = JSON.parse(rest);
    rest = '';
    void run(job).then(({ code }) => writeSync(1, `${end} ${code}\n`));
  });
  socket.on('close', () => process.exit());
}
