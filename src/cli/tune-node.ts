let isLasting = false;

/**
 * Keeps Node's defaults, because a server runs long enough to benefit from optimized code. Call this before the first connection.
 */
export function tuneForServer(): void {
  isLasting = true;
}

/**
 * Prepares the HTTP parser in one of its steps: `loadParser` or `compileParser`. Importing them here would load undici for every command, also for
 * those that need no network.
 */
export function tuneParser(nodeVersion: string, prepare: (setFlag: (flag: string) => void) => void): void {
  if (!isLasting && majorOf(nodeVersion) < 22) prepare(setFlag);
}

/**
 * Node 22 and newer let the heap grow further before they collect garbage: an answer of 100 MB in a pipe then takes more than three
 * times its size. With `--optimize-for-size` they take 2.4 times its size, and a tenth more CPU time. Call this once the answer is
 * known to be long, because with other flags V8 rejects the compiled code of Node's own modules, which a short answer still needs.
 */
export function tuneForLongReply(nodeVersion: string, isTerminal: boolean): void {
  if (!isLasting && !isTerminal && majorOf(nodeVersion) >= 22) setFlag('--optimize-for-size');
}

/** Up to this many answers, Node 20 takes longer to optimize code than it saves. */
const FEW_ANSWERS = 2000;
const [NO_OPTIMIZING, OPTIMIZING] = ['--no-opt', '--opt'];
const [STEADY, GROWING] = ['--semi-space-growth-factor=1', '--semi-space-growth-factor=2'];
const [LITTLE_INLINED, MUCH_INLINED] = [200, 920].map((size) => `--max-inlined-bytecode-size-cumulative=${size}`) as [
  string,
  string,
];
const [PATIENT, NODES_OWN] = ['--interrupt-budget=528000', '--interrupt-budget=67584'];

/**
 * Lets Node 20 optimize no more functions, if this number of answers that are alike come. Call this after the first answer: what
 * handles answers is loaded then, and V8 rejects compiled code while its flags are different. Returns a function that restores them.
 */
export function tuneForManyAnswers(nodeVersion: string, answers: number): () => void {
  return answers > FEW_ANSWERS ? () => undefined : setMeanwhile(nodeVersion, [NO_OPTIMIZING], [OPTIMIZING]);
}

/**
 * Lets Node 20 optimize only functions that run often, while a long answer arrives: for most answers, optimizing what reads, writes or
 * draws them takes longer than it saves. Call this when everything that the answer needs is loaded, as `tuneForManyAnswers`. Returns a
 * function that restores the flags.
 */
export function tuneForLongAnswer(nodeVersion: string): () => void {
  return setMeanwhile(nodeVersion, [PATIENT], [NODES_OWN]);
}

/**
 * Lets Node 20 keep its space for new objects as it is, up to 16 MB of which would be filled before V8 collects what nobody uses any more, and
 * optimize functions without many of those that they call, which takes megabytes. Only while little of what arrives is kept: more of it would
 * survive each collection of a small space, and then longer. Returns a function that restores the flags.
 */
export function tuneForMemory(nodeVersion: string): () => void {
  return setMeanwhile(nodeVersion, [STEADY, LITTLE_INLINED], [GROWING, MUCH_INLINED]);
}

function setMeanwhile(nodeVersion: string, flags: readonly string[], own: readonly string[]): () => void {
  if (majorOf(nodeVersion) >= 22) return () => undefined;
  flags.forEach(setFlag);
  return () => own.forEach(setFlag);
}

/** Sets a flag of V8. On Node 20, loading node:v8 for that would take 2 ms; newer versions no longer have the other way. */
function setFlag(flag: string): void {
  const { binding, noDeprecation } = process as unknown as { binding?: (name: string) => Binding; noDeprecation?: boolean };
  if (majorOf(process.versions.node) >= 22 || binding === undefined) {
    process.getBuiltinModule('node:v8').setFlagsFromString(flag);
    return;
  }
  process.noDeprecation = true;
  try {
    binding('v8').setFlagsFromString(flag);
  } finally {
    process.noDeprecation = noDeprecation ?? false;
  }
}

interface Binding {
  setFlagsFromString: (flag: string) => void;
}

function majorOf(nodeVersion: string): number {
  return Number.parseInt(nodeVersion, 10);
}
