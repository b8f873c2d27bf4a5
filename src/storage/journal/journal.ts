import type { Conversations } from '../conversations/conversations.ts';
import { thisProcess, type Owner } from '../files/owner.ts';
import type { Ledger } from '../ledger/ledger.ts';
import { hasNoBudgets } from '../ledger/budgets/absent.ts';
import { DeferredConversations } from './deferred-conversations.ts';
import { DeferredLedger } from './deferred-ledger.ts';
import { PendingFile, type PendingPlace } from './pending-file.ts';
import type { PendingRecord } from './pending-records.ts';

type Around = <Loaded>(load: () => Promise<Loaded>) => Promise<Loaded>;

/** How the records of one request reach the databases, which are opened only after the request is sent. */
export interface Journal {
  ledger: DeferredLedger;
  conversations: DeferredConversations;
  /** Opens the databases soon: the first output is written. */
  begin: () => void;
  /** From now on, this function calls whatever may load a part of the program. */
  loadWith: (around: Around) => void;
  /** Calls back once the ledger is open, unless the command ends before. `isAnswered`: a request of the command has ended already. */
  whenOpen: (callback: (ledger: Ledger, isAnswered: boolean) => void) => void;
  /**
   * Opens the databases, writes everything that waits for them, and deletes the file. Resolves to why the ledger does not take its entries, and
   * which file has them until a later command adds them; undefined if it has taken them. Never rejects.
   */
  flush: () => Promise<KeptEntries | undefined>;
  /** Flushes what is left. Never rejects. */
  close: () => Promise<void>;
}

export interface KeptEntries {
  error: unknown;
  path: string;
}

export interface JournalOptions {
  place: PendingPlace;
  /** Whether the command records its requests, and whether it stores its conversation. */
  uses: { ledger: boolean; conversations: boolean };
  openLedger: () => Promise<Ledger>;
  openConversations: () => Promise<Conversations>;
  /** Called at the end of `flush` and `close`, when messages may be printed. */
  onFlushed?: () => void;
  owner?: Owner;
}

/**
 * How long after the last write to the file the databases are opened if no output was written: the request is out by then, and most APIs have
 * not answered yet.
 */
const SOON_MS = 150;

/**
 * Creates the journal of a command. Undefined if the ledger may have budgets, which are read before a request, or if the file cannot be created:
 * then open the databases first.
 */
export function openJournal({
  place,
  uses,
  openLedger,
  openConversations,
  onFlushed = () => undefined,
  owner = thisProcess(),
}: JournalOptions): Journal | undefined {
  if (!hasNoBudgets(place)) return undefined;
  let file: PendingFile;
  try {
    file = new PendingFile(place, owner);
  } catch {
    return undefined;
  }
  let timer: NodeJS.Timeout | undefined;
  let writing: Promise<void> | undefined;
  let loaded: Around = (load) => load();
  let kept: KeptEntries | undefined;
  let isClosing = false;
  const callbacks: Parameters<Journal['whenOpen']>[0][] = [];
  const begin = (): void => {
    clearTimeout(timer);
    writing ??= write();
  };
  const flush = async (): Promise<KeptEntries | undefined> => {
    begin();
    await writing;
    onFlushed();
    return kept;
  };
  const onWrite = (): void => {
    clearTimeout(timer);
    if (writing === undefined) timer = setTimeout(begin, SOON_MS).unref();
  };
  const ledger = new DeferredLedger(file, onWrite, flush);
  const conversations = new DeferredConversations(file, onWrite, flush);
  return {
    ledger,
    conversations,
    begin,
    loadWith(around) {
      loaded = around;
    },
    whenOpen: (callback) => void callbacks.push(callback),
    flush,
    async close() {
      isClosing = true;
      if (ledger.jobs.length > 0 || conversations.question !== undefined || writing !== undefined) await flush();
      end();
    },
  };

  /** Each step has its own turn of the event loop, because the answer may arrive meanwhile. */
  async function write(): Promise<void> {
    await nextTurn();
    if (uses.conversations) {
      try {
        const database = await loaded(openConversations);
        await nextTurn();
        await loaded(async () => conversations.useDatabase(database));
      } catch (error) {
        conversations.fail(error);
      }
      await nextTurn();
    }
    if (uses.ledger) {
      const error = await writeEntries();
      if (error !== undefined) kept = { error, path: file.path };
    }
    // A crash from here on leaves a file whose content is in the databases: it is written only once.
    if (kept === undefined) file.remove();
  }

  async function writeEntries(): Promise<unknown> {
    try {
      const database = await loaded(openLedger);
      await nextTurn();
      return await loaded(async () => {
        const isAnswered = ledger.jobs.some(({ kind }) => kind === 'settle');
        const error = ledger.useDatabase(database);
        if (error === undefined && !isClosing) for (const callback of callbacks) callback(database, isAnswered);
        return error;
      });
    } catch (error) {
      return error;
    }
  }

  function end(): void {
    if (kept === undefined) {
      file.remove();
      return;
    }
    try {
      // Without the question, which is stored or was reported as not stored.
      file.keep(ledger.jobs.map((job): PendingRecord => ({ kind: 'ledger', job })));
    } catch {
      // The file stays as it is.
    }
    file.leave();
  }
}

function nextTurn(): Promise<void> {
  return new Promise((resolve) => void setImmediate(resolve));
}
