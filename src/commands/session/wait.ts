import { secondsText } from '../../output/text/number.ts';
import { countDown, isWait } from '../../output/chat/retry.ts';
import type { CompletionEvent } from '../../apis/completion.ts';
import type { Session } from './session.ts';

const SPINNER_MS = 100;
const SPINNER = ['⠋', '⠙', '⠹', '⠸', '⠼', '⠴', '⠦', '⠧', '⠇', '⠏'];

/** The line that shows what orx waits for. */
export interface Waiting {
  /** Updates the line from the events of an answer. */
  see: (event: CompletionEvent) => void;
  end: () => void;
}

/** Shows that line, with the elapsed seconds, until `end` is called. */
export function startWaiting(session: Session, first: string): Waiting {
  const { monotonic } = session.context.clock;
  const start = monotonic();
  let phase = first;
  let wait: (() => string) | undefined;
  // Plain lines are not animated.
  if (!session.options.isLive) return { see: () => undefined, end: () => undefined };
  const spin = setInterval(() => session.screen.redraw('now'), SPINNER_MS);
  const line = (): string => {
    const elapsed = monotonic() - start;
    const mark = SPINNER[Math.floor(elapsed / SPINNER_MS) % SPINNER.length];
    return `${mark} ${wait?.() ?? `${phase} ${secondsText(elapsed)}`}`;
  };
  session.waiting = line;
  session.screen.redraw('now');
  return {
    see(event) {
      wait = isWait(event) ? countDown(event, monotonic) : undefined;
      if (event.type === 'heartbeat') phase = `${session.settings.model} · routing`;
      else if (event.type === 'response-start') phase = `${session.settings.model} · reasoning`;
    },
    end() {
      clearInterval(spin);
      if (session.waiting === line) session.waiting = undefined;
    },
  };
}
