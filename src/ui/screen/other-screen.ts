import { drawing } from '../../output/text/terminal-border.ts';
import { endlessRows, HIDE_CURSOR, inkErase, SHOW_CURSOR } from './ink-writes.ts';
import type { JobControl } from './job-control.ts';

const ENTER_OTHER_SCREEN = '\u001b[?1049h\u001b[H';
const LEAVE_OTHER_SCREEN = '\u001b[?1049l';
const HOME_AND_ERASE = '\u001b[H\u001b[J';

/**
 * The terminal's alternate screen, which has no scrollback. Its output does not affect the normal screen, even if the window is
 * resized.
 */
export interface OtherScreen {
  /**
   * The stream for Ink. Every frame starts in the upper left corner and erases everything else, such as the remains of a resize.
   */
  stdout: NodeJS.WriteStream;
  enter: () => void;
  leave: () => void;
  /** Draws the last frame again on a resized screen, because Ink writes nothing if its frame is the same. */
  redraw: () => void;
  /** Gives the terminal to the shell until the user continues the process. */
  suspend: () => void;
  /** Keys come from the terminal. With piped input there is no keyboard: Ctrl-C and Ctrl-Z then arrive as signals. */
  hasKeyboard: boolean;
}

export interface OtherScreenOptions {
  stdin: NodeJS.ReadStream;
  /** The terminal to draw on. */
  stdout: NodeJS.WriteStream;
  jobControl: JobControl;
}

export function openOtherScreen({ stdin, stdout, jobControl }: OtherScreenOptions): OtherScreen {
  const terminal = drawing(stdout);
  const hasKeyboard = stdin.isTTY === true;
  const setRaw = (isRaw: boolean): void => void (hasKeyboard && stdin.setRawMode(isRaw));
  let frame = '';
  let letGo: (() => void) | undefined;
  const redraw = (): void => {
    // A frame that is too high would scroll. The next one fits.
    if (frame.split('\n').length <= stdout.rows) terminal.write(HOME_AND_ERASE + frame);
  };
  const held = {
    release(): void {
      terminal.write(SHOW_CURSOR + LEAVE_OTHER_SCREEN);
      setRaw(false);
    },
    retake(): void {
      // The shell may have changed the mode without Node noticing, and Node sets a mode only if it differs from the last one.
      setRaw(false);
      setRaw(true);
      terminal.write(ENTER_OTHER_SCREEN + HIDE_CURSOR);
      redraw();
    },
  };
  return {
    hasKeyboard,
    suspend: jobControl.suspend,
    stdout: endlessRows(stdout, (written) => {
      const erase = inkErase(written);
      const drawn = erase?.rest ?? written;
      if (drawn.includes('\n')) frame = drawn;
      return erase === undefined ? written : (erase.hides ? HIDE_CURSOR : '') + HOME_AND_ERASE + drawn;
    }),
    enter() {
      // Ink sets raw mode only after the first frame. Until then the terminal itself would handle a key such as Ctrl-R.
      setRaw(true);
      terminal.write(ENTER_OTHER_SCREEN);
      letGo ??= jobControl.hold(held);
    },
    leave() {
      letGo?.();
      letGo = undefined;
      terminal.write(LEAVE_OTHER_SCREEN);
    },
    redraw,
  };
}
