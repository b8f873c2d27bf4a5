import type { Settings } from '../core/settings.ts';
import { openTalkScreen } from '../ui/talk/talk-app.tsx';
import type { ChatOptions } from './chat-options.ts';
import { openChat } from './chat-turn.ts';
import type { Context } from './context.ts';
import { createTalkLoop } from './talk-loop.ts';
import { TalkSession } from './talk-session.ts';
import { TALK_COMMANDS } from './talk-slash.ts';
import { talkView } from './talk-view.ts';

/** A conversation on a terminal that can be drawn on: it ends when the user leaves it, and the terminal is as before. */
export async function runTalk(settings: Settings, options: ChatOptions, context: Context): Promise<number> {
  const chat = await openChat('chat', settings, context);
  const desk = await context.openTalkDesk();
  const talk = new TalkSession({ context, options, desk, chat, commands: TALK_COMMANDS });
  const loop = createTalkLoop(talk);
  const keyboard = desk.openKeyboard({ onKeys: loop.press, onEnd: loop.leave });
  talk.screen = openTalkScreen({
    ...context.streams,
    view: () => talkView(talk),
    onResize: () => talk.feed?.resize(talk.width),
  });
  talk.outside = async (work) => {
    keyboard.pause();
    try {
      return await talk.screen.suspend(work);
    } finally {
      keyboard.resume();
    }
  };
  if (!options.isQuiet) talk.say('/help shows what can be done here');
  readModelsMeanwhile(talk);
  context.interrupt.addEventListener('abort', loop.leave);
  try {
    await loop.left;
  } finally {
    context.interrupt.removeEventListener('abort', loop.leave);
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
