import { drawing } from '../../output/text/terminal-border.ts';
import type { HeldScreen, JobControl } from '../../ui/screen/job-control.ts';

const SHOW_CURSOR = '\u001b[?25h';

/** Suspends the process so that the shell gets its terminal back, and gives it to the view that had it when the process continues. */
export function createJobControl(stdout: () => NodeJS.WriteStream): JobControl {
  const screens = new Set<HeldScreen>();
  process.on('SIGTSTP', () => {
    for (const screen of screens) screen.release();
    // Ink hides the cursor while it draws; whoever suspends orx needs it.
    if (stdout().isTTY) drawing(stdout()).write(SHOW_CURSOR);
    process.kill(process.pid, 'SIGSTOP');
  });
  const onContinue = (): void => {
    for (const screen of screens) screen.retake();
    // A window that was resized meanwhile told only the program in front of it. Node reads the size again.
    process.emit('SIGWINCH', 'SIGWINCH');
  };
  return {
    hold(screen) {
      // Not before: every listener for a signal costs some of the start.
      if (screens.size === 0) process.on('SIGCONT', onContinue);
      screens.add(screen);
      return () => {
        screens.delete(screen);
        if (screens.size === 0) process.off('SIGCONT', onContinue);
      };
    },
    // All of the foreground, as the terminal itself would do.
    suspend: () => void process.kill(0, 'SIGTSTP'),
  };
}
