import type { AnswerView } from '../../output/chat/answer-view.ts';
import { countDown, isWait, waitLine } from '../../output/chat/retry.ts';
import { drawing } from '../../output/text/terminal-border.ts';
import { wrapWords } from '../../output/text/wrap-rows.ts';
import type { Context } from '../context.ts';
import { isDrawable } from '../is-drawable.ts';

/** Moves to the start of the row, and erases it. */
const ERASED = '\u001b[1G\u001b[K';
const REDRAW_MS = 200;
/** A shorter wait is over when the user has read its line. */
const SHORTEST_MS = 1000;

/** Returns the view with a line on standard error for each wait. On a terminal, the line counts down until the next event. */
export function showWaits(view: AnswerView, context: Context): AnswerView {
  const { stderr } = context.terminal.streams;
  const isDrawn = isDrawable(context, stderr);
  let timer: NodeJS.Timeout | undefined;
  let last = '';
  const settle = (): void => {
    if (timer === undefined) return;
    clearInterval(timer);
    timer = undefined;
    drawing(stderr).write(ERASED);
    stderr.write(`${last}\n`);
  };
  return {
    ...view,
    see(event) {
      settle();
      if (isWait(event)) {
        last = waitLine(event);
        if (isDrawn && event.waitMs >= SHORTEST_MS) {
          const left = countDown(event, context.clock.monotonic);
          const draw = (): void => {
            const [row = ''] = wrapWords(left(), Math.max(10, stderr.columns - 1));
            drawing(stderr).write(`${ERASED}${row}`);
          };
          draw();
          timer = setInterval(draw, REDRAW_MS).unref();
        } else stderr.write(`${last}\n`);
      }
      return view.see(event);
    },
    end(...facts) {
      settle();
      return view.end(...facts);
    },
  };
}
