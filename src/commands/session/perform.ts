import type { Draft } from '../../core/session/draft.ts';
import { parseSlash } from '../../core/session/slash-commands.ts';
import { usageError } from '../../errors.ts';
import type { Message } from '../../apis/completion.ts';
import { saidLines } from '../../ui/session/transcript-lines.ts';
import { questionOf } from './attach.ts';
import type { TalkSession } from './session.ts';
import { ask } from './turn.ts';

/** Whether a text is the command that leaves. */
export function isLeaving(talk: TalkSession, text: string): boolean {
  const slash = parseSlash(text, talk.commands);
  return slash?.type === 'command' && slash.name === 'quit';
}

/** Does what a draft asks for, a command or a message, and says why where it cannot. */
export async function perform(talk: TalkSession, draft: Draft, signal: AbortSignal, hurry: AbortSignal): Promise<void> {
  try {
    await performUnsaid(talk, draft, signal, hurry);
  } catch (error) {
    talk.sayError(error);
  }
  talk.refresh();
}

async function performUnsaid(talk: TalkSession, draft: Draft, signal: AbortSignal, hurry: AbortSignal): Promise<void> {
  const { text } = draft;
  const slash = parseSlash(text, talk.commands);
  if (slash === undefined) return askWritten(talk, draft, signal, hurry);
  if (talk.options.isLive) talk.print([[], ...saidLines(text, talk.prose, talk.width)]);
  if (slash.type === 'unknown') {
    const hint = slash.nearest === undefined ? '/help names them all' : `/${slash.nearest}? /help names them all`;
    throw usageError(`there is no command /${slash.word}`, hint);
  }
  await talk.commands.find(({ name }) => name === slash.name)?.run(talk, slash.rest, signal, hurry, draft);
}

async function askWritten(talk: TalkSession, draft: Draft, signal: AbortSignal, hurry: AbortSignal): Promise<void> {
  let question: Message;
  try {
    question = await questionOf(talk, draft, signal);
  } catch (error) {
    talk.putBack(draft);
    throw error;
  }
  await ask(talk, question, signal, hurry);
}
