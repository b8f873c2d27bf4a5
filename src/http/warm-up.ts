import connectH1 from 'undici/lib/dispatcher/client-h1.js';

/** One reply with everything that an answer has: the parser is one large function, compiled when it first runs. */
const REPLY = 'HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\ntransfer-encoding: chunked\r\n\r\n2\r\n:\n\r\n0\r\n\r\n';

/** Setting `--liftoff-only` also turns off the two others, and setting its opposite does not turn them on again. */
const NODES_OWN = ['--no-liftoff-only', '--wasm-tier-up', '--wasm-dynamic-tiering'];

type SetFlag = (flag: string) => void;

/**
 * Prepares undici's HTTP parser so that V8 never optimizes it. Node 20 would optimize this WebAssembly in the background and wait for it at exit,
 * which takes longer than a whole short answer; newer versions do not wait.
 *
 * In two steps: `loadParser` before the first connection, and `compileParser` before the first reply, which takes as long as a server on the same
 * machine needs for a short answer.
 */
export function loadParser(setFlag: SetFlag): void {
  unoptimized(setFlag, () => connectH1.loadParser?.());
}

/** Compiles the parser: see loadParser. */
export function compileParser(setFlag: SetFlag): void {
  unoptimized(setFlag, () => connectH1.parseOnce?.(REPLY));
}

/**
 * V8's flags are afterwards what they were: with other flags, V8 rejects the compiled code of Node's own modules, and requiring one takes three
 * times as long.
 */
function unoptimized(setFlag: SetFlag, work: () => void): void {
  setFlag('--liftoff-only');
  try {
    work();
  } finally {
    for (const flag of NODES_OWN) setFlag(flag);
  }
}
