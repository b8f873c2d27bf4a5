import { paidCost } from '../../paid-cost.ts';
import { type ChatRequest, type StreamCompletion } from '../../apis/completion.ts';
import { messageText, type Message } from '../../apis/message.ts';
import type { FunctionTool } from '../../apis/request-parameters.ts';
import type { Conversation, Conversations, NewConversation, StoredMessage } from '../../storage/conversations/conversations.ts';
import type { RequestSettings, RoutingSettings } from '../settings/groups.ts';
import { chatRequest, type RequestOverrides } from '../request/chat-request.ts';
import { cacheMarker } from './cache-marker.ts';
import { contextUse } from './context-use.ts';
import { finishedAnswer } from './finished-answer.ts';
import { storing } from './storing.ts';
import { isAnswer } from './last-answer.ts';
import { withOwnCallIds } from './own-call-ids.ts';
import { type Replacement, settle, withReplacement } from './replacement.ts';
import { sentMessages, type SentMessage } from './sent-messages.ts';
import { titleOf } from './title.ts';

/** A conversation under way: what is sent with the next request, and where all of it is stored. */
export interface Transcript {
  /** Id of the conversation: label in the ledger, and `session_id` of its requests. */
  readonly id: string;
  /** The id where the conversation is stored, by which it can be continued; null where it is not. */
  readonly session: string | null;
  /** The conversation that this one was copied from. */
  readonly forkedFrom: string | undefined;
  /** All that has been said, also what is not sent; what was added last is not there yet. */
  readonly stored: readonly StoredMessage[];
  /** What the next request sends, with what was added. */
  sent: () => SentMessage[];
  /** Begins a turn with its question. With `replacesLast` the last turn is not sent, and this one takes its place when it is committed. */
  begin: (question: Message, options?: { replacesLast?: boolean }) => Turn;
  /** The same stream, whose answer becomes the next message. */
  wrap: (stream: StreamCompletion) => StreamCompletion;
  /** The model that is asked from now on. */
  useModel: (model: string) => void;
  /** The bill of the last answer, which came without one. */
  lookedUp: (cost: string) => void;
  /** From now on nothing before this place is sent; `summary` stands for it. */
  sendFrom: (place: number, summary?: string) => void;
  /** Takes the last turn away for good, and gives its question. Undefined: there is none. */
  undo: () => Message | undefined;
  /** The question of the last turn. */
  lastQuestion: () => Message | undefined;
  /** Errors of keeping since the last call: each is said once, and the conversation goes on without. */
  drainErrors: () => readonly unknown[];
}

/** A question and what answers it, with tools perhaps in several requests, until it is committed or rolled back. */
export interface Turn {
  /** What its next request sends. */
  messages: () => Message[];
  /**
   * That request, in the form that the strictest provider accepts. `messages` (default: those of the turn) is what a loop of tool calls has
   * come to; without `takesTools` (default true) calls go along as text.
   */
  request: (
    settings: RequestSettings & RoutingSettings,
    overrides?: RequestOverrides,
    options?: { messages?: readonly Message[]; takesTools?: boolean },
  ) => ChatRequest;
  /** What a tool gave: it is stored with the request that sends it. */
  add: (result: Message) => void;
  /** Stores results of tools at once: the turn ends here, and no request of it sends them. The next turn does. */
  addUnsent: (results: readonly Message[]) => void;
  /** The turn got its answer. Returns whether it replaced an earlier one. */
  commit: () => boolean;
  /**
   * The turn got no answer that counts: what was not sent is taken back, and an earlier turn that has an answer stays. Returns whether the
   * earlier turn was replaced all the same, because it had none.
   */
  rollback: () => boolean;
}

export interface TranscriptParts {
  /** Undefined: nothing is stored. */
  store: Conversations | undefined;
  /** The conversation that is continued, or what a new one is made with; its title comes with the first question. */
  conversation: Omit<NewConversation, 'title'> & Partial<Conversation>;
  /** Its messages so far. */
  stored: readonly StoredMessage[];
  /** What is to be said first of all: drainErrors. */
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
  let replacement: Replacement | undefined;
  /** What the API counted up to this place holds more than is sent now. */
  let miscountedUntil = -1;
  // Places of messages that are not stored: after all that are.
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
  /** What keeps the next turn on a warm cache. */
  const cacheHints = (
    { model, maxTokens }: ChatRequest,
    going: readonly SentMessage[],
  ): Pick<ChatRequest, 'sessionId' | 'cacheControl'> => {
    const marker = parts.marksCache
      ? cacheMarker({
          model,
          promptTokens: () => contextUse(going, { contextLength: undefined, maxTokens, system: conversation.system }).used,
          isConversation: parts.isConversation || going.some(({ message }) => message.role === 'assistant'),
        })
      : undefined;
    return {
      // A conversation that leaves no trace here is not named there either; the API then goes by its first messages.
      ...(parts.store !== undefined && { sessionId: conversation.id }),
      ...(marker !== undefined && { cacheControl: marker }),
    };
  };
  const sent = (): SentMessage[] =>
    sentMessages(withReplacement(stored, replacement), conversation, added).map(({ place, message, tokensSoFar }) => ({
      place,
      message,
      ...(place !== undefined && place > miscountedUntil && { tokensSoFar }),
    }));
  const add = (message: Message): void => {
    added.push({ place: (nextPlace += 1), at: now(), state: 'complete', message });
  };
  /** Ends an attempt to replace a turn. One that has an answer is replaced only by an attempt that succeeded. */
  const endReplacing = (succeeded: boolean): boolean => {
    const ended = replacement;
    replacement = undefined;
    if (ended?.until === undefined) return false;
    const { from, until } = ended;
    const settled = settle(stored, { from, until }, succeeded);
    stored = [...settled.stored];
    if (settled.outcome === 'replaced') keep((open) => open.replace(conversation.id, from, until));
    if (settled.outcome === 'removed') keep((open) => open.removeFrom(conversation.id, until));
    return settled.outcome === 'replaced';
  };
  const lastQuestionIndex = (): number =>
    stored.findLastIndex(
      (one, at) => one.message.role === 'user' && one.isLeftOut !== true && stored[at - 1]?.message.role !== 'user',
    );

