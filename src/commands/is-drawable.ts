import { isInCi } from '../is-in-ci.ts';
import type { Context } from './context.ts';
import type { Terminal } from './context/terminal.ts';

type Screen = Pick<Context, 'env'> & { terminal: Pick<Terminal, 'streams' | 'isScreenReader'> };
type Output = Pick<NodeJS.WriteStream, 'isTTY' | 'rows' | 'columns'>;

/** Half of a frame. */
const GATHER_MS = 40;

/** Returns how long the pieces of an answer gather before they are read, in ms. Undefined: each is read when it arrives. */
export function gatherMsOf({ isLive }: { isLive: boolean }): number | undefined {
  return isLive ? GATHER_MS : undefined;
}

/**
 * Returns whether Ink may draw on standard output or on the given stream. Ink has to know the height; otherwise it clears the
 * screen with every frame. Screen readers get plain lines, like a pipe.
 */
export function isDrawable({ terminal, env }: Screen, stream: Output = terminal.streams.stdout): boolean {
  return stream.isTTY && env['TERM'] !== 'dumb' && stream.rows > 1 && stream.columns > 0 && !terminal.isScreenReader;
}

/** What is known about the terminal before anything is read or written. */
export interface TerminalFacts {
  /** Standard input is a terminal, so a user can type. */
  readonly hasKeyboard: boolean;
  readonly stdout: OutputFacts;
  readonly stderr: OutputFacts;
}

export interface OutputFacts {
  readonly isTerminal: boolean;
  /** Animations may be drawn: Ink draws none in continuous integration. */
  readonly isAnimated: boolean;
}

/** Returns facts that are determined when they are read, because opening a stream takes time. */
export function terminalFacts(screen: Screen): TerminalFacts {
  const { streams } = screen.terminal;
  const facts = (name: 'stdout' | 'stderr'): OutputFacts => ({
    get isTerminal() {
      return streams[name].isTTY === true;
    },
    get isAnimated() {
      return isDrawable(screen, streams[name]) && !isInCi(screen.env);
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
