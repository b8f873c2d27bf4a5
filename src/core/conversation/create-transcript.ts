import { paidCost } from '../../paid-cost.ts';
import type { ChatRequest } from '../../apis/completion.ts';
import { messageText, type Message } from '../../apis/message.ts';
import type { FunctionTool } from '../../apis/request-parameters.ts';
import type { Conversation, NewConversation, StoredMessage } from '../../storage/conversations/conversations.ts';
import { chatRequest } from '../request/chat-request.ts';
import { cacheMarker } from './cache-marker.ts';
import { contextUse } from './context-use.ts';
import { finishedAnswer } from './finished-answer.ts';
import { isAnswer } from './last-answer.ts';
import { withOwnCallIds } from './own-call-ids.ts';
import { type Replacement, settle, withReplacement } from './replacement.ts';
import { sentMessages, type SentMessage } from './sent-messages.ts';
import { type AnswerKeeper, storing, storingPushed } from './storing.ts';
import { titleOf } from './title.ts';
import type { Transcript, TranscriptStore } from './transcript.ts';

export interface TranscriptParts {
  /** Undefined: nothing is stored. */
  store: TranscriptStore | undefined;
  /** The conversation to continue, or the properties of a new one; its title is set with the first question. */
  conversation: Omit<NewConversation, 'title'> & Partial<Conversation>;
  /** Its messages so far. */
  stored: readonly StoredMessage[];
  /** The first errors for drainErrors. */
  errors?: readonly unknown[];
  /** Whether more turns will follow in this process. */
  isConversation: boolean;
  /** Whether the request marks the prompt for models that cache only on request. */
  marksCache: boolean;
  now: () => number;
  sleep: (ms: number, signal?: AbortSignal) => Promise<void>;
}

/** Creates a conversation in progress. Errors of the store never reach the caller: `drainErrors` returns them. */
export function createTranscript(parts: TranscriptParts): Transcript {
  const { now, sleep } = parts;
  let { store, conversation } = parts;
  let stored = [...parts.stored];
  let added: StoredMessage[] = [];
  let errors: unknown[] = [...(parts.errors ?? [])];
  /** The messages of the current request. */
  let current: readonly SentMessage[] = [];
  let replacement: Replacement | undefined;
  /** The API's counts up to this place include messages that are no longer sent. */
  let miscountedUntil = -1;
  // Places of messages that are not stored yet: greater than all stored ones.
  let nextPlace = Number.MAX_SAFE_INTEGER / 2;

  /** Calls `work` with the store, if there is one. After an error the store is no longer used. */
  const keep = <Result>(work: (store: TranscriptStore) => Result): Result | undefined => {
    if (store === undefined) return undefined;
    try {
      return work(store);
    } catch (error) {
      errors.push(error);
      store = undefined;
      return undefined;
    }
  };
  /** Returns the fields that let the next turn use the cache. */
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
      // A conversation that is not stored gets no session id; the API then identifies it by its first messages.
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
  /** Ends an attempt to replace a turn. A turn with an answer is replaced only if the attempt succeeded. */
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

  /** Stores the answers of one stream. */
  const keeper = (): AnswerKeeper => {
    let place = 0;
    let isFirst = false;
    let offered: readonly FunctionTool[] = [];
    return {
      sleep,
      // The next turn sends the text.
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
        // A question without an answer does not create a conversation, so that the latest one is still the one before it.
        if (!isComplete && isFirst && !isAnswer(entry)) keep((open) => open.removeFrom(conversation.id, 0));
        else keep((open) => open.finish(place, keeps));
      },
    };
  };
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
    wrap: (stream) => storing(stream, keeper()),
    wrapPushed: (push) => storingPushed(push, keeper()),
    useModel(model) {
      conversation = { ...conversation, model };
    },
    lookedUp(cost) {
      // Tool results may follow the answer.
      const last = stored.findLastIndex(({ message }) => message.role === 'assistant');
      const answer = stored[last];
      if (answer === undefined) return;
      stored = stored.with(last, { ...answer, cost });
      keep((open) => open.setCost(answer.place, cost));
    },
    sendFrom(place, summary) {
      conversation = { ...conversation, sentFrom: place, summary };
      miscountedUntil = stored.at(-1)?.place ?? -1;
      // Added messages are not stored yet: they will get a place above all others.
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
    async flush() {
      try {
        await store?.flush?.();
      } catch (error) {
        if (store !== undefined) errors.push(error);
        store = undefined;
      }
    },
  };
}