  return {
    id: conversation.id,
    get session() {
      return store === undefined ? null : conversation.id;
    },
    forkedFrom: conversation.forkedFrom,
    get stored() {
      return stored;
    },
    sent,
    begin(question, { replacesLast = false } = {}) {
      const replaced = replacesLast ? stored[lastQuestionIndex()] : undefined;
      if (replaced !== undefined) replacement = { from: replaced.place, until: undefined };
      add(question);
      return {
        messages: () => sent().map(({ message }) => message),
        request(settings, overrides, { messages, takesTools } = {}) {
          const going = sent();
          const pastTools = stored.flatMap(({ tools = [] }) => tools);
          const asked = messages ?? going.map(({ message }) => message);
          const request = chatRequest(asked, settings, overrides, { pastTools, takesTools });
          return { ...request, ...cacheHints(request, going) };
        },
        add,
        addUnsent(results) {
          const at = now();
          const places = keep((open) => open.addMessages(conversation.id, results, at, replacement !== undefined)) ?? [];
          stored = [
            ...stored,
            ...results.map((message, index): StoredMessage => ({
              place: places[index] ?? (nextPlace += 1),
              at,
              state: 'complete',
              message,
            })),
          ];
        },
        commit: () => endReplacing(true),
        rollback() {
          added = [];
          return endReplacing(false);
        },
      };
    },
    wrap(stream) {
      let place = 0;
      let isFirst = false;
      let offered: readonly FunctionTool[] = [];
      return storing(stream, {
        sleep,
        // The next turn sends it.
        keepsText: parts.isConversation,
        begin(request) {
          const at = now();
          offered = (request.tools ?? []).filter((tool) => tool.type === 'function');
          current = sent();
          const question = added[0]?.message ?? stored[0]?.message;
          const title = conversation.title ?? titleOf(question === undefined ? '' : messageText(question));
          const places = keep((open) => open.begin({ ...conversation, title }, added, at, replacement !== undefined));
          conversation = { ...conversation, title };
          isFirst = stored.length === 0;
          place = places?.answer ?? (nextPlace += 1);
          const asked = added.map((one, index) => ({ ...one, place: places?.asked[index] ?? one.place }));
          const message: Message = { role: 'assistant', content: '' };
          stored = [...stored, ...asked, { place, at, state: 'streaming', message }];
          if (replacement !== undefined) replacement.until ??= asked[0]?.place ?? place;
          added = [];
        },
        append: (piece) => keep((open) => open.append(place, piece)),
        finish(came, { isComplete, isLong, error }) {
          const before = current.map((one) => one.message);
          const answer = withOwnCallIds(came, before);
          const finished = finishedAnswer(answer, { isComplete, error, model: conversation.model, tools: offered });
          const keeps = { ...finished, ...(replacement !== undefined && { isLeftOut: true }), ...(isLong && { isLong }) };
          const entry = { ...finished, place, at: now(), cost: answer.usage && paidCost(answer.usage) };
          stored = stored.map((one) => (one.place === place ? { ...entry, at: one.at } : one));
          // A question that nobody answered begins no conversation: the latest one is still the one before.
          if (!isComplete && isFirst && !isAnswer(entry)) keep((open) => open.removeFrom(conversation.id, 0));
          else keep((open) => open.finish(place, keeps));
        },
      });
    },
    useModel(model) {
      conversation = { ...conversation, model };
    },
    lookedUp(cost) {
      // Results of tools may stand behind it.
      const last = stored.findLastIndex(({ message }) => message.role === 'assistant');
      const answer = stored[last];
      if (answer === undefined) return;
      stored = stored.with(last, { ...answer, cost });
      keep((open) => open.setCost(answer.place, cost));
    },
    sendFrom(place, summary) {
      conversation = { ...conversation, sentFrom: place, summary };
      miscountedUntil = stored.at(-1)?.place ?? -1;
      // What is asked now is not in the store yet: its place there will be above all others.
      const from = added.some((one) => one.place === place) ? (stored.at(-1)?.place ?? 0) + 1 : place;
      keep((open) => open.sendFrom(conversation.id, from, summary));
    },
    lastQuestion: () => stored[lastQuestionIndex()]?.message,
    undo() {
      const index = lastQuestionIndex();
      const question = stored[index];
      if (question === undefined) return undefined;
      stored = stored.slice(0, index);
      keep((open) => open.removeFrom(conversation.id, question.place));
      return question.message;
    },
    drainErrors() {
      const taken = errors;
      errors = [];
      return taken;
    },
  };
}
