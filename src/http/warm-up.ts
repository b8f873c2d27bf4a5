import connectH1 from 'undici/lib/dispatcher/client-h1.js';

/** One reply with everything that an answer has: the parser is one large function, compiled when it first runs. */
const REPLY = 'HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\ntransfer-encoding: chunked\r\n\r\n2\r\n:\n\r\n0\r\n\r\n';

/** Setting `--liftoff-only` also turns off the two others, and setting its opposite does not turn them on again. */
const NODES_OWN = ['--no-liftoff-only', '--wasm-tier-up', '--wasm-dynamic-tiering'];

/**
 * Compiles undici's HTTP parser so that V8 never optimizes it. Node 20 would optimize this WebAssembly in the background and wait
 * for it at exit, which takes longer than a whole short answer; newer versions do not wait.
 *
 * V8's flags are afterwards what they were: with other flags, V8 rejects the compiled code of Node's own modules, and requiring
 * one takes three times as long.
 */
export function warmUpParser(setFlag: (flag: string) => void): void {
  setFlag('--liftoff-only');
  try {
    connectH1.parseOnce?.(REPLY);
  } finally {
    for (const flag of NODES_OWN) setFlag(flag);
  }
}
