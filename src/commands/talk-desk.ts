import type { Key } from '../core/talk/keys.ts';

/** What the conversation needs of the process: keyboard, signals, editor, clipboard. */
export interface TalkDesk {
  /** What was sent in earlier conversations, oldest first. */
  prompts: { entries: readonly string[]; add: (text: string) => void };
  openKeyboard: (listeners: KeyboardListeners) => TalkKeyboard;
  /** Runs work that Ctrl-C stops without ending the run: Context.interruptible without its keyboard. */
  interruptible: <T>(work: (signal: AbortSignal, hurry: AbortSignal) => Promise<T>) => Promise<T>;
  /** Lets the user write in $VISUAL or $EDITOR. Throws kind `usage` when there is none or it fails. */
  editText: (text: string) => Promise<string>;
  /** Puts text on the clipboard; says by what. */
  copy: (text: string) => Promise<string>;
  /** Stops the process as Ctrl-Z does; resolves when it goes on. */
  suspendProcess: () => Promise<void>;
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
