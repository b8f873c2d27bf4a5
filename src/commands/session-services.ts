import type { Key } from '../core/session/keys.ts';
import type { Doubt } from '../core/session/path-doubts.ts';

/** What the conversation needs of the process: keyboard, signals, editor, clipboard. */
export interface SessionServices {
  /** What was sent in earlier conversations, oldest first. */
  prompts: { entries: readonly string[]; add: (text: string) => void };
  openKeyboard: (listeners: KeyboardListeners) => EditorKeyboard;
  /** Runs work that Ctrl-C stops without ending the run: Context.interruptible without its keyboard. */
  interruptible: <T>(work: (signal: AbortSignal, skipLookUps: AbortSignal) => Promise<T>) => Promise<T>;
  /** Stops the innermost interruptible work, or all of it; false: it is all being stopped already. */
  stop: (which: 'innermost' | 'all') => boolean;
  /** Runs work during which Ctrl-C belongs to another program that has the terminal. */
  shielded: <T>(work: () => Promise<T>) => Promise<T>;
  /** As Context.askLine, and whether all of the line came from the keyboard as far as can be told. */
  askMessage: (prompt: string, begun: string) => Promise<AskedLine | undefined>;
  /** Questions of others, about tools, are asked by `lend`, which gives them the terminal. Undefined: by themselves again. */
  lendTo: (lend: (<T>(ask: () => Promise<T>) => Promise<T>) | undefined) => void;
  /** The file or folder at a path, `~` meaning the user's home; undefined: nothing there that could be read. */
  findPath: (path: string) => Promise<FoundPath | undefined>;
  /** The files that a pattern matches, links among them not followed into folders; none: it is no pattern, or the signal came first. */
  findMatches: (pattern: string, signal: AbortSignal) => Promise<readonly FoundPath[]>;
  /**
   * Paths in a folder, as they would be typed, sorted, the first thousand; folders end with a slash. None where it cannot be read. At once:
   * the key that completes must not be lost while names are read.
   */
  listFolder: (folder: string) => readonly string[];
  projectFiles: ProjectFiles;
  /** Asks for one of the keys, as ToolServices.askKey does. */
  askKey: (question: string, keys: string, signal: AbortSignal) => Promise<string | undefined>;
  /**
   * Asks for a key press: any key. Resolves to its character in lower case, or to undefined for a key without one, for Ctrl-C, the end of the
   * input, and the signal.
   */
  pressKey: (question: string, signal: AbortSignal) => Promise<string | undefined>;
  /** Stops the process as Ctrl-Z does; resolves when it goes on. */
  suspendProcess: () => Promise<void>;
}

/** A line of a terminal. */
export interface AskedLine {
  text: string;
  /** It came faster than anybody types. */
  isPasted: boolean;
}

export interface FoundPath {
  /** To be read with. */
  path: string;
  /** Where that leads to. */
  real: string;
  /** How it is attached: a folder as its listing. */
  kind: 'text' | 'medium' | 'folder';
  /** Bytes of a file. */
  size: number | undefined;
  /** Why the user is asked before it is sent. */
  doubts: readonly Doubt[];
}

/** What lies below the working folder, without what ignore files leave out. */
export interface ProjectFiles {
  /**
   * Relative paths, folders with a slash at their end. Never waits for a large tree: what is found later is told by `onMore`, and
   * until then there is as much as was found.
   */
  paths: (onMore: () => void) => readonly string[];
}

export interface KeyboardListeners {
  onKeys: (keys: readonly Key[]) => void;
  /** The terminal is gone. */
  onEnd: () => void;
}

/** The terminal in raw mode, as long as it is open and not paused. */
export interface EditorKeyboard {
  /** Gives the terminal to somebody else. */
  pause: () => void;
  resume: () => void;
  close: () => void;
}
