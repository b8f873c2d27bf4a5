import type { Usage } from '../../apis/completion.ts';
import type { Message } from '../../apis/message.ts';
import type { FunctionTool } from '../../apis/request-parameters.ts';

/** The state of an answer: `streaming` while its process writes it; also `stopped` if that process died. */
export type MessageState = 'complete' | 'streaming' | 'stopped' | 'failed';

/** The properties of a new conversation. */
export interface NewConversation {
  /** Also the label of its requests in the ledger: Context.newId. */
  id: string;
  title: string;
  /** Milliseconds since 1970, like all times here. */
  createdAt: number;
  /** The model of the last request. */
  model: string;
  /** System prompt, sent before all messages. */
  system?: string | undefined;
  /** Absolute path of the project folder. */
  project: string;
  profile: string;
}

export interface Conversation extends NewConversation {
  updatedAt: number;
  /** Id of the conversation from which this one was copied. */
  forkedFrom?: string | undefined;
  /** Number of messages. */
  messages: number;
  /** Sum of the known costs of its answers in USD, as exact decimal text; undefined if none is known. */
  cost?: string | undefined;
  /** Place of the first message that is sent; undefined: all are sent. */
  sentFrom?: number | undefined;
  /** The summary that replaces the messages before `sentFrom`. */
  summary?: string | undefined;
}

/** A message that is not an answer: a question, or a tool result. */
export interface NewMessage {
  at: number;
  message: Message;
}

/** An answer that has ended, for whatever reason. */
export interface FinishedAnswer {
  /** In the form in which the next request sends it. */
  message: Message;
  state: Exclude<MessageState, 'streaming'>;
  reasoning?: string | undefined;
  /** `data:` or https: URLs. */
  images?: readonly string[] | undefined;
  /** Chunks of the audio, each base64. */
  audio?: readonly string[] | undefined;
  /** The model that answered. */
  model?: string | undefined;
  provider?: string | undefined;
  generationId?: string | undefined;
  finishReason?: string | undefined;
  usage?: Usage | undefined;
  /** Why it failed. */
  error?: string | undefined;
  /** The requested model, if another one answered in its place. */
  fallbackFrom?: string | undefined;
  /** Why another model or provider answered, without any text of a server. */
  fallbackReason?: string | undefined;
  /** Its text and reasoning are the appended pieces; `message` contains only the searchable part. */
  isLong?: boolean | undefined;
  /** Definitions of the tools that it calls; later requests include them. */
  tools?: readonly FunctionTool[] | undefined;
  /** An attempt to replace an earlier answer that has not succeeded: it is stored, but not sent. */
  isLeftOut?: boolean | undefined;
}

/** A stored message. Properties of answers are undefined for other messages. */
export interface StoredMessage extends Omit<FinishedAnswer, 'state'> {
  /** Increases within a conversation, and is unique among all messages. */
  place: number;
  at: number;
  state: MessageState;
  /** USD, as exact decimal text. */
  cost?: string | undefined;
}

/** The places of the messages of a turn, and of its answer. */
export interface TurnPlaces {
  asked: readonly number[];
  answer: number;
}

/** The text since the last piece, and the model and provider once they are known. */
export interface AnswerPiece {
  text: string;
  reasoning: string;
  started?: { generationId: string; model: string; provider?: string | undefined } | undefined;
}

/** What a list of conversations shows of each without reading its messages. Untrusted text. */
export type ConversationTitle = Pick<Conversation, 'id' | 'title' | 'model' | 'project' | 'updatedAt'>;

export interface ConversationFilter {
  since?: number | undefined;
  /** Last changed before this moment. */
  before?: number | undefined;
  /** Part of the name of the requested model. */
  model?: string | undefined;
  project?: string | undefined;
}

/** A search term: words that start with `text`; with `isExact` exactly these words, one after the other. */
export interface SearchTerm {
  text: string;
  isExact: boolean;
}

export interface SearchHit {
  conversation: string;
  title: string;
  place: number;
  at: number;
  role: Message['role'];
  /** The text around the first hits, in parts. Untrusted. */
  snippet: readonly { text: string; isHit: boolean }[];
}

/**
 * The conversations of this user on this machine. Any number of processes may use them at once. If the disk fails, methods that write throw code
 * `history-unwritable`, those that read `history-unreadable`.
 */
export interface Conversations {
  path: string;
  /** Notices about the file for the user: damage, and what was recovered. */
  notices: readonly string[];
  /** Messages are missing, or may be. */
  isIncomplete: boolean;

  /** Most recently changed first. */
  list: (filter: ConversationFilter, limit?: number) => Conversation[];
  /** Returns the conversations without the data that requires reading messages: fast for any number. */
  titles: (filter: ConversationFilter) => ConversationTitle[];
  /** Returns the conversations with these ids, most recently changed first. */
  get: (ids: readonly string[]) => Conversation[];
  /** Returns the ids of the conversations with a message that contains all terms. */
  matching: (terms: readonly SearchTerm[], filter: ConversationFilter) => ReadonlySet<string>;
  /** Conversations whose id starts with `prefix`, latest first, at most `limit`. */
  find: (prefix: string, limit: number) => Conversation[];
  /** All messages in order. A message whose writer died is `stopped`, with the text that was stored. */
  messages: (id: string) => StoredMessage[];
  /** Messages that contain all terms, best first. */
  search: (terms: readonly SearchTerm[], filter: ConversationFilter, limit: number) => SearchHit[];

  /**
   * Stores the added messages and creates their answer, in one transaction. Creates the conversation if it does not exist (any more). Returns
   * the places. `isLeftOut`: all of these are an attempt to replace an earlier turn, and are not sent until `replace` says that it succeeded.
   */
  begin: (conversation: NewConversation, asked: readonly NewMessage[], at: number, isLeftOut?: boolean) => TurnPlaces;
  /**
   * Does the same for the first turn of a conversation that may be stored already, by an earlier attempt or another process: then returns its
   * places. `isOver`: its process has ended, so the answer is `stopped`.
   */
  beginOnce: (
    conversation: NewConversation,
    asked: readonly NewMessage[],
    at: number,
    options: { isOver: boolean },
  ) => TurnPlaces;
  /** Stores messages without an answer. Returns their places; none if the conversation was deleted. */
  addMessages: (id: string, messages: readonly Message[], at: number, isLeftOut?: boolean) => readonly number[];
  /** Adds text to an answer. */
  append: (place: number, piece: AnswerPiece) => void;
  finish: (place: number, answer: FinishedAnswer) => void;
  /** Sets the cost of an answer that arrived without one. */
  setCost: (place: number, cost: string) => void;
  /** From now on messages before `from` are not sent; `summary` replaces them. */
  sendFrom: (id: string, from: number, summary?: string) => void;
  /** Deletes this message and all after it, and the conversation if none remains. */
  removeFrom: (id: string, place: number) => void;
  /** Deletes the messages from `from` up to but not including `until`; those from `until` on, which were not sent before, take their place. */
  replace: (id: string, from: number, until: number) => void;

  /** Copies a conversation; the copied answers have no cost. Returns false if there is no such conversation. */
  fork: (id: string, copy: { id: string; at: number }) => boolean;
  rename: (id: string, title: string) => void;
  /** Deletes conversations permanently: nothing of them stays in the file. Returns the number of deleted conversations. */
  remove: (ids: readonly string[]) => number;
  /** Deletes conversations that were last changed before this moment. */
  prune: (before: number) => number;
  /** Ends answers whose process died, so that search finds them. */
  closeLost: () => void;
  close: () => void;
}
