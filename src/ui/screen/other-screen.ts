import { drawing } from '../../output/text/terminal-border.ts';
import { endlessRows, HIDE_CURSOR, inkErase } from './ink-writes.ts';

const ENTER_OTHER_SCREEN = '\u001b[?1049h\u001b[H';
const LEAVE_OTHER_SCREEN = '\u001b[?1049l';
const HOME_AND_ERASE = '\u001b[H\u001b[J';

/** The screen that has no scrollback: what moves there leaves no trace on the normal one, also when the window is resized. */
export interface OtherScreen {
  /** Where Ink draws. Every frame begins in the upper left corner: what stood elsewhere after the window was resized is gone with it. */
  stdout: NodeJS.WriteStream;
  enter: () => void;
  leave: () => void;
  /** Draws the last frame again, on a screen of another size: Ink writes nothing where its frame is the same. */
  redraw: () => void;
}

export function openOtherScreen(stdout: NodeJS.WriteStream, stdin: NodeJS.ReadStream): OtherScreen {
  const terminal = drawing(stdout);
  let frame = '';
  return {
    stdout: endlessRows(stdout, (written) => {
      const erase = inkErase(written);
      const drawn = erase?.rest ?? written;
      if (drawn.includes('\n')) frame = drawn;
      return erase === undefined ? written : (erase.hides ? HIDE_CURSOR : '') + HOME_AND_ERASE + drawn;
    }),
    enter() {
      // Ink sets this only after the first frame: the terminal itself would take a key such as Ctrl-R that is pressed before.
      if (stdin.isTTY) stdin.setRawMode(true);
      terminal.write(ENTER_OTHER_SCREEN);
    },
    leave: () => void terminal.write(LEAVE_OTHER_SCREEN),
    redraw() {
      // What is too high would scroll: the next frame fits.
      if (frame.split('\n').length <= stdout.rows) terminal.write(HOME_AND_ERASE + frame);
    },
  };
}
