import type { Context, Terminal } from './context.ts';

export type Screen = Pick<Context, 'env'> & { terminal: Pick<Terminal, 'streams' | 'isScreenReader'> };

/**
 * Whether Ink may draw on standard output. Ink has to know the height: where it does not, it clears the screen with every frame. What is read
 * aloud are plain lines, as in a pipe.
 */
export function isDrawable({ terminal, env }: Screen): boolean {
  const { stdout } = terminal.streams;
  return stdout.isTTY && env['TERM'] !== 'dumb' && stdout.rows > 1 && stdout.columns > 0 && !terminal.isScreenReader;
}

/** Whether something that moves may be drawn: Ink draws none in continuous integration. */
export function isAnimated(screen: Screen): boolean {
  return isDrawable(screen) && screen.env['CI'] === undefined;
}
