import { OrxError } from '../../errors.ts';

export interface Interrupts {
  /** Aborted by the first Ctrl-C outside of `interruptible` work, by any other signal that ends a process, and by `end`. */
  signal: AbortSignal;
  /**
   * Runs work that Ctrl-C stops without ending the process: see Context.interruptible. Such work can be nested; Ctrl-C stops the
   * innermost work that is not stopped yet.
   */
  interruptible: <T>(work: (signal: AbortSignal, skipLookUps: AbortSignal) => Promise<T>) => Promise<T>;
  /** Runs work during which another program owns the terminal and receives Ctrl-C. */
  shielded: <T>(work: () => Promise<T>) => Promise<T>;
  /**
   * Stops the innermost interruptible work, or all of it. Returns false if all of it is already being stopped. Never ends the
   * process.
   */
  stop: (which: 'innermost' | 'all') => boolean;
  /** Does what Ctrl-C does, for when the terminal sends no signal for it. */
  interrupt: () => void;
  /** Makes SIGHUP do this work instead of ending the process. */
  onHangup: (work: () => void) => void;
  /** Aborts `signal` and all running work. */
  end: (reason: unknown) => void;
}

interface Layer {
  stop: AbortController;
  skipLookUps: AbortController;
}

/**
 * Signals other than Ctrl-C that end a process unless it handles them. Node reserves SIGUSR1 for its debugger, and faults such as
 * SIGSEGV.
 */
const ENDING_SIGNALS: readonly NodeJS.Signals[] = [
  'SIGTERM',
  'SIGHUP',
  'SIGQUIT',
  'SIGUSR2',
  'SIGALRM',
  'SIGVTALRM',
  'SIGXCPU',
  'SIGXFSZ',
  'SIGIO',
  'SIGPWR',
  'SIGSYS',
  'SIGTRAP',
  'SIGABRT',
  'SIGSTKFLT',
  'SIGBREAK',
];
/** Time for an orderly end after a signal; then the process exits with the terminal restored. */
const GRACE_MS = 10_000;

/**
 * Returns handlers for Ctrl-C and other signals. Ctrl-C stops running work, so that it can save and report what it has: first the
 * innermost work, then the work around it, then the look-ups that follow stopped work. When nothing is left to stop, it ends the
 * process at once. The abort reason is an OrxError of kind `interrupted`.
 */
export function listenForInterrupts(): Interrupts {
  const run = new AbortController();
  /** Innermost first. Work does not always end in the reverse order of its start. */
  let layers: readonly Layer[] = [];
  let shields = 0;

  const targets = (): readonly AbortController[] => {
    const waiting = [...layers.map(({ stop }) => stop), ...layers.map(({ skipLookUps }) => skipLookUps)];
    return waiting.filter(({ signal }) => !signal.aborted);
  };
  const reasonOf = (name: NodeJS.Signals): OrxError => new OrxError('stopped', { kind: 'interrupted', code: name });
  const target = (): AbortController | undefined => (layers.length > 0 ? targets()[0] : run.signal.aborted ? undefined : run);
  /** Nothing is left to stop. */
  const isOver = (): boolean => shields === 0 && target() === undefined;
  const onInterrupt = (): void => {
    if (isOver()) process.exit(130);
    if (shields === 0) target()?.abort(reasonOf('SIGINT'));
  };
  const onEnd = (name: NodeJS.Signals): void => {
    if (run.signal.aborted) process.exit(130);
    setTimeout(() => process.exit(130), GRACE_MS).unref();
    run.abort(reasonOf(name));
  };
  process.on('SIGINT', () => {
    // The terminal has written ^C behind a line that orx has not ended.
    if (isOver() && process.stderr.isTTY) process.stderr.write('\n');
    onInterrupt();
  });
  const supported = process.getBuiltinModule('node:os').constants.signals;
  for (const name of ENDING_SIGNALS) if (name in supported) process.on(name, onEnd);
  return {
    signal: run.signal,
    interrupt: onInterrupt,
    stop(which) {
      const waiting =
        which === 'all' ? layers.map(({ stop }) => stop).filter(({ signal }) => !signal.aborted) : targets().slice(0, 1);
      for (const target of waiting) target.abort(reasonOf('SIGINT'));
      return waiting.length > 0;
    },
    end: (reason) => run.abort(reason),
    onHangup(work) {
      process.off('SIGHUP', onEnd);
      process.on('SIGHUP', work);
    },
    async interruptible(work) {
      const layer: Layer = { stop: new AbortController(), skipLookUps: new AbortController() };
      layers = [layer, ...layers];
      try {
        return await work(AbortSignal.any([layer.stop.signal, run.signal]), layer.skipLookUps.signal);
      } finally {
        layers = layers.filter((other) => other !== layer);
      }
    },
    async shielded(work) {
      shields += 1;
      try {
        return await work();
      } finally {
        shields -= 1;
      }
    },
  };
}
