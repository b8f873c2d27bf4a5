import { openTalkScreen } from '../../ui/session/app.tsx';
import { createTalkLoop } from './loop.ts';
import type { TalkSession } from './session.ts';
import { createTerminalLoan } from './terminal-loan.ts';
import { talkView } from './view.ts';

const MOST_LISTED = 51;

/** Takes the terminal: keys are read from now on. What it gives waits for the end and gives the terminal back. */
export function openDrawnTalk(talk: TalkSession): () => Promise<void> {
  const { context, desk } = talk;
  const loop = createTalkLoop(talk);
  const keyboard = desk.openKeyboard({ onKeys: loop.press, onEnd: loop.leave });
  talk.screen = openTalkScreen({
    ...context.streams,
    theme: context.themeOf(context.streams.stdout),
    view: () => talkView(talk),
    onResize: () => talk.feed?.resize(talk.width),
  });
  talk.lend = createTerminalLoan(async (use) => {
    keyboard.pause();
    try {
      return await talk.screen.suspend(use);
    } finally {
      keyboard.resume();
    }
  });
  desk.lendTo((question) => talk.outside(question));
  readModelsMeanwhile(talk);
  if (talk.settings.history) openConversationsMeanwhile(talk);
  context.interrupt.addEventListener('abort', loop.leave);
  // A signal that came while the keyboard was opened.
  if (context.interrupt.aborted) loop.leave();
  return async () => {
    try {
      await loop.left;
    } finally {
      context.interrupt.removeEventListener('abort', loop.leave);
      desk.lendTo(undefined);
      await talk.screen.close();
      keyboard.close();
    }
  };
}

/** Names, prices and lengths of context: nobody waits for them. */
function readModelsMeanwhile(talk: TalkSession): void {
  const { context, settings } = talk;
  context.meanwhile(async (signal) => {
    const { catalogue } = await context.readCatalogue(settings, { preferStored: true, signal });
    talk.models = catalogue.models;
    talk.refresh();
    talk.screen.redraw('now');
  });
}

/** For the list of /resume. What cannot be opened is said where the conversation is kept. */
function openConversationsMeanwhile(talk: TalkSession): void {
  const { context, settings } = talk;
  context.meanwhile(async () => {
    const store = await context.openConversations(settings);
    talk.conversations = () => store.list({}, MOST_LISTED);
  });
}
