import type { ChatRequest, Message, StreamCompletion } from '../../providers/completion.ts';
import { messageText } from '../../providers/completion.ts';
import { collectAnswer } from '../collect-answer.ts';
import { turnsOf, type SentMessage } from './sent-messages.ts';

const INSTRUCTION =
  'Summarise the conversation above for yourself: it will be replaced by your summary, and you will go on from there. Keep what was ' +
  'decided, found out and asked for, names, figures, file names and code that is still needed, and what is open. Write in the language ' +
  'of the conversation, without an introduction.';

export interface Summary {
  text: string;
  /** Place of the first message that is still sent. */
  from: number;
  /** How many turns the summary stands for. */
  turns: number;
}

/**
 * Asks for a summary of all turns but the last `keepTurns`, with this request's model and routing. Undefined when there is nothing to
 * summarise. Throws what the request throws, and leaves the conversation as it is: Transcript.sendFrom takes the summary over.
 */
export async function summariseOldest(
  messages: readonly SentMessage[],
  options: {
    keepTurns: number;
    /** Everything but the messages. */
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
    ...old.flat().map(({ message }) => withoutTools(message)),
    { role: 'user', content: INSTRUCTION },
  ];
  const { answer, error } = await collectAnswer(
    options.stream({ ...options.request, messages: asked }, { signal: options.signal }),
    () => undefined,
  );
  if (error !== undefined) throw error;
  const text = answer.text.trim();
  return text === '' ? undefined : { text, from, turns: old.length };
}

/** Calls and results of tools as text: a request without tools may not hold them otherwise. */
function withoutTools(message: Message): Message {
  if (message.role === 'tool') return { role: 'user', content: `Result of a tool: ${messageText(message)}` };
  if (message.toolCalls === undefined) return message;
  const calls = message.toolCalls.map(({ name, arguments: given }) => `Calls ${name} with ${given}`).join('\n');
  return { role: 'assistant', content: [messageText(message), calls].filter((part) => part !== '').join('\n\n') };
}
