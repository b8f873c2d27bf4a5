import { OrxError } from '../../errors.ts';
import { EXIT_CODES } from '../exit-codes.ts';
import { writeFailure } from '../../text/file-failure.ts';

/** The operations of a running command that the watch uses. */
export interface WatchedRun {
  /** Aborts everything that the command does. The partial answer is stored, and its ledger entry is settled. */
  stop: (reason: unknown) => void;
  /** Returns whether the command has sent a request to a model, so that there may be a cost to record before the process ends. */
  hasAsked: () => boolean;
}

export interface RunWatch {
  attach: (run: WatchedRun) => void;
  /** Returns whether the watch has stopped the command, and reported it if necessary. */
  hasStopped: () => boolean;
  /** Ends the watch. Returns the exit code if the watch has stopped the command. */
  end: () => number | undefined;
}

/** How long a stopped command may take to save what it has: looking up a cost takes up to 2.5 s. */
const GRACE_MS = 6000;
/** Error codes of a write to a pipe or socket that nobody reads. */
const UNREAD: ReadonlySet<string | undefined> = new Set(['EPIPE', 'ECONNRESET']);

/**
 * Watches for events outside the command's own flow that end it, and stops it in an orderly way:
 *
 * - an uncaught failure: `tell` prints it once, briefly, and the exit code is 1;
 * - output that cannot be written (a full disk): the same;
 * - output that nobody reads (`orx … | head`): the exit code is 0, and nothing is printed.
 *
 * Notices and receipts that cannot be written to standard error are ignored.
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
    // The timer keeps the process alive: the failed operation may have been what the command waited for.
    grace = setTimeout(() => process.exit(exitCode), GRACE_MS);
    run?.stop(reason);
  };
  const fail = (reason: unknown): void =>
    stop(EXIT_CODES.unexpected, reason instanceof Error ? reason : new Error(String(reason)), run !== undefined);

  process.on('uncaughtException', fail);
  process.on('unhandledRejection', fail);
  whenOpened('stderr', (stream) => stream.on('error', () => undefined));
  whenOpened('stdout', (stream) =>
    stream.on('error', (error: NodeJS.ErrnoException) => {
      if (UNREAD.has(error.code)) return stop(0, unread(error), run?.hasAsked() === true);
      fail(new OrxError(`cannot write the output (${writeFailure(error)})`, { kind: 'unexpected', cause: error }));
    }),
  );
  return {
    attach: (watched) => (run = watched),
    hasStopped: () => code !== undefined,
    end() {
      clearTimeout(grace);
      return code;
    },
  };
}

type Listen = (stream: NodeJS.WriteStream) => void;

/** What waits for each stream of the process to be opened, and the stream once it is. */
const openings = new Map<'stdout' | 'stderr', { stream?: NodeJS.WriteStream; listen: Listen }>();

/** Calls `listen` with a stream of the process when somebody first reads it: Node opens it then, which takes milliseconds. */
function whenOpened(name: 'stdout' | 'stderr', listen: Listen): void {
  const known = openings.get(name);
  if (known !== undefined) {
    known.listen = listen;
    if (known.stream !== undefined) listen(known.stream);
    return;
  }
  const open = Object.getOwnPropertyDescriptor(process, name)?.get?.bind(process);
  if (open === undefined) return listen(process[name]);
  const opening: { stream?: NodeJS.WriteStream; listen: Listen } = { listen };
  openings.set(name, opening);
  Object.defineProperty(process, name, {
    configurable: true,
    enumerable: true,
    get() {
      if (opening.stream === undefined) opening.listen((opening.stream = open() as NodeJS.WriteStream));
      return opening.stream;
    },
  });
}

function unread(cause: Error): OrxError {
  return new OrxError('the reader of the output has closed it', { kind: 'interrupted', code: 'EPIPE', cause });
}
