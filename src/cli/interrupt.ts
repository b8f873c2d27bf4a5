import { OrxError } from '../errors.ts';

export interface Interrupts {
  /** Aborted by the first Ctrl-C outside of `interruptible` work, and by SIGTERM or SIGHUP. */
  signal: AbortSignal;
  interruptible: <T>(work: (signal: AbortSignal) => Promise<T>) => Promise<T>;
  /** What Ctrl-C does, for when the terminal sends no signal for it. */
  interrupt: () => void;
}

/**
 * The first Ctrl-C stops what runs, so that it can keep what it has and say so; a second one ends the process at once. The reason
 * is an OrxError of kind `interrupted`.
 */
export function listenForInterrupts(): Interrupts {
  const run = new AbortController();
  let inner: AbortController | undefined;
  const onSignal = (name: NodeJS.Signals): void => {
    const reason = new OrxError('stopped', { kind: 'interrupted', code: name });
    const target = name === 'SIGINT' && inner !== undefined ? inner : run;
    if (target.signal.aborted) process.exit(130);
    target.abort(reason);
  };
  for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(name, onSignal);
  return {
    signal: run.signal,
    interrupt: () => onSignal('SIGINT'),
    async interruptible(work) {
      const controller = new AbortController();
      inner = controller;
      try {
        return await work(AbortSignal.any([controller.signal, run.signal]));
      } finally {
        inner = undefined;
      }
    },
  };
}
