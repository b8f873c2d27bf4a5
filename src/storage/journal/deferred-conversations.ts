import { CONVERSATIONS_DATABASE } from '../conversations/database-name.ts';
import type { Conversations, TurnPlaces } from '../conversations/conversations.ts';
import { unwritable } from '../sqlite/errors.ts';
import type { PendingFile } from './pending-file.ts';
import type { PendingRecord } from './pending-records.ts';

type Question = Extract<PendingRecord, { kind: 'question' }>;

/**
 * The place where a new conversation stores its first turn, before its database is open: until then, the question is in a pending file, and what
 * follows it in memory. After an error nothing more is stored.
 */
export class DeferredConversations implements Pick<
  Conversations,
  'begin' | 'append' | 'finish' | 'setCost' | 'removeFrom' | 'addMessages' | 'sendFrom' | 'replace'
> {
  readonly #file: PendingFile;
  readonly #onWrite: () => void;
  readonly #flush: () => Promise<unknown>;
  #question: Question | undefined;
  #waiting: ((database: Conversations) => void)[] = [];
  /** The places of the database by those that were returned before it was open. */
  readonly #places = new Map<number, number>();
  #database: Conversations | undefined;
  #failure: unknown;

  /** `onWrite`: called after each write to the file; `flush` opens the databases. */
  constructor(file: PendingFile, onWrite: () => void, flush: () => Promise<unknown>) {
    this.#file = file;
    this.#onWrite = onWrite;
    this.#flush = flush;
  }

  /** The question, while it is only in the file. */
  get question(): Question | undefined {
    return this.#question;
  }

  /** Resolves when everything so far is in the database; rejects with the reason why nothing is stored. */
  async flush(): Promise<void> {
    await this.#flush();
    if (this.#failure !== undefined) throw this.#failure;
  }

  /** Writes to the database from now on, first what waits for it. */
  useDatabase(database: Conversations): void {
    try {
      const question = this.#question;
      if (question !== undefined) {
        const { conversation, asked, at } = question;
        const { asked: places, answer } = database.beginOnce(conversation, asked, at, { isOver: false });
        for (const [index, place] of [...places, answer].entries()) this.#places.set(index - places.length - 1, place);
      }
      this.#question = undefined;
      for (const write of this.#waiting.splice(0)) write(database);
      this.#database = database;
    } catch (error) {
      this.fail(error);
    }
  }

  fail(error: unknown): void {
    this.#failure ??= error;
    this.#question = undefined;
    this.#waiting = [];
  }

  begin: Conversations['begin'] = (conversation, asked, at, isLeftOut): TurnPlaces => {
    if (this.#database !== undefined) return this.#database.begin(conversation, asked, at, isLeftOut);
    const question: Question = {
      kind: 'question',
      conversation,
      asked: asked.map(({ at: askedAt, message }) => ({ at: askedAt, message })),
      at,
    };
    try {
      this.#file.append(question);
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      throw unwritable({ name: CONVERSATIONS_DATABASE, path: this.#file.path }, reason, error);
    }
    this.#question = question;
    this.#onWrite();
    // Negative: different from all places of the database, in the same order.
    return { asked: asked.map((_, index) => index - asked.length - 1), answer: -1 };
  };

  append: Conversations['append'] = (place, piece) => this.#write((database) => database.append(this.#placeOf(place), piece));
  finish: Conversations['finish'] = (place, answer) => this.#write((database) => database.finish(this.#placeOf(place), answer));
  setCost: Conversations['setCost'] = (place, cost) => this.#write((database) => database.setCost(this.#placeOf(place), cost));
  removeFrom: Conversations['removeFrom'] = (id, place) =>
    this.#write((database) => database.removeFrom(id, this.#placeOf(place)));
  sendFrom: Conversations['sendFrom'] = (id, from, summary) =>
    this.#write((database) => database.sendFrom(id, this.#placeOf(from), summary));
  replace: Conversations['replace'] = (id, from, until) =>
    this.#write((database) => database.replace(id, this.#placeOf(from), this.#placeOf(until)));
  addMessages: Conversations['addMessages'] = (id, messages, at, isLeftOut) => {
    if (this.#database !== undefined) return this.#database.addMessages(id, messages, at, isLeftOut);
    this.#write((database) => void database.addMessages(id, messages, at, isLeftOut));
    return [];
  };

  #write(work: (database: Conversations) => void): void {
    if (this.#database !== undefined) work(this.#database);
    else if (this.#failure === undefined) this.#waiting.push(work);
  }

  #placeOf(place: number): number {
    return this.#places.get(place) ?? place;
  }
}
