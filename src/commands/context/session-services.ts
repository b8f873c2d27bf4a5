import type { Key } from '../../core/session/keys.ts';
import type { Doubt } from '../../core/session/path-doubts.ts';

/** What a conversation needs of the process: keyboard, signals, editor, clipboard. */
export interface SessionServices {
  /** The messages of earlier conversations, oldest first. */
  prompts: { entries: readonly string[]; add: (text: string) => void };
  openKeyboard: (listeners: KeyboardListeners) => EditorKeyboard;
  /** Runs work that Ctrl-C stops without ending the command: Context.interruptible without its keyboard. */
  interruptible: <T>(work: (signal: AbortSignal, skipLookUps: AbortSignal) => Promise<T>) => Promise<T>;
  /** Stops the innermost interruptible work, or all of it. Returns false if all of it is already being stopped. */
  stop: (which: 'innermost' | 'all') => boolean;
  /** Runs work during which Ctrl-C goes to another program that uses the terminal. */
  shielded: <T>(work: () => Promise<T>) => Promise<T>;
  /** Like Context.askLine; also returns whether the whole line was typed, as far as orx can tell. */
  askMessage: (prompt: string, begun: string) => Promise<AskedLine | undefined>;
  /**
   * Sets the function that gives the terminal to questions from elsewhere, such as those about tools. Undefined: they use the
   * terminal directly again.
   */
  lendTo: (lend: (<T>(ask: () => Promise<T>) => Promise<T>) | undefined) => void;
  /** Returns the file or folder at a path, with `~` for the user's home; undefined if nothing there can be read. */
  findPath: (path: string) => Promise<FoundPath | undefined>;
  /** Returns a path to write to, with the user's home in place of `~`. */
  fromHome: (path: string) => string;
  /**
   * Returns the files that match a pattern, without following links to folders. Empty if it is not a pattern, or if the signal is
   * aborted first.
   */
  findMatches: (pattern: string, signal: AbortSignal) => Promise<readonly FoundPath[]>;
  /**
   * Returns the paths in a folder, as the user would type them: sorted, at most a thousand, folders with a trailing slash. Empty
   * if the folder cannot be read. Synchronous, so that no key is lost while names are read.
   */
  listFolder: (folder: string) => readonly string[];
  projectFiles: ProjectFiles;
  /** Asks for one of the keys, like ToolServices.askKey. Ctrl-D (`\u0004`) and Esc (`\u001b`) can be among them. */
  askKey: (question: string, keys: string, signal: AbortSignal) => Promise<string | undefined>;
  /**
   * Waits for any key. Resolves to its character in lower case, or to undefined for a key without one, Ctrl-C, the end of the
   * input, or an abort.
   */
  pressKey: (question: string, signal: AbortSignal) => Promise<string | undefined>;
  /** Suspends the process like Ctrl-Z. Resolves when it continues. */
  suspendProcess: () => Promise<void>;
}

/** A line from the terminal. */
export interface AskedLine {
  text: string;
  /** The line arrived faster than anyone types. */
  isPasted: boolean;
}

export interface FoundPath {
  /** The path for reading. */
  path: string;
  /** The resolved path. */
  real: string;
  /** How the path is attached: a folder as its listing. */
  kind: 'text' | 'medium' | 'folder';
  /** The size of a file in bytes. */
  size: number | undefined;
  /** Why the user must confirm before it is sent. */
  doubts: readonly Doubt[];
}

/** The files below the working folder, without ignored ones. */
export interface ProjectFiles {
  /**
   * Returns relative paths, folders with a trailing slash. Never waits for a large tree: returns the paths found so far and calls
   * `onMore` when there are more.
   */
  paths: (onMore: () => void) => readonly string[];
}

export interface KeyboardListeners {
  onKeys: (keys: readonly Key[]) => void;
  /** The terminal is closed. */
  onEnd: () => void;
}

/** The terminal, in raw mode while it is open and not paused. */
export interface EditorKeyboard {
  /** Releases the terminal for another program. */
  pause: () => void;
  resume: () => void;
  close: () => void;
}
