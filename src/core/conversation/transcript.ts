import { OrxError } from '../../errors.ts';
import { paidCost } from '../../paid-cost.ts';
import { messageText, type ChatRequest, type Message, type StreamCompletion } from '../../providers/completion.ts';
import type { Conversation, Conversations, NewConversation, StoredMessage } from '../../storage/conversations/conversations.ts';
import { assistantMessage } from './assistant-message.ts';
import { cacheMarker } from './cache-marker.ts';
import { contextUse } from './context-use.ts';
import { kept } from './kept.ts';
import { sentMessages, type SentMessage } from './sent-messages.ts';
import { titleOf } from './title.ts';

/** A conversation under way: what is sent with the next request, and where all of it is kept. */
export interface Transcript {
  /** Id of the conversation: label in the ledger, and `session_id` of its requests. */
  readonly id: string;
  /** The id where the conversation is kept, by which it can be continued; null where it is not. */
  readonly session: string | null;
  /** All that has been said, also what is not sent; what was added last is not there yet. */
  readonly stored: readonly StoredMessage[];
  /** What the next request sends, with what was added. */
  sent: () => SentMessage[];
  messages: () => Message[];
  /** A question, or what a tool gave; it is kept when the answer begins. */
  add: (message: Message) => void;
  /** Takes back what was added since the last answer. */
  takeBack: () => void;
  /** The same stream, whose answer becomes the next message. */
  wrap: (stream: StreamCompletion) => StreamCompletion;
  /** A request as `wrap` sends it. */
  warm: (request: ChatRequest) => ChatRequest;
  /** The model that is asked from now on. */
  useModel: (model: string) => void;
  /** The bill of the last answer, which came without one. */
  lookedUp: (cost: string) => void;
  /** From now on nothing before this place is sent; `summary` stands for it. */
  sendFrom: (place: number, summary?: string) => void;
  /** Takes the last turn away for good, and gives its question. Undefined: there is none. */
  undo: () => Message | undefined;
  /** Errors of keeping since the last call: each is said once, and the conversation goes on without. */
  takeErrors: () => readonly unknown[];
}

export interface TranscriptParts {
  /** Undefined: nothing is kept. */
  store: Conversations | undefined;
  /** The conversation that is continued, or what a new one is made with; its title comes with the first question. */
  conversation: Omit<NewConversation, 'title'> & Partial<Conversation>;
  /** Its messages so far. */
  stored: readonly StoredMessage[];
  /** What is to be said first of all: takeErrors. */
  errors?: readonly unknown[];
  /** Whether further turns will follow in this run. */
  isConversation: boolean;
  /** Whether a model that has to be told to cache is told so. */
  marksCache: boolean;
  now: () => number;
  sleep: (ms: number, signal?: AbortSignal) => Promise<void>;
}

