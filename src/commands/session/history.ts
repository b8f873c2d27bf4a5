import { searchTerms } from '../../core/conversation/search-terms.ts';
import type { Candidate } from '../../core/session/suggestions.ts';
import { usageError } from '../../errors.ts';
import { ageText, countText } from '../../output/text/number.ts';
import { hitLines } from '../../output/history/conversations-table.ts';
import { messageText } from '../../apis/message.ts';
import type { Conversation } from '../../storage/conversations/conversations.ts';
import { finishedText } from '../../ui/chat/finished-text.ts';
import { rowLines, userLines } from '../../ui/session/transcript-lines.ts';
import { findConversation } from '../history/find-conversation.ts';
import type { HistoryFormat } from '../history/options.ts';
import { conversationIn } from '../history/show.ts';
import { openTranscript, type OpenTranscript } from '../turn/open-transcript.ts';
import { commandLine } from './farewell.ts';
import type { SlashRun, Session } from './session.ts';
import type { TranscriptChoice } from '../turn/transcript-options.ts';
import { writeReport } from '../write-report.ts';

/** The number of last messages to show of a continued conversation. */
const SHOWN_MESSAGES = 4;
const MOST_HITS = 10;
const MOST_CONVERSATIONS = 50;
const FORMATS: Readonly<Record<string, HistoryFormat>> = {
  md: 'markdown',
  markdown: 'markdown',
  html: 'html',
  htm: 'html',
  json: 'json',
};

/** Opens another conversation. Settings that it does not store come from this command. */
export function reopened(session: Session, choice: TranscriptChoice, keepsSettings = choice.forks): Promise<OpenTranscript> {
  const { settings, context } = session;
  const { sources: given } = context.stores.resolveSettings({});
  // The same conversation, or a copy of it, keeps the current model and system prompt.
  const now = { source: 'flag' } as const;
  // The settings include the command's flags, so what they switched off stays off.
  const others = { ...given, ...(!settings.history && { history: now }) };
  const sources = keepsSettings ? { ...others, model: now, system: now } : others;
  return openTranscript({ values: settings, sources }, choice, context, { isConversation: true });
}

/** Prints the last messages of a continued conversation. */
export async function printStored(session: Session): Promise<void> {
  const { width, prose, options, context } = session;
  const appearance = {
    width,
    prose,
    theme: context.terminal.themeOf(context.terminal.streams.stdout),
    isMarkdown: options.isMarkdown && options.isLive,
  };
  const shown = session.transcript.stored.filter(
    ({ message, isLeftOut }) => isLeftOut !== true && (message.role === 'user' || message.role === 'assistant'),
  );
  const more = shown.length - SHOWN_MESSAGES;
  if (more > 0) session.printText(`${countText(more)} earlier messages`);
  for (const { message } of shown.slice(-SHOWN_MESSAGES)) {
    const text = messageText(message);
    const lines =
      message.role === 'user'
        ? userLines(text, prose, width)
        : rowLines((await finishedText(text, appearance)).trimEnd().split('\n'));
    session.print([[], ...lines]);
  }
}

export const runFork: SlashRun = async (session) => {
  const { session: conversationId, stored } = session.transcript;
  if (conversationId === null) throw notStored();
  if (stored.length === 0) throw usageError('there is nothing to copy yet', 'send a message first');
  await session.change(await reopened(session, { continues: false, session: conversationId, forks: true }), true);
  session.printText(`continuing in a copy: ${session.transcript.id}`);
};

export const runResume: SlashRun = async (session, rest) => {
  if (rest === '') throw usageError('no conversation named', 'type /resume and a space to choose one');
  await session.change(await reopened(session, { continues: false, session: rest, forks: false }));
  await printStored(session);
};

export const runSearch: SlashRun = async (session, rest) => {
  const terms = searchTerms(rest);
  if (terms.length === 0) throw usageError('no search text given', 'add what to search for: /search WORDS');
  const { context, settings } = session;
  const store = await context.stores.for(settings).openConversations();
  const hits = store.search(terms, {}, MOST_HITS);
  if (hits.length === 0) session.printText('nothing found');
  for (const line of hitLines(hits, { now: context.clock.now(), forTerminal: true })) {
    const text = line.map((cell) => cell.text).join('');
    session.printText(text, line[0]?.tone === 'dim' ? 'dim' : 'plain');
  }
};

export const runSave: SlashRun = async (session, rest) => {
  const { session: conversationId, stored } = session.transcript;
  if (conversationId === null) throw notStored();
  if (stored.length === 0) throw usageError('there is no conversation to name yet', 'send a message first');
  if (rest === '') throw usageError('the title is empty', 'add a title: /save TITLE');
  const store = await session.context.stores.for(session.settings).openConversations();
  store.rename(conversationId, rest.replaceAll(/\s+/g, ' '));
  await session.change(await reopened(session, { continues: false, session: conversationId, forks: false }, true), true);
  session.printText(`saved as: ${rest}; continue with: ${commandLine(session, `chat --session ${conversationId}`)}`);
};

export const runExport: SlashRun = async (session, rest) => {
  const { session: conversationId, stored } = session.transcript;
  if (conversationId === null) throw notStored();
  if (stored.length === 0) throw usageError('there is no conversation to export yet', 'send a message first');
  const format = FORMATS[/\.(\w+)$/.exec(rest)?.[1]?.toLowerCase() ?? ''];
  if (format === undefined) throw usageError('the file name must end with .md, .html or .json', 'name a file: /export chat.md');
  const out = session.services.fromHome(rest);
  if ((await session.services.findPath(rest)) !== undefined)
    throw usageError(`${rest} already exists`, 'name another file: /export FILE');
  const store = await session.context.stores.for(session.settings).openConversations();
  const isSandbox = session.settings.sandbox;
  const matches = { isSandbox, conversation: findConversation(store, conversationId), messages: store.messages(conversationId) };
  await writeReport(session.context, await conversationIn(format, matches, { now: session.context.clock.now() }), {
    out,
    force: false,
  });
  session.printText(`written to ${rest}`);
};

/** Returns the latest conversations, by title. */
export function resumeCandidates({ conversations, context, transcript }: Session): readonly Candidate[] {
  const now = context.clock.now();
  const others = conversations().filter(({ id }: Conversation) => id !== transcript.id);
  return others.slice(0, MOST_CONVERSATIONS).map(({ id, title, updatedAt, messages }) => {
    const detail = `${id.slice(0, 10)} · ${ageText(now - updatedAt)} ago · ${countText(messages)} messages`;
    return { insert: id, label: title, detail, isWhole: true };
  });
}

function notStored(): Error {
  return usageError('this conversation is not stored', 'turn the history on: orx config unset history');
}
