import type { Draft } from '../../core/session/draft.ts';
import { parseSlash } from '../../core/session/slash-commands.ts';
import { usageError } from '../../errors.ts';
import type { Message } from '../../apis/message.ts';
import { userLines } from '../../ui/session/transcript-lines.ts';
import { questionOf } from './mentions/attach.ts';
import type { Session } from './session.ts';
import { ask } from './turn.ts';

/** Returns whether a text is the command that ends the conversation. */
export function isLeaving(session: Session, text: string): boolean {
  const slash = parseSlash(text, session.commands);
  return slash?.type === 'command' && slash.name === 'quit';
}

/** Runs a draft, a command or a message, and prints the error if that fails. */
export async function perform(session: Session, draft: Draft, signal: AbortSignal, skipLookUps: AbortSignal): Promise<void> {
  try {
    await performUnlisted(session, draft, signal, skipLookUps);
  } catch (error) {
    session.printError(error);
  }
  session.refresh();
}

async function performUnlisted(session: Session, draft: Draft, signal: AbortSignal, skipLookUps: AbortSignal): Promise<void> {
  const { text } = draft;
  const slash = parseSlash(text, session.commands);
  if (slash === undefined) return askWritten(session, draft, signal, skipLookUps);
  if (session.options.isLive) session.print([[], ...userLines(text, session.prose, session.width)]);
  if (slash.type === 'unknown') {
    const hint = slash.nearest === undefined ? 'list the commands: /help' : `did you mean: /${slash.nearest}`;
    throw usageError(`unknown command /${slash.word}`, hint);
  }
  const { name: slashCommand } = slash;
  const command = session.commands.find(({ name }) => name === slashCommand);
  // The text may be meant as a message: /undo and /new would lose something then.
  if (command?.takes === '' && slash.rest !== '')
    throw usageError(
      `/${slashCommand} accepts no text after it`,
      `run the command: /${slashCommand}`,
      'send it as a message: begin with another word',
    );
  await command?.run(session, slash.rest, signal, skipLookUps, draft);
}

async function askWritten(session: Session, draft: Draft, signal: AbortSignal, skipLookUps: AbortSignal): Promise<void> {
  let question: Message;
  try {
    question = await questionOf(session, draft, signal);
  } catch (error) {
    session.putBack(draft);
    throw error;
  }
  await ask(session, question, signal, skipLookUps);
}
