import type { JobControl } from '../../ui/screen/job-control.ts';

/** What ends a command, and background work. */
export interface Lifetime {
  /** Aborted by the first Ctrl-C, SIGTERM or SIGHUP; a second Ctrl-C ends the process. */
  interrupt: AbortSignal;
  /** Prepares the process for a server that runs until it is stopped. Call it before the first connection is opened. */
  serve: () => void;
  /**
   * Prepares the process for this number of answers that are alike. Call it after the first of them. Returns a function to call after
   * the last one.
   */
  handleMany: (answers: number) => () => void;
  /**
   * Prepares the process for a long answer. Call it when what the answer needs is loaded. Returns a function to call before more of the
   * program is loaded, and at the end.
   */
  answerLong: () => () => void;
  /** Lets the process take less memory, until it keeps a lot of data. Call it, and the function that it returns, as for `answerLong`. */
  saveMemory: () => () => void;
  /** From now on, SIGHUP runs this work instead of ending the command. */
  onHangup: (work: () => void) => void;
  /**
   * Runs work that Ctrl-C stops without ending the command. The first Ctrl-C aborts `signal` instead of `interrupt`; a second one
   * aborts `skipLookUps`, which skips the remaining lookups. Keys typed at a terminal meanwhile are not echoed; the next askLine
   * starts with them.
   */
  interruptible: <T>(work: (signal: AbortSignal, skipLookUps: AbortSignal) => Promise<T>) => Promise<T>;
  /**
   * Does what Ctrl-C does, for a screen that reads the keyboard itself: the first call stops the current work, the second ends
   * the process.
   */
  pressCtrlC: () => void;
  /** Suspends the process, for a screen that reads the keyboard itself. */
  jobControl: JobControl;
  /** Runs work in the background. Its signal aborts it when the command ends; it never delays or fails the command. */
  meanwhile: (work: (signal: AbortSignal) => Promise<void>) => void;
  /**
   * Registers work to do before the process ends because the reader of its output is gone. A command that has registered such
   * work is stopped in an orderly way; others end at once.
   */
  whenUnread: (work: () => Promise<void>) => void;
}
