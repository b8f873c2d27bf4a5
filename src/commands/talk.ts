import { openTalkScreen } from '../ui/talk/talk-app.tsx';
import type { ChatOptions } from './chat-options.ts';
import { openChat } from './open-chat.ts';
import type { Context } from './context.ts';
import type { FitOptions } from './fit-context.ts';
import type { OpenTranscript } from './open-transcript.ts';
import { createTalkLoop } from './talk-loop.ts';
import { sayStored } from './talk-history.ts';
import { type TalkExtras, TalkSession } from './talk-session.ts';
import { TALK_COMMANDS } from './talk-slash.ts';
import { talkView } from './talk-view.ts';

const MOST_LISTED = 51;

/** A conversation on a terminal that can be drawn on: it ends when the user leaves it, and the terminal is as before. */
export async function runTalk(
  { transcript, settings }: OpenTranscript,
  options: ChatOptions,
  context: Context,
  { dropsOldest, extras }: Pick<FitOptions, 'dropsOldest'> & { extras: TalkExtras },
): Promise<number> {
  const chat = await openChat('chat', settings, context, { ...extras, transcript });
  const desk = await context.openTalkDesk();
  const talk = new TalkSession({ context, options, desk, chat, extras, transcript, dropsOldest, commands: TALK_COMMANDS });
  const loop = createTalkLoop(talk);
  const keyboard = desk.openKeyboard({ onKeys: loop.press, onEnd: loop.leave });
  talk.screen = openTalkScreen({
    ...context.streams,
    view: () => talkView(talk),
    onResize: () => talk.feed?.resize(talk.width),
  });
  desk.lendTo((ask) => talk.outside(ask));
  talk.outside = async (work) => {
    keyboard.pause();
    try {
      return await talk.screen.suspend(work);
    } finally {
      keyboard.resume();
    }
  };
  if (!options.isQuiet) talk.say('/help shows what can be done here');
  if (transcript.stored.length > 0) sayStored(talk);
  talk.sayNotes();
  readModelsMeanwhile(talk);
  if (settings.history) openConversationsMeanwhile(talk);
  context.interrupt.addEventListener('abort', loop.leave);
  try {
    await loop.left;
  } finally {
    context.interrupt.removeEventListener('abort', loop.leave);
    desk.lendTo(undefined);
    await talk.screen.close();
    keyboard.close();
  }
  context.interrupt.throwIfAborted();
  return 0;
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
