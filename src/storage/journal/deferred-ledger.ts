import type { Opened } from '../ledger/budgets/budget.ts';
import type { Ledger } from '../ledger/ledger.ts';
import { type LedgerJob, receivedError, runJobs } from '../ledger/writer/jobs.ts';
import { LEDGER_DATABASE } from '../ledger/database-name.ts';
import { unwritable } from '../sqlite/errors.ts';
import type { PendingFile } from './pending-file.ts';

type DeferredMethods = Pick<
  Ledger,
  'standings' | 'calibration' | 'outputLength' | 'mayHaveBudgets' | 'noteGeneration' | 'settle' | 'renew'
>;

/**
 * A ledger without budgets whose database is opened only after the request is sent: until then, its writes are in a pending file. Reads return
 * nothing until the database is open.
 */
export class DeferredLedger implements DeferredMethods {
  readonly #file: PendingFile;
  readonly #onWrite: () => void;
  #jobs: LedgerJob[] = [];
  /** The open database. */
  database: Ledger | undefined;

  /** Resolves when the database is open, or cannot be opened. Never rejects. */
  readonly opened: () => Promise<unknown>;

  /** `onWrite`: called after each write to the file; `flush` opens the databases. */
  constructor(file: PendingFile, onWrite: () => void, flush: () => Promise<unknown>) {
    this.#file = file;
    this.#onWrite = onWrite;
    this.opened = flush;
  }

  /** Writes that are only in the file. */
  get jobs(): readonly LedgerJob[] {
    return this.#jobs;
  }

  /** Writes to the database from now on, first what is in the file. Returns why something could not be written; it stays in the file. */
  useDatabase(database: Ledger): unknown {
    const { undone, error } = runJobs(database, this.#jobs);
    this.#jobs = [...undone];
    if (undone.length === 0) this.database = database;
    return error === undefined ? undefined : receivedError(error);
  }

  standings: Ledger['standings'] = (scope) => this.database?.standings(scope) ?? [];
  calibration: Ledger['calibration'] = (family, bounds) => this.database?.calibration(family, bounds);
  outputLength: Ledger['outputLength'] = (model, template) => this.database?.outputLength(model, template);
  mayHaveBudgets: Ledger['mayHaveBudgets'] = () => this.database?.mayHaveBudgets() ?? false;
  renew: Ledger['renew'] = (id, reservation, scope) => this.database?.renew(id, reservation, scope);

  open: Ledger['open'] = (entry, hold): Opened => {
    if (this.database !== undefined) return this.database.open(entry, hold);
    this.#write({ kind: 'open', entry });
    return { kind: 'opened' };
  };

  noteGeneration: Ledger['noteGeneration'] = (id, generationId) => {
    if (this.database !== undefined) this.database.noteGeneration(id, generationId);
    else this.#write({ kind: 'note', id, generationId });
  };

  settle: Ledger['settle'] = (id, result, keepUntil) => {
    if (this.database !== undefined) this.database.settle(id, result, keepUntil);
    else this.#write({ kind: 'settle', id, result, keepUntil });
  };

  /** Throws code `ledger-unwritable`. */
  #write(job: LedgerJob): void {
    try {
      this.#file.append({ kind: 'ledger', job });
    } catch (error) {
      // What follows an entry can wait in memory for the database.
      if (job.kind !== 'open') {
        this.#jobs.push(job);
        return;
      }
      throw unwritable(
        { name: LEDGER_DATABASE, path: this.#file.path },
        error instanceof Error ? error.message : String(error),
        error,
      );
    }
    this.#jobs.push(job);
    this.#onWrite();
  }
}
