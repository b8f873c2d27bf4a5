import type { Context } from './context.ts';

type Screen = Pick<Context, 'streams' | 'env'>;

/** Whether Ink may draw on standard output. Ink has to know the height: where it does not, it clears the screen with every frame. */
export function isDrawable({ streams: { stdout }, env }: Screen): boolean {
  return stdout.isTTY && env['TERM'] !== 'dumb' && stdout.rows > 1 && stdout.columns > 0;
}

/** Whether something that moves may be drawn: Ink draws none in continuous integration, and a moving screen cannot be read aloud. */
export function isAnimated(screen: Screen): boolean {
  return isDrawable(screen) && screen.env['CI'] === undefined && screen.env['INK_SCREEN_READER'] !== 'true';
}
