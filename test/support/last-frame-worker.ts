// Separate process on a terminal that ends a view of Ink before React's next turn: `last-frame-worker answer|lines|session`. React draws
// a change of state in an immediate. Timers run before it if an immediate changes the state and another one takes as long as the timer.
import { startInput } from '../../src/core/session/input.ts';
import { type LiveAnswer, showLiveAnswer } from '../../src/ui/chat/answer-app.tsx';
import { openSessionScreen } from '../../src/ui/session/app.tsx';
import type { Theme } from '../../src/output/text/theme.ts';

const { stdin, stdout } = process;
const theme: Theme = { hasColor: false, paint: (_, text) => text, style: (_, text) => text };
const wait = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));
/** Longer than two frames. */
const DRAWN_MS = 300;
const BUSY_MS = 30;

function openAnswer(): LiveAnswer {
  const options = { stdin, stdout, theme, model: 'test/model', showReasoning: false, isMarkdown: false, prose: 110 };
  const drawLong = () => (): void => undefined;
  return showLiveAnswer({ ...options, monotonic: () => performance.now(), drawLong });
}

/** Calls `end` so that every timer is due before React's next turn. */
function endLate(end: () => Promise<void>): Promise<void> {
  return new Promise((resolve) => {
    setImmediate(() => void end().then(resolve));
    setImmediate(() => {
      for (const until = performance.now() + BUSY_MS; performance.now() < until;);
    });
  });
}

if (process.argv[2] === 'answer') {
  const live = openAnswer();
  await live.see({ type: 'text-delta', text: 'The first words ' });
  await wait(DRAWN_MS);
  await live.see({ type: 'text-delta', text: 'and the last ones.' });
  await endLate(live.end);
} else if (process.argv[2] === 'lines') {
  const live = openAnswer();
  await wait(DRAWN_MS);
  await live.see({ type: 'text-delta', text: 'The whole line.\n' });
  // Timers of the same length run one after the other: the answer ends between its first frame and React's next turn.
  await new Promise<void>((resolve) => setTimeout(() => void live.end().then(resolve), 1));
} else {
  const screen = openSessionScreen({
    stdin,
    stdout,
    theme,
    view: () => ({
      tail: [],
      waiting: undefined,
      queue: [],
      input: startInput([]),
      menu: undefined,
      prose: 110,
      status: { facts: ['the status line'], hints: [] },
    }),
    onResize: () => undefined,
  });
  await wait(DRAWN_MS);
  screen.print([[{ text: 'the last line', tone: 'plain' }]]);
  await endLate(screen.close);
}
stdout.write('the end\n');
process.exit();
