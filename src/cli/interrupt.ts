import { OrxError } from '../errors.ts';
import { drawing } from '../output/terminal-border.ts';

const SHOW_CURSOR = '\u001b[?25h';

export interface Interrupts {
  /** Aborted by the first Ctrl-C outside of `interruptible` work, and by SIGTERM or SIGHUP. */
  signal: AbortSignal;
  /** Its first Ctrl-C aborts `signal`, its second `hurry`; see Context.interruptible. */
  interruptible: <T>(work: (signal: AbortSignal, hurry: AbortSignal) => Promise<T>) => Promise<T>;
  /** What Ctrl-C does, for when the terminal sends no signal for it. */
  interrupt: () => void;
}

/**
 * The first Ctrl-C stops what runs, so that it can keep what it has and say so; a second one ends the process at once. The reason
 * is an OrxError of kind `interrupted`.
 */
export function listenForInterrupts(stdout: () => NodeJS.WriteStream): Interrupts {
  const run = new AbortController();
  let inner: readonly AbortController[] = [];
  const onSignal = (name: NodeJS.Signals): void => {
    const reason = new OrxError('stopped', { kind: 'interrupted', code: name });
    const targets = name === 'SIGINT' && inner.length > 0 ? inner : [run];
    const target = targets.find(({ signal }) => !signal.aborted);
    if (target === undefined) process.exit(130);
    target.abort(reason);
  };
  for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(name, onSignal);
  // Ink hides the cursor while it draws; whoever suspends orx with Ctrl-Z needs it.
  process.on('SIGTSTP', () => {
    if (stdout().isTTY) drawing(stdout()).write(SHOW_CURSOR);
    process.kill(process.pid, 'SIGSTOP');
  });
  return {
    signal: run.signal,
    interrupt: () => onSignal('SIGINT'),
    async interruptible(work) {
      const [stop, hurry] = [new AbortController(), new AbortController()];
      inner = [stop, hurry];
      try {
        return await work(AbortSignal.any([stop.signal, run.signal]), hurry.signal);
      } finally {
        inner = [];
      }
    },
  };
}
