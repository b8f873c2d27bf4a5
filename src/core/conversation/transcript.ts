import type { ChatRequest, PushCompletion, StreamCompletion } from '../../apis/completion.ts';
import type { Message } from '../../apis/message.ts';
import type { Conversations, StoredMessage } from '../../storage/conversations/conversations.ts';
import type { RequestSettings, RoutingSettings } from '../settings/groups.ts';
import type { RequestOverrides } from '../request/chat-request.ts';
import type { SentMessage } from './sent-messages.ts';

/** A conversation in progress: the messages of the next request, and where the conversation is stored. */
export interface Transcript {
  /** Id of the conversation: its label in the ledger, and `session_id` of its requests. */
  readonly id: string;
  /** The id by which the stored conversation can be continued; null if it is not stored. */
  readonly session: string | null;
  /** The conversation from which this one was copied. */
  readonly forkedFrom: string | undefined;
  /** All messages, including those that are not sent, but without those that have just been added. */
  readonly stored: readonly StoredMessage[];
  /** Returns the messages of the next request, including those that have just been added. */
  sent: () => SentMessage[];
  /** Starts a turn with its question. With `replacesLast`, the last turn is not sent, and the new turn replaces it on commit. */
  begin: (question: Message, options?: { replacesLast?: boolean }) => Turn;
  /** Returns the same stream; its answer becomes the next message. */
  wrap: (stream: StreamCompletion) => StreamCompletion;
  /** Does the same for pushed answers. */
  wrapPushed: (push: PushCompletion) => PushCompletion;
  /** Sets the model of the following requests. */
  useModel: (model: string) => void;
  /** Sets the cost of the last answer, which arrived without one. */
  lookedUp: (cost: string) => void;
  /** From now on no message before this place is sent; `summary` replaces them. */
  sendFrom: (place: number, summary?: string) => void;
  /** Deletes the last turn permanently and returns its question. Undefined if there is none. */
  undo: () => Message | undefined;
  /** Returns the question of the last turn. */
  lastQuestion: () => Message | undefined;
  /** Returns the storage errors since the last call. Each is reported once, and the conversation continues without storage. */
  drainErrors: () => readonly unknown[];
  /** Resolves when the conversation is in its database. `session` and `drainErrors` are final only then. Never rejects. */
  flush: () => Promise<void>;
}

/** A question and its answers (several requests if tools are used), until it is committed or rolled back. */
export interface Turn {
  /** Returns the messages of its next request. */
  messages: () => Message[];
  /**
   * Returns that request in the form that the strictest provider accepts. `messages` (default: those of the turn) are the messages of a loop of
   * tool calls; without `takesTools` (default true) calls are sent as text.
   */
  request: (
    settings: RequestSettings & RoutingSettings,
    overrides?: RequestOverrides,
    options?: { messages?: readonly Message[]; takesTools?: boolean },
  ) => ChatRequest;
  /** Adds a tool result; it is stored with the request that sends it. */
  add: (result: Message) => void;
  /** Stores tool results immediately: the turn ends here, and the next turn sends them. */
  addUnsent: (results: readonly Message[]) => void;
  /** Ends a turn that has its answer. Returns whether it replaced an earlier turn. */
  commit: () => boolean;
  /**
   * Ends a turn without a valid answer: removes what was not sent, and keeps an earlier turn that has an answer. Returns whether the earlier
   * turn was replaced anyway, because it had no answer.
   */
  rollback: () => boolean;
}

/** Where a transcript is stored. */
export interface TranscriptStore extends Pick<
  Conversations,
  'begin' | 'addMessages' | 'append' | 'finish' | 'setCost' | 'sendFrom' | 'removeFrom' | 'replace'
> {
  /** For a store whose database is opened after the request is sent: resolves when all is in it; rejects if it does not store anything. */
  flush?: () => Promise<void>;
}
