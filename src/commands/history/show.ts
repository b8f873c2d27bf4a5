import { parseLimit } from '../../core/settings/parse-count.ts';
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
import type { Run } from '../register.ts';
import type { CommandInput } from '../setting-options.ts';
import { writeReport } from '../write-report.ts';

/** A conversation and its messages. */
export interface FoundConversation {
  conversation: Conversation;
  messages: readonly StoredMessage[];
}

/** `orx history show` */
export const showConversation: Run = async (input, context) => {
  const last = input.options['last'] as string | undefined;
  const count = last === undefined ? undefined : parseLimit('--last', last);
  const { conversation, messages, code } = await find(input, context);
  const shown = count === undefined ? messages : messages.slice(-count);
  const format = input.options['json'] === true ? 'json' : String(input.options['output']);
  const {
    terminal: { streams, themeOf },
    clock,
  } = context;
  const theme = themeOf(streams.stdout);
  const text = await conversationIn(format, { conversation, messages: shown }, { now: clock.now(), theme });
  await write(format === 'text' ? styled(streams.stdout) : streams.stdout, text);
  return code;
};

/** `orx history export` */
export const exportConversation: Run = async (input, context) => {
  const match = await find(input, context);
  const format = input.options['json'] === true ? 'json' : String(input.options['output']);
  const place = { out: input.options['outFile'] as string | undefined, force: input.options['force'] === true };
  await writeReport(context, await conversationIn(format, match, { now: context.clock.now() }), place);
  return match.code;
};

async function find(input: CommandInput, context: Context): Promise<FoundConversation & { code: number }> {
  const store = await openHistory(input, context);
  const conversation = findConversation(store, input.words[0] ?? '');
  return { conversation, messages: store.messages(conversation.id), code: codeOf(store) };
}

/** A conversation in a format of `orx history export`; text is for a terminal only where it has a theme. */
export async function conversationIn(
  format: string,
  { conversation, messages }: FoundConversation,
  { now, theme }: { now: number; theme?: Theme | undefined },
): Promise<string> {
  switch (format) {
    case 'json':
      return jsonText({ ...conversationJson(conversation), messages: messages.map(messageJson) });
    case 'markdown':
      return (await import('../../output/history/markdown.ts')).conversationMarkdown(conversation, messages, now);
    case 'html':
      return (await import('../../output/history/html.ts')).conversationHtml(conversation, messages, now);
    default:
      return conversationText(conversation, messages, { now, theme });
  }
}
