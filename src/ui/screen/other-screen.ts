import { drawing } from '../../output/text/terminal-border.ts';
import { endlessRows, HIDE_CURSOR, inkErase, SHOW_CURSOR, synchronized } from './ink-writes.ts';
import type { JobControl } from './job-control.ts';

const ENTER_OTHER_SCREEN = '\u001b[?1049h\u001b[H';
const LEAVE_OTHER_SCREEN = '\u001b[?1049l';
const HOME = '\u001b[H';
const HOME_AND_ERASE = `${HOME}\u001b[J`;

/**
 * The terminal's alternate screen, which has no scrollback. Its output does not affect the normal screen, even if the window is
 * resized.
 */
export interface OtherScreen {
  /**
   * The stream for Ink. Of a frame, it writes the rows that differ from the last one; after `redraw` all of them, on an erased screen,
   * because a resize leaves remains.
   */
  stdout: NodeJS.WriteStream;
  enter: () => void;
  leave: () => void;
  /** Draws the last rows again, if they fit. What the terminal shows is then unknown until the next ones. */
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

/** Returns the alternate screen of a terminal. It is shown between `enter` and `leave`. */
export function openOtherScreen({ stdin, stdout, jobControl }: OtherScreenOptions): OtherScreen {
  const terminal = drawing(stdout);
  const hasKeyboard = stdin.isTTY === true;
  const setRaw = (isRaw: boolean): void => void (hasKeyboard && stdin.setRawMode(isRaw));
  let shown: readonly string[] = [];
  /** The terminal shows these rows, and nothing else. */
  let isShown = false;
  let letGo: (() => void) | undefined;
  const redraw = (): void => {
    isShown = false;
    // Rows that are too many would scroll. The next ones fit.
    if (shown.length <= stdout.rows) terminal.write(synchronized(HOME_AND_ERASE + shown.join('\n')));
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
      const end = drawn.lastIndexOf('\n');
      if (erase === undefined && end === -1) return written;
      const rows = end === -1 ? [] : drawn.slice(0, end).split('\n');
      const changed = isShown ? changedRows(shown, rows) : HOME_AND_ERASE + rows.join('\n');
      [shown, isShown] = [rows, true];
      return (erase?.hides === true ? HIDE_CURSOR : '') + changed + drawn.slice(end + 1);
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

/** Returns the output that turns the rows on the screen into others. */
function changedRows(before: readonly string[], after: readonly string[]): string {
  const changed = after.map((row, y) => (row === before[y] ? '' : `${rowStart(y)}\u001b[K${row}`)).join('');
  return after.length < before.length ? `${changed}${rowStart(after.length)}\u001b[J` : changed;
}

function rowStart(y: number): string {
  return y === 0 ? HOME : `${HOME}\u001b[${y}B`;
}
