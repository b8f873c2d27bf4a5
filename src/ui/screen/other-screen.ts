import { drawing } from '../../output/text/terminal-border.ts';
import { endlessRows, HIDE_CURSOR, inkErase } from './ink-writes.ts';
import type { JobControl } from './job-control.ts';

const ENTER_OTHER_SCREEN = '\u001b[?1049h\u001b[H';
const LEAVE_OTHER_SCREEN = '\u001b[?1049l';
const SHOW_CURSOR = '\u001b[?25h';
const HOME_AND_ERASE = '\u001b[H\u001b[J';

/** The screen that has no scrollback: what moves there leaves no trace on the normal one, also when the window is resized. */
export interface OtherScreen {
  /** Where Ink draws. Every frame begins in the upper left corner: what stood elsewhere after the window was resized is gone with it. */
  stdout: NodeJS.WriteStream;
  enter: () => void;
  leave: () => void;
  /** Draws the last frame again, on a screen of another size: Ink writes nothing where its frame is the same. */
  redraw: () => void;
  /** Gives the terminal to the shell until the user continues the process. */
  suspend: () => void;
  /** Keys come from the terminal. Piped input leaves no keyboard: Ctrl-C and Ctrl-Z then come as signals. */
  hasKeyboard: boolean;
}

export interface OtherScreenOptions {
  stdin: NodeJS.ReadStream;
  /** Where it is drawn: a terminal. */
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
    // What is too high would scroll: the next frame fits.
    if (frame.split('\n').length <= stdout.rows) terminal.write(HOME_AND_ERASE + frame);
  };
  const held = {
    release(): void {
      terminal.write(SHOW_CURSOR + LEAVE_OTHER_SCREEN);
      setRaw(false);
    },
    retake(): void {
      // A shell may have changed the mode without Node knowing, which sets only what is another than before.
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
      // Ink sets this only after the first frame: the terminal itself would take a key such as Ctrl-R that is pressed before.
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
