import type { ChatOptions } from '../turn/options.ts';
import { openChat } from '../turn/open.ts';
import type { Context } from '../context.ts';
import type { FitOptions } from '../turn/fit-context.ts';
import type { OpenTranscript } from '../turn/open-transcript.ts';
import { orInterrupted } from '../or-interrupted.ts';
import { sayStored } from './history.ts';
import { openPlainScreen, runPlainTalk } from './plain.ts';
import { type TalkExtras, TalkSession } from './session.ts';
import { TALK_COMMANDS } from './slash.ts';

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
  const drawn = options.isLive ? await import('./drawn.ts') : undefined;
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
