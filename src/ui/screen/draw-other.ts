import { type Instance, render, type RenderOptions, useInput } from 'ink';
import { type ReactElement, useEffect, useLayoutEffect, useRef } from 'react';
import type { OtherScreen } from './other-screen.ts';

const CTRL_L = '\u000c';
const CTRL_Z = '\u001a';

/** Enters the alternate screen and draws the view on it. orx handles Ctrl-C itself, and only the view writes. */
export function drawOther(screen: OtherScreen, view: ReactElement, options: Pick<RenderOptions, 'stdin' | 'maxFps'>): Instance {
  screen.enter();
  return render(view, {
    ...options,
    stdout: screen.stdout,
    exitOnCtrlC: false,
    patchConsole: false,
    isScreenReaderEnabled: false,
  });
}

/**
 * The common behavior of views on the alternate screen: leaves the screen when the view ends, redraws after a resize and on
 * Ctrl-L, and gives the terminal to the shell on Ctrl-Z.
 */
export function useOtherScreen(screen: OtherScreen, stdout: NodeJS.WriteStream, onResize: () => void): void {
  const latest = useRef(onResize);
  useInput(
    (input, key) => {
      // Keys that arrive together are one input.
      if ((key.ctrl && input === 'l') || input.includes(CTRL_L)) screen.redraw();
      if ((key.ctrl && input === 'z') || input.includes(CTRL_Z)) screen.suspend();
    },
    { isActive: screen.hasKeyboard },
  );
  useLayoutEffect(() => screen.leave, [screen]);
  useEffect(() => {
    latest.current = onResize;
  });
  useEffect(() => {
    const resized = (): void => {
      screen.redraw();
      latest.current();
    };
    stdout.on('resize', resized);
    return () => void stdout.off('resize', resized);
  }, [screen, stdout]);
}
