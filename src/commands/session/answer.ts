import { type AnswerView, answerView, wholeView } from '../../output/chat/answer-view.ts';
import { isWait, waitLine } from '../../output/chat/retry.ts';
import { createAnswerFeed } from '../../ui/chat/answer-feed.ts';
import { rowLines } from '../../ui/session/transcript-lines.ts';
import type { Session } from './session.ts';
import { startWaiting } from './wait.ts';

/** The interval of screen updates, independent of the number of tokens. */
const SHOW_MS = 40;

/** Opens the view of one answer of a turn: shows what orx waits for, then the answer as it streams. */
export function openSessionAnswer(session: Session): AnswerView {
  const {
    terminal: { streams, themeOf },
    clock,
  } = session.context;
  const { options } = session;
  if (!options.isLive) return plainAnswerOf(session);
  const feed = createAnswerFeed(session.width, {
    showReasoning: options.showsReasoning,
    theme: themeOf(streams.stdout),
    isMarkdown: options.isMarkdown,
    prose: session.settings.width,
    monotonic: clock.monotonic,
  });
  const waiting = startWaiting(session, `${session.settings.model} · connecting`);
  session.feed = feed;
  let timer: ReturnType<typeof setTimeout> | undefined;
  const show = (): void => {
    timer = undefined;
    const rows = feed.takeRows();
    if (rows.length > 0) session.print(rowLines(rows));
    session.screen.redraw('soon');
    // More rows follow when the colors of a language are loaded.
    void feed.waiting()?.then(showSoon);
  };
  const showSoon = (): void => {
    timer ??= setTimeout(show, SHOW_MS);
  };
  return {
    see(event) {
      const pending = feed.see(event);
      if (feed.hasStarted()) waiting.end();
      else waiting.see(event);
      showSoon();
      return pending;
    },
    async end() {
      waiting.end();
      await feed.end();
      clearTimeout(timer);
      show();
      session.feed = undefined;
      // An empty line between the answer and its notes.
      if (feed.hasStarted()) session.print([[]]);
    },
  };
}

function plainAnswerOf(session: Session): AnswerView {
  const written = answerView('text', session.context.terminal.streams.stdout, session.settings.model);
  // A line that was printed cannot be taken back.
  const view = session.chat.overrides?.wishes?.restart === true ? wholeView(written) : written;
  return {
    async see(event) {
      if (isWait(event)) session.printText(waitLine(event));
      await view.see(event);
    },
    end: view.end,
  };
}
