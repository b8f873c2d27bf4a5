import type { ChatOptions } from './chat-options.ts';
import { openChat } from './open-chat.ts';
import type { Context } from './context.ts';
import type { FitOptions } from './fit-context.ts';
import type { OpenTranscript } from './open-transcript.ts';
import { orInterrupted } from './or-interrupted.ts';
import { sayStored } from './talk-history.ts';
import { openPlainScreen, runPlainTalk } from './talk-plain.ts';
import { type TalkExtras, TalkSession } from './talk-session.ts';
import { TALK_COMMANDS } from './talk-slash.ts';

const HELP = '/help shows what can be done here';

/** A conversation on a terminal: it ends when the user leaves it, and the terminal is as before. */
export async function runTalk(
  { transcript, settings }: OpenTranscript,
  options: ChatOptions,
  context: Context,
  { dropsOldest, ...extras }: Pick<FitOptions, 'dropsOldest'> & TalkExtras,
): Promise<number> {
  const chat = await orInterrupted(openChat('chat', settings, context, { ...extras, transcript }), context.interrupt);
  const desk = await context.openTalkDesk();
  const talk = new TalkSession({ context, options, desk, chat, extras, transcript, dropsOldest, commands: TALK_COMMANDS });
  const drawn = options.isLive ? await import('./talk-drawn.ts') : undefined;
  // From here on Ctrl-C is a key of the conversation.
  context.interrupt.throwIfAborted();
  if (drawn === undefined) openPlainScreen(talk);
  const run = drawn?.openDrawnTalk(talk) ?? (() => runPlainTalk(talk));
  if (!options.isQuiet) talk.say(options.isLive ? HELP : `${settings.model} · ${HELP}`);
  if (transcript.stored.length > 0) await sayStored(talk);
  talk.sayNotes();
  await run();
  context.interrupt.throwIfAborted();
  return 0;
}
