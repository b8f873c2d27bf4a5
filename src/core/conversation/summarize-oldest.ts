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
  'Summarize the conversation above for yourself: it will be replaced by your summary, and you will go on from there. Keep what was ' +
  'decided, found out and asked for, names, figures, file names and code that is still needed, and what is open. Write in the language ' +
  'of the conversation, without an introduction.';

export interface Summary {
  text: string;
  /** Place of the first message that is still sent. */
  from: number;
  /** How many turns the summary stands for. */
  turns: number;
  /** Who wrote it. */
  answer: Answer;
}

/**
 * Asks for a summary of all turns but the last `keepTurns`. Undefined when there is nothing to summarize. Throws what the request throws, and
 * for a summary that is empty or cut short. It changes nothing: Transcript.sendFrom takes the summary over.
 */
export async function summarizeOldest(
  messages: readonly SentMessage[],
  options: {
    keepTurns: number;
    /** Everything but the messages: core/conversation/summary-request.ts. */
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
