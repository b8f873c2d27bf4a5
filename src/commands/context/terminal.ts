import type { Theme } from '../../output/text/theme.ts';
import type { SessionServices } from './session-services.ts';

/** The process's streams for commands. Only cli/ accesses `process`. */
export interface Streams {
  stdin: NodeJS.ReadStream;
  stdout: NodeJS.WriteStream;
  stderr: NodeJS.WriteStream;
}

/** The three streams, and the user at the terminal. */
export interface Terminal {
  streams: Streams;
  /** Returns the theme of a stream, from --theme, the stored setting, the stream and the environment. */
  themeOf: (stream: { isTTY?: boolean }) => Theme;
  /** --screen-reader or its stored setting: plain lines, without drawing or animation. */
  isScreenReader: boolean;
  /** Keys in use, so that no error shows them: output/text/error.ts. Grows as settings are read. */
  secrets: readonly string[];
  /**
   * Reads piped input as text; undefined if standard input is a terminal or empty. With words on the command line, does not wait
   * for silent input (with a notice), unless one of the words is `-`; with `silenceMs`, waits for this time and prints no
   * notice. Throws kind `usage` for binary input.
   */
  readStdin: (options: { words: readonly string[]; isQuiet: boolean; silenceMs?: number }) => Promise<string | undefined>;
  /**
   * Asks for a line at a terminal, with editing and history; lines pasted together are one answer. `begun` (one line) is the
   * initial text. Undefined: Ctrl-D or Ctrl-C.
   */
  askLine: (prompt: string, begun?: string) => Promise<string | undefined>;
  /** Opens the services of an interactive session. */
  openSessionServices: () => Promise<SessionServices>;
}
