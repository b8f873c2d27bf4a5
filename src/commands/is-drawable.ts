import type { Context, Terminal } from './context.ts';

type Screen = Pick<Context, 'env'> & { terminal: Pick<Terminal, 'streams' | 'isScreenReader'> };
type Output = Pick<NodeJS.WriteStream, 'isTTY' | 'rows' | 'columns'>;

/**
 * Whether Ink may draw on standard output, or on the given stream. Ink has to know the height: where it does not, it clears the screen with
 * every frame. For screen readers there are plain lines, as in a pipe.
 */
export function isDrawable({ terminal, env }: Screen, stream: Output = terminal.streams.stdout): boolean {
  return stream.isTTY && env['TERM'] !== 'dumb' && stream.rows > 1 && stream.columns > 0 && !terminal.isScreenReader;
}

/** What is known of the terminal before anything is read or written. */
export interface TerminalFacts {
  /** A person sits at the keyboard: standard input is a terminal. */
  readonly hasKeyboard: boolean;
  readonly stdout: OutputFacts;
  readonly stderr: OutputFacts;
}

export interface OutputFacts {
  readonly isTerminal: boolean;
  /** Something that moves may be drawn: Ink draws none in continuous integration. */
  readonly isAnimated: boolean;
}

/** Each fact is found out when it is read: opening a stream takes time. */
export function terminalFacts(screen: Screen): TerminalFacts {
  const { streams } = screen.terminal;
  const facts = (name: 'stdout' | 'stderr'): OutputFacts => ({
    get isTerminal() {
      return streams[name].isTTY === true;
    },
    get isAnimated() {
      return isDrawable(screen, streams[name]) && screen.env['CI'] === undefined;
    },
  });
  return {
    get hasKeyboard() {
      return streams.stdin.isTTY === true;
    },
    stdout: facts('stdout'),
    stderr: facts('stderr'),
  };
}
