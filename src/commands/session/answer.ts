import { type AnswerView, answerView } from '../../output/chat/answer-view.ts';
import { retryText } from '../../output/chat/retry.ts';
import { createAnswerFeed } from '../../ui/chat/answer-feed.ts';
import { rowLines } from '../../ui/session/transcript-lines.ts';
import type { TalkSession } from './session.ts';
import { startWaiting } from './wait.ts';

/** Shown at the pace of the screen, however many tokens come in between. */
const SHOW_MS = 40;

/** One answer of a turn on its way to the transcript: whom orx waits for, then the answer as it comes. */
export function openTalkAnswer(talk: TalkSession): AnswerView {
  const { clock, streams, themeOf } = talk.context;
  const { options } = talk;
  if (!options.isLive) return plainAnswerOf(talk);
  const feed = createAnswerFeed(talk.width, {
    showReasoning: options.showsReasoning,
    theme: themeOf(streams.stdout),
    isMarkdown: options.isMarkdown,
    prose: talk.settings.width,
    monotonic: clock.monotonic,
  });
  const waiting = startWaiting(talk, `${talk.settings.model} · connecting`);
  talk.feed = feed;
  let printed = 0;
  let timer: ReturnType<typeof setTimeout> | undefined;
  const show = (): void => {
    timer = undefined;
    const { blocks } = feed.take();
    for (const rows of blocks.slice(printed)) talk.print(rowLines(rows));
    printed = blocks.length;
    talk.screen.redraw('soon');
  };
  return {
    see(event) {
      const held = feed.see(event);
      if (feed.hasStarted()) waiting.end();
      else waiting.see(event);
      timer ??= setTimeout(show, SHOW_MS);
      return held;
    },
    async end() {
      clearTimeout(timer);
      waiting.end();
      feed.end();
      show();
      talk.feed = undefined;
      // Between the answer and what is said of it.
      if (feed.hasStarted()) talk.print([[]]);
    },
  };
}

function plainAnswerOf(talk: TalkSession): AnswerView {
  const view = answerView('text', talk.context.streams.stdout, talk.settings.model);
  return {
    async see(event) {
      if (event.type === 'retry') talk.say(retryText(event.error, event.attempt, event.waitMs));
      await view.see(event);
    },
    end: view.end,
  };
}
