import { drawing } from '../../output/text/terminal-border.ts';
import type { HeldScreen, JobControl } from '../../ui/screen/job-control.ts';

const SHOW_CURSOR = '\u001b[?25h';

/** Suspends the process and returns the terminal to the shell. When the process continues, returns it to the view that had it. */
export function createJobControl(stdout: () => NodeJS.WriteStream): JobControl {
  const screens = new Set<HeldScreen>();
  process.on('SIGTSTP', () => {
    for (const screen of screens) screen.release();
    // Ink hides the cursor while it draws; the shell needs it.
    if (stdout().isTTY) drawing(stdout()).write(SHOW_CURSOR);
    process.kill(process.pid, 'SIGSTOP');
  });
  const onContinue = (): void => {
    for (const screen of screens) screen.retake();
    // While the process was suspended, a resize was reported only to the foreground program. Node reads the size again.
    process.emit('SIGWINCH', 'SIGWINCH');
  };
  return {
    hold(screen) {
      // Registered late, because every signal listener slows down the start.
      if (screens.size === 0) process.on('SIGCONT', onContinue);
      screens.add(screen);
      return () => {
        screens.delete(screen);
        if (screens.size === 0) process.off('SIGCONT', onContinue);
      };
    },
    // Stops the whole foreground group, as the terminal itself would.
    suspend: () => void process.kill(0, 'SIGTSTP'),
  };
}
