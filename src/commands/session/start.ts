import type { ChatOptions } from '../turn/options.ts';
import { SANDBOX_LABEL } from '../../output/text/sandbox-label.ts';
import { openChat } from '../turn/open.ts';
import type { Context } from '../context.ts';
import type { FitOptions } from '../turn/fit-context.ts';
import type { OpenTranscript } from '../turn/open-transcript.ts';
import { orInterrupted } from '../or-interrupted.ts';
import { printFarewell } from './farewell.ts';
import { printStored } from './history.ts';
import { openPlainScreen, runPlainSession } from './plain.ts';
import { type SessionExtras, Session } from './session.ts';
import { SLASH_COMMANDS } from './slash.ts';

const HELP = 'Type a message. /help for commands, @ to attach files, Ctrl-D to quit.';

/** Runs a conversation on a terminal until the user leaves it, and restores the terminal. */
export async function runSession(
  { transcript, settings }: OpenTranscript,
  options: ChatOptions,
  context: Context,
  { dropsOldest, ...extras }: Pick<FitOptions, 'dropsOldest'> & SessionExtras,
): Promise<number> {
  const chat = await orInterrupted(openChat('chat', settings, context, { ...extras, transcript }), context.lifetime.interrupt);
  const services = await context.terminal.openSessionServices();
  const session = new Session({ context, options, services, chat, extras, transcript, dropsOldest, commands: SLASH_COMMANDS });
  const drawn = options.isLive ? await import('./drawn.ts') : undefined;
  // From here on, the conversation handles Ctrl-C as a key.
  context.lifetime.interrupt.throwIfAborted();
  if (drawn === undefined) openPlainScreen(session);
  const run = drawn?.openDrawnSession(session) ?? (() => runPlainSession(session));
  if (settings.sandbox) session.printText(`${SANDBOX_LABEL}: answers and costs are simulated`, 'warning');
  if (!options.isQuiet) session.printText(options.isLive ? HELP : `${settings.model} · ${HELP}`);
  if (transcript.stored.length > 0) await printStored(session);
  session.printNotes();
  try {
    await run();
  } finally {
    printFarewell(session);
  }
  context.lifetime.interrupt.throwIfAborted();
  return 0;
}
