import type { Key } from '../core/talk/keys.ts';
import type { FolderEntry } from '../core/talk/path-candidates.ts';

/** What the conversation needs of the process: keyboard, signals, editor, clipboard. */
export interface TalkDesk {
  /** What was sent in earlier conversations, oldest first. */
  prompts: { entries: readonly string[]; add: (text: string) => void };
  openKeyboard: (listeners: KeyboardListeners) => TalkKeyboard;
  /** Runs work that Ctrl-C stops without ending the run: Context.interruptible without its keyboard. */
  interruptible: <T>(work: (signal: AbortSignal, hurry: AbortSignal) => Promise<T>) => Promise<T>;
  /** Questions of others, about tools, are asked by `lend`, which gives them the terminal. Undefined: by themselves again. */
  lendTo: (lend: (<T>(ask: () => Promise<T>) => Promise<T>) | undefined) => void;
  /** What a path names, `~` meaning the user's home; undefined: nothing that could be read. */
  findPath: (path: string) => Promise<FoundPath | undefined>;
  /**
   * Names in a folder (empty: the working folder), sorted, the first thousand; none where it cannot be read. At once: the key that completes
   * must not be lost while names are read.
   */
  listFolder: (folder: string) => readonly FolderEntry[];
  /** Stops the process as Ctrl-Z does; resolves when it goes on. */
  suspendProcess: () => Promise<void>;
}

export interface FoundPath {
  /** To be read with. */
  path: string;
  /** How it is attached: a folder or a pattern as text too. */
  kind: 'text' | 'medium';
  /** Bytes of a file. */
  size: number | undefined;
}

export interface KeyboardListeners {
  onKeys: (keys: readonly Key[]) => void;
  /** The terminal is gone. */
  onEnd: () => void;
}

/** The terminal in raw mode, as long as it is open and not paused. */
export interface TalkKeyboard {
  /** Gives the terminal to somebody else. */
  pause: () => void;
  resume: () => void;
  close: () => void;
}
