import type { Usage } from '../../apis/completion.ts';
import type { Message } from '../../apis/message.ts';
import type { FunctionTool } from '../../apis/request-parameters.ts';

/** How an answer stands: `streaming` while its process writes it; one whose process died without a word counts as `stopped`. */
export type MessageState = 'complete' | 'streaming' | 'stopped' | 'failed';

/** What a conversation is begun with. */
export interface NewConversation {
  /** Also the label of its requests in the ledger: Context.newId. */
  id: string;
  title: string;
  /** Milliseconds since 1970, as all times here. */
  createdAt: number;
  /** That was asked last. */
  model: string;
  /** System prompt, sent before all messages. */
  system?: string | undefined;
  /** Absolute folder that the work belongs to. */
  project: string;
  profile: string;
}

export interface Conversation extends NewConversation {
  updatedAt: number;
  /** Id of the conversation that this one was made from. */
  forkedFrom?: string | undefined;
  /** How many messages there are. */
  messages: number;
  /** Sum of the known costs of its answers in USD, exact decimal text; undefined when none is known. */
  cost?: string | undefined;
  /** Place of the first message that is still sent; undefined: all are. */
  sentFrom?: number | undefined;
  /** What stands for the messages before `sentFrom`. */
  summary?: string | undefined;
}

/** A message that is not an answer: a question, or what a tool gave. */
export interface NewMessage {
  at: number;
  message: Message;
}

/** An answer when it is over, however it ended. */
export interface FinishedAnswer {
  /** As it is sent back with the next request. */
  message: Message;
  state: Exclude<MessageState, 'streaming'>;
  reasoning?: string | undefined;
  /** `data:` or https: URLs. */
  images?: readonly string[] | undefined;
  /** Pieces of a spoken answer, each base64. */
  audio?: readonly string[] | undefined;
  /** Who answered. */
  model?: string | undefined;
  provider?: string | undefined;
  generationId?: string | undefined;
  finishReason?: string | undefined;
  usage?: Usage | undefined;
  /** Why it failed. */
  error?: string | undefined;
  /** Its text and reasoning are what was appended; the message holds no more than is searched. */
  isLong?: boolean | undefined;
  /** Definitions of the tools that it calls: later requests are sent with them. */
  tools?: readonly FunctionTool[] | undefined;
  /** An attempt to replace an earlier answer that has not succeeded: it is stored, and not sent. */
  isLeftOut?: boolean | undefined;
}

/** A message as it is stored. Facts of an answer are undefined for all others. */
export interface StoredMessage extends Omit<FinishedAnswer, 'state'> {
  /** Grows within a conversation; no two messages have the same. */
  place: number;
  at: number;
  state: MessageState;
  /** USD, exact decimal text. */
  cost?: string | undefined;
}

/** What came since the last time, and who answers once that is known. */
export interface AnswerPiece {
  text: string;
  reasoning: string;
  started?: { generationId: string; model: string; provider?: string | undefined } | undefined;
}

export interface ConversationFilter {
  since?: number | undefined;
  /** Last changed before this moment. */
  before?: number | undefined;
  /** Part of the asked model's name. */
  model?: string | undefined;
  project?: string | undefined;
}

/** One thing to look for: words that begin like `text`; with `isExact` these very words, one behind the other. */
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
  /** The stretch around the first hits, in pieces. Text from outside. */
  snippet: readonly { text: string; isHit: boolean }[];
}

/**
 * The conversations of this machine's user. Any number of processes may use them at once. Methods that write throw code
 * `history-unwritable`, those that read `history-unreadable`, when the disk does not let them.
 */
export interface Conversations {
  path: string;
  /** What the user must hear about the file: damage, and what was recovered. */
  notices: readonly string[];
  /** Messages are missing, or may be. */
  isIncomplete: boolean;

  /** Latest change first. */
  list: (filter: ConversationFilter, limit?: number) => Conversation[];
  /** Those whose id begins like this, latest first, no more than `limit`. */
  find: (prefix: string, limit: number) => Conversation[];
  /** All messages in order. One whose writer died is `stopped`, with the text that was stored. */
  messages: (id: string) => StoredMessage[];
  /** Messages that hold all terms, the best first. */
  search: (terms: readonly SearchTerm[], filter: ConversationFilter, limit: number) => SearchHit[];

  /**
   * Writes what is asked and opens its answer, in one step. Makes the conversation where it is not there (any more). Returns the places.
   * `isLeftOut`: all of it is an attempt to replace an earlier turn, and is not sent until `replace` says that it succeeded.
   */
  begin: (
    conversation: NewConversation,
    asked: readonly NewMessage[],
    at: number,
    isLeftOut?: boolean,
  ) => { asked: readonly number[]; answer: number };
  /** Writes messages that no answer follows yet. Returns their places; none where the conversation is gone. */
  addMessages: (id: string, messages: readonly Message[], at: number, isLeftOut?: boolean) => readonly number[];
  /** Adds to an answer. */
  append: (place: number, piece: AnswerPiece) => void;
  finish: (place: number, answer: FinishedAnswer) => void;
  /** The bill of an answer that came without one. */
  setCost: (place: number, cost: string) => void;
  /** From now on messages before `from` are not sent; `summary` stands for them. */
  sendFrom: (id: string, from: number, summary?: string) => void;
  /** Takes away this message and all after it, and the conversation when none is left. */
  removeFrom: (id: string, place: number) => void;
  /** Takes away the messages from `from` on and before `until`; those from `until` on, which were left out, take their place. */
  replace: (id: string, from: number, until: number) => void;

  /** Copies a conversation; the copies of its answers cost nothing. False: there is no such conversation. */
  fork: (id: string, copy: { id: string; at: number }) => boolean;
  rename: (id: string, title: string) => void;
  /** Deletes for good: nothing of it stays in the file. Returns how many there were. */
  remove: (ids: readonly string[]) => number;
  /** Deletes those that changed last before this moment. */
  prune: (before: number) => number;
  /** Ends answers whose process died, so that search finds them. */
  closeLost: () => void;
  close: () => void;
}
