let isLasting = false;

/**
 * Keeps Node's defaults, because a server runs long enough to benefit from optimized code. Call this before the first connection.
 */
export function tuneForServer(): void {
  isLasting = true;
}

/**
 * Call this before the first connection is used. `warmUp` is `warmUpParser`: importing it here would load undici for every command, also for those
 * that need no network.
 */
export function tuneNode(nodeVersion: string, warmUp: (setFlag: (flag: string) => void) => void): void {
  if (!isLasting && majorOf(nodeVersion) < 22) warmUp(setFlag);
}

/**
 * Node 22 and newer let the heap grow further before they collect garbage: an answer of 100 MB in a pipe then takes more than three
 * times its size. With `--optimize-for-size` they take 2.4 times its size, and a tenth more CPU time. Call this once the answer is
 * known to be long, because with other flags V8 rejects the compiled code of Node's own modules, which a short answer still needs.
 */
export function tuneForLongReply(nodeVersion: string, isTerminal: boolean): void {
  if (!isLasting && !isTerminal && majorOf(nodeVersion) >= 22) setFlag('--optimize-for-size');
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
