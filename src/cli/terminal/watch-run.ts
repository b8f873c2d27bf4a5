import { OrxError } from '../../errors.ts';
import { EXIT_CODES } from '../exit-codes.ts';

/** What the watch can do with a command that runs. */
export interface WatchedRun {
  /** Aborts all that the command does: what has arrived of an answer is stored, and its ledger entry is settled. */
  stop: (reason: unknown) => void;
  /** Whether the command has asked a model, so that there may be a cost to record before the process ends. */
  hasAsked: () => boolean;
}

export interface RunWatch {
  attach: (run: WatchedRun) => void;
  /** Whether the watch has stopped the command, and told of it where there is something to tell. */
  hasStopped: () => boolean;
  /** The command is over: the exit code that it ends with, if the watch has stopped it. */
  end: () => number | undefined;
}

/** How long a stopped command may take to keep what it has: a lookup of a cost takes up to 2.5 s. */
const GRACE_MS = 6000;
/** What a write to a pipe or socket fails with when nobody reads it. */
const UNREAD: ReadonlySet<string | undefined> = new Set(['EPIPE', 'ECONNRESET']);

/**
 * Watches for what ends a command from outside its own flow, and stops it in an orderly way:
 *
 * - a failure that nothing caught: `tell` prints it, once and short, and the exit code is 1;
 * - output that cannot be written (a full disk): the same;
 * - output that nobody reads (`orx … | head`): the exit code is 0, and nothing is printed.
 *
 * Notices and receipts that cannot be written to standard error are no failure.
 */
export function watchRun(tell: (failure: unknown) => void): RunWatch {
  let run: WatchedRun | undefined;
  let code: number | undefined;
  let grace: NodeJS.Timeout | undefined;

  const stop = (exitCode: number, reason: unknown, isPatient: boolean): void => {
    if (code !== undefined) return;
    code = exitCode;
    if (exitCode !== 0) tell(reason);
    if (!isPatient) process.exit(exitCode);
    // It keeps the process alive: what failed may have been what the command waited for.
    grace = setTimeout(() => process.exit(exitCode), GRACE_MS);
    run?.stop(reason);
  };
  const fail = (reason: unknown): void =>
    stop(EXIT_CODES.unexpected, reason instanceof Error ? reason : new Error(String(reason)), run !== undefined);

  process.on('uncaughtException', fail);
  process.on('unhandledRejection', fail);
  process.stderr.on('error', () => undefined);
  process.stdout.on('error', (error: NodeJS.ErrnoException) => {
    if (UNREAD.has(error.code)) return stop(0, unread(error), run?.hasAsked() === true);
    fail(new OrxError(`cannot write the output (${error.code ?? error.message})`, { kind: 'unexpected', cause: error }));
  });
  return {
    attach: (watched) => (run = watched),
    hasStopped: () => code !== undefined,
    end() {
      clearTimeout(grace);
      return code;
    },
  };
}

function unread(cause: Error): OrxError {
  return new OrxError('the reader of the output has closed it', { kind: 'interrupted', code: 'EPIPE', cause });
}
