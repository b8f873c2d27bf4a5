import { OrxError } from '../../errors.ts';
import type { ChatRequest, StreamCompletion } from '../../apis/completion.ts';
import type { Message } from '../../apis/message.ts';
import type { Answer } from '../answer/answer.ts';
import { collectAnswer } from '../answer/collect.ts';
import { normalizeRequest } from '../request/replay/normalize-request.ts';
import { withToolsAsText } from '../request/replay/tools-as-text.ts';
import { isCutOff } from '../answer/cut-calls.ts';
import { turnsOf, type SentMessage } from './sent-messages.ts';

const INSTRUCTION =
  'Summarize the conversation above for yourself: it will be replaced by your summary, and you will continue from there. Keep what was ' +
  'decided, found out and asked for, names, figures, file names and code that is still needed, and what is open. Write in the language ' +
  'of the conversation, without an introduction.';

export interface Summary {
  text: string;
  /** Place of the first message that is still sent. */
  from: number;
  /** Number of turns that the summary replaces. */
  turns: number;
  /** The answer that contains the summary. */
  answer: Answer;
}

/**
 * Requests a summary of all turns except the last `keepTurns`. Undefined if there is nothing to summarize. Throws the errors of the request, and
 * an error if the summary is empty or cut off. Changes nothing: Transcript.sendFrom applies the summary.
 */
export async function summarizeOldest(
  messages: readonly SentMessage[],
  options: {
    keepTurns: number;
    /** Everything except the messages: core/conversation/summary-request.ts. */
    request: Omit<ChatRequest, 'messages'>;
    system?: string | undefined;
    stream: StreamCompletion;
    signal?: AbortSignal | undefined;
  },
): Promise<Summary | undefined> {
  const turns = turnsOf(messages);
  const old = turns.slice(0, Math.max(0, turns.length - options.keepTurns));
  const from = turns[old.length]?.[0]?.place;
  if (old.length === 0 || from === undefined) return undefined;
  const asked: Message[] = [
    ...(options.system === undefined ? [] : [{ role: 'system' as const, content: options.system }]),
    ...old.flat().map(({ message }) => withToolsAsText(message)),
    { role: 'user', content: INSTRUCTION },
  ];
  const request = normalizeRequest({ ...options.request, messages: asked });
  const { answer, error } = await collectAnswer(options.stream(request, { signal: options.signal }), () => undefined);
  if (error !== undefined) throw error;
  const text = answer.text.trim();
  if (isCutOff(answer)) throw unusable(`the summary was cut short (${answer.finishReason})`);
  if (text === '') throw unusable('the summary is empty');
  return { text, from, turns: old.length, answer };
}

function unusable(what: string): OrxError {
  return new OrxError(what, {
    kind: 'provider',
    code: 'summary-unusable',
    hints: ['try again, or use another model: /model MODEL', 'drop the oldest turns without a summary: /compact drop'],
  });
}
