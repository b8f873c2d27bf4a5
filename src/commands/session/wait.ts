import { secondsText } from '../../output/text/number.ts';
import { retryText } from '../../output/chat/retry.ts';
import type { CompletionEvent } from '../../apis/completion.ts';
import type { TalkSession } from './session.ts';

const SPINNER_MS = 100;
const SPINNER = ['⠋', '⠙', '⠹', '⠸', '⠼', '⠴', '⠦', '⠧', '⠇', '⠏'];

/** The line that says whom orx waits for. */
export interface Waiting {
  /** An answer's events tell how far it is. */
  see: (event: CompletionEvent) => void;
  end: () => void;
}

/** Shows that line, with the seconds, until it is ended. */
export function startWaiting(talk: TalkSession, first: string): Waiting {
  const { monotonic } = talk.context.clock;
  const start = monotonic();
  let phase = first;
  let retry: string | undefined;
  // Nothing moves in plain lines.
  if (!talk.options.isLive) return { see: () => undefined, end: () => undefined };
  const spin = setInterval(() => talk.screen.redraw('now'), SPINNER_MS);
  const line = (): string => {
    const elapsed = monotonic() - start;
    const mark = SPINNER[Math.floor(elapsed / SPINNER_MS) % SPINNER.length];
    return `${mark} ${retry ?? `${phase} ${secondsText(elapsed)}`}`;
  };
  talk.waiting = line;
  talk.screen.redraw('now');
  return {
    see(event) {
      retry = event.type === 'retry' ? retryText(event.error, event.attempt, event.waitMs) : undefined;
      if (event.type === 'heartbeat') phase = `${talk.settings.model} · routing`;
      else if (event.type === 'response-start') phase = `${talk.settings.model} · thinking`;
    },
    end() {
      clearInterval(spin);
      if (talk.waiting === line) talk.waiting = undefined;
    },
  };
}
