import { conversationJson, messageJson } from '../../output/history/json.ts';
import { conversationText } from '../../output/history/text.ts';
import { jsonText } from '../../output/text/json.ts';
import { styled } from '../../output/text/terminal-border.ts';
import type { Theme } from '../../output/text/theme.ts';
import { write } from '../../output/text/write-stream.ts';
import type { Conversation, StoredMessage } from '../../storage/conversations/conversations.ts';
import type { Context } from '../context.ts';
import { findConversation } from './find-conversation.ts';
import { codeOf, openHistory } from './open.ts';
import { type ExportOptions, type HistoryFormat, type OneOptions, parseExport, parseShow, type ShowOptions } from './options.ts';
import { writeReport } from '../write-report.ts';

/** A conversation and its messages. */
export interface FoundConversation {
  isSandbox: boolean;
  conversation: Conversation;
  messages: readonly StoredMessage[];
}

/** `orx history show` */
export const showHistory = { parse: parseShow, run: runShow };

async function runShow({ format, last, ...options }: ShowOptions, context: Context): Promise<number> {
  const { conversation, messages, isSandbox, code } = await find(options, context);
  const shown = last === undefined ? messages : messages.slice(-last);
  const { clock, terminal } = context;
  const { stdout } = terminal.streams;
  const theme = terminal.themeOf(stdout);
  const text = await conversationIn(format, { isSandbox, conversation, messages: shown }, { now: clock.now(), theme });
  await write(format === 'text' ? styled(stdout) : stdout, text);
  return code;
}

/** `orx history export` */
export const exportHistory = { parse: parseExport, run: runExport };

async function runExport({ format, place, ...options }: ExportOptions, context: Context): Promise<number> {
  const match = await find(options, context);
  await writeReport(context, await conversationIn(format, match, { now: context.clock.now() }), place);
  return match.code;
}

async function find(
  { settings, prefix }: Omit<OneOptions, 'isJson'>,
  context: Context,
): Promise<FoundConversation & { code: number }> {
  const store = await openHistory(settings, context);
  const conversation = findConversation(store, prefix);
  return { isSandbox: settings.sandbox, conversation, messages: store.messages(conversation.id), code: codeOf(store) };
}

/** Returns a conversation in a format of `orx history export`. A theme makes text suitable for a terminal. */
export async function conversationIn(
  format: HistoryFormat,
  { isSandbox, conversation, messages }: FoundConversation,
  { now, theme }: { now: number; theme?: Theme | undefined },
): Promise<string> {
  switch (format) {
    case 'json':
      return jsonText({
        ...(isSandbox && { sandbox: true }),
        ...conversationJson(conversation),
        messages: messages.map(messageJson),
      });
    case 'markdown':
      return (await import('../../output/history/markdown.ts')).conversationMarkdown(conversation, messages, { now, isSandbox });
    case 'html':
      return (await import('../../output/history/html.ts')).conversationHtml(conversation, messages, { now, isSandbox });
    default:
      return conversationText(conversation, messages, { now, isSandbox, theme });
  }
}