export function createTranscript(parts: TranscriptParts): Transcript {
  const { now, sleep } = parts;
  let { store, conversation } = parts;
  let stored = [...parts.stored];
  let added: StoredMessage[] = [];
  let errors: unknown[] = [...(parts.errors ?? [])];
  /** What the request under way sends. */
  let current: readonly SentMessage[] = [];
  // Places of messages that are not kept: after all that are.
  let nextPlace = Number.MAX_SAFE_INTEGER / 2;

  /** Does something with the store, if there is one; after an error there is none any more. */
  const keep = <Result>(work: (store: Conversations) => Result): Result | undefined => {
    if (store === undefined) return undefined;
    try {
      return work(store);
    } catch (error) {
      errors.push(error);
      store = undefined;
      return undefined;
    }
  };
  /** What keeps the next turn on a warm cache. It is asked for after the question has become the last message but one. */
  const warmth = ({ model, maxTokens }: ChatRequest): Pick<ChatRequest, 'sessionId' | 'cacheControl'> => {
    const marker = parts.marksCache
      ? cacheMarker({
          model,
          promptTokens: () => contextUse(current, { contextLength: undefined, maxTokens, system: conversation.system }).used,
          isConversation: parts.isConversation || current.some(({ message }) => message.role === 'assistant'),
        })
      : undefined;
    return {
      // A conversation that leaves no trace here is not named there either; the API then goes by its first messages.
      ...(parts.store !== undefined && { sessionId: conversation.id }),
      ...(marker !== undefined && { cacheControl: marker }),
    };
  };
  const sent = (): SentMessage[] => sentMessages(stored, conversation, added);

  return {
    id: conversation.id,
    get session() {
      return store === undefined ? null : conversation.id;
    },
    get stored() {
      return stored;
    },
    sent,
    messages: () => sent().map(({ message }) => message),
    add(message) {
      added.push({ place: (nextPlace += 1), at: now(), state: 'complete', message });
    },
    takeBack() {
      added = [];
    },
    warm: (request) => ({ ...request, ...warmth(request) }),
    wrap(stream) {
      let place = 0;
      let isFirst = false;
      return kept((request, options) => stream({ ...request, ...warmth(request) }, options), {
        sleep,
        begin() {
          const at = now();
          current = sent();
          const question = added[0]?.message ?? stored[0]?.message;
          const title = conversation.title ?? titleOf(question === undefined ? '' : messageText(question));
          const places = keep((open) => open.begin({ ...conversation, title }, added, at));
          conversation = { ...conversation, title };
          isFirst = stored.length === 0;
          place = places?.answer ?? (nextPlace += 1);
          const asked = added.map((one, index) => ({ ...one, place: places?.asked[index] ?? one.place }));
          const message: Message = { role: 'assistant', content: '' };
          stored = [...stored, ...asked, { place, at, state: 'streaming', message }];
          added = [];
        },
        append: (piece) => keep((open) => open.append(place, piece)),
        finish(answer, { isComplete, error }) {
          const finished = {
            message: assistantMessage(answer),
            state: stateOf(isComplete, error),
            ...(answer.reasoning !== '' && { reasoning: answer.reasoning }),
            ...(answer.images.length > 0 && { images: answer.images }),
            ...(answer.audio.length > 0 && { audio: answer.audio }),
            ...(answer.id !== undefined && { generationId: answer.id }),
            ...(error instanceof Error && { error: error.message }),
            model: answer.model,
            provider: answer.provider,
            finishReason: answer.finishReason,
            usage: answer.usage,
          };
          stored = stored.map((one) =>
            one.place === place ? { ...finished, place, at: one.at, cost: answer.usage && paidCost(answer.usage) } : one,
          );
          const hasNothing = !isComplete && answer.text === '' && answer.reasoning === '' && answer.toolCalls.length === 0;
          // A question that nobody answered begins no conversation: the latest one is still the one before.
          if (hasNothing && isFirst) keep((open) => open.removeFrom(conversation.id, 0));
          else keep((open) => open.finish(place, finished));
        },
      });
    },
    useModel(model) {
      conversation = { ...conversation, model };
    },
    lookedUp(cost) {
      const last = stored.at(-1);
      if (last === undefined || last.message.role !== 'assistant') return;
      stored = [...stored.slice(0, -1), { ...last, cost }];
      keep((open) => open.setCost(last.place, cost));
    },
    sendFrom(place, summary) {
      conversation = { ...conversation, sentFrom: place, summary };
      // What is asked now is not in the store yet: its place there will be above all others.
      const from = added.some((one) => one.place === place) ? (stored.at(-1)?.place ?? 0) + 1 : place;
      keep((open) => open.sendFrom(conversation.id, from, summary));
    },
    undo() {
      const index = stored.findLastIndex((one, at) => one.message.role === 'user' && stored[at - 1]?.message.role !== 'user');
      const question = stored[index];
      if (question === undefined) return undefined;
      stored = stored.slice(0, index);
      keep((open) => open.removeFrom(conversation.id, question.place));
      return question.message;
    },
    takeErrors() {
      const taken = errors;
      errors = [];
      return taken;
    },
  };
}

function stateOf(isComplete: boolean, error: unknown): 'complete' | 'stopped' | 'failed' {
  if (isComplete) return 'complete';
  return error === undefined || (error instanceof OrxError && error.kind === 'interrupted') ? 'stopped' : 'failed';
}
