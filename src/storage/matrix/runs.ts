import { closeSync, fstatSync, openSync, readdirSync, readFileSync, rmSync, statSync, unlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { OrxError, usageError } from '../../errors.ts';
import { type Owner, thisProcess } from '../files/owner.ts';
import { withFileLockSync } from '../files/file-lock.ts';
import { keepFolderPrivate, makePrivateFolder } from '../files/private-mode.ts';
import { MatrixJournal } from './journal.ts';
import { JournalIndex, type JournalTotals } from './journal-index.ts';
import { journalLines } from './journal-lines.ts';
import { JOURNAL_VERSION, parseRecord, type RunRecord } from './record.ts';
import { unwritableHint, writeFailure } from '../../text/file-failure.ts';

/** A stored run. */
export interface StoredRun {
  run: RunRecord;
  /** When its last record was written. */
  lastAt: number;
  totals: JournalTotals;
  bytes: number;
  /** Another process works on it. */
  isActive: boolean;
}

/** The journals of all runs, one file each. */
export interface MatrixRuns {
  /** Creates a journal with its first record. `isTemporary`: nothing of it stays when the process ends, however it ends. */
  create: (run: Omit<RunRecord, 'type' | 'version'>, options: { isTemporary: boolean }) => MatrixJournal;
  /** Opens the journal of a run. Throws kind `usage` if it does not exist, cannot be read, or another process works on it. */
  open: (id: string) => MatrixJournal;
  /** Returns the id of the newest run of this file. */
  latest: (source: string) => string | undefined;
  /** Returns all runs, the newest first. Files that are no journals of this version are skipped. */
  list: () => StoredRun[];
  /** Removes a run. Throws kind `usage` if it does not exist or another process works on it. */
  remove: (id: string) => void;
}

const ENDING = '.jsonl';
const ID = /^[0-9a-z]{26}$/;

/** Opens the folder of the runs, which is created when the first run is. */
export function openMatrixRuns(folder: string, owner: Owner = thisProcess()): MatrixRuns {
  const pathOf = (id: string): string => join(folder, `${id}${ENDING}`);
  const lockOf = (id: string): string => join(folder, `${id}.lock`);

  function ids(): string[] {
    try {
      const names = readdirSync(folder).filter((name) => name.endsWith(ENDING));
      return names
        .map((name) => name.slice(0, -ENDING.length))
        .filter((id) => ID.test(id))
        .toSorted()
        .toReversed();
    } catch {
      return [];
    }
  }

  function requireRun(id: string): void {
    if (!ID.test(id) || statSync(pathOf(id), { throwIfNoEntry: false })?.isFile() !== true)
      throw usageError(`unknown run "${id}"`, 'list all runs: orx compare --runs');
  }

  /** Locks a run for this process. Returns a function that unlocks it. */
  function lock(id: string): () => void {
    const path = lockOf(id);
    // Two processes may find the lock of a dead one. Only one of them may replace it.
    withFileLockSync(`${path}.guard`, () => {
      if (isHeld(path, owner))
        throw usageError(`another orx is working on run ${id}`, `wait for it; if no other orx is running, remove ${path}`);
      writeFileSync(path, JSON.stringify({ pid: owner.pid, host: owner.host }), { mode: 0o600 });
    });
    return () => rmSync(path, { force: true });
  }

  return {
    create(run, { isTemporary }) {
      try {
        makePrivateFolder(folder);
        keepFolderPrivate(folder);
        const release = isTemporary ? () => rmSync(pathOf(run.id), { force: true }) : lock(run.id);
        const journal = new MatrixJournal(pathOf(run.id), 'ax+', release);
        // Where open files can be removed, not even a kill leaves the file behind. Elsewhere it is removed when it is closed.
        if (isTemporary) removeIfPossible(pathOf(run.id));
        journal.append({ type: 'run', version: JOURNAL_VERSION, ...run });
        return journal;
      } catch (error) {
        if (error instanceof OrxError) throw error;
        throw new OrxError(`cannot create ${pathOf(run.id)} (${writeFailure(error)})`, {
          kind: 'unexpected',
          code: 'journal-unwritable',
          hints: [unwritableHint(error)],
          cause: error,
        });
      }
    },
    open(id) {
      requireRun(id);
      const release = lock(id);
      let journal: MatrixJournal;
      try {
        journal = new MatrixJournal(pathOf(id), 'a+', release);
      } catch (error) {
        release();
        throw error;
      }
      if (journal.run !== undefined) return journal;
      journal.close();
      throw usageError(`${pathOf(id)} is not a run of this orx`, 'start a new run: omit --resume');
    },
    latest: (source) => ids().find((id) => firstRecord(pathOf(id))?.source === source),
    list: () =>
      ids()
        .map((id) => storedRun(pathOf(id), isHeld(lockOf(id), owner)))
        .filter((run) => run !== undefined),
    remove(id) {
      requireRun(id);
      const release = lock(id);
      try {
        rmSync(pathOf(id), { force: true });
      } finally {
        release();
      }
    },
  };
}

/** Returns whether a lock belongs to a process that runs. A process of another host counts as running. */
function isHeld(path: string, owner: Owner): boolean {
  try {
    const { pid, host } = JSON.parse(readFileSync(path, 'utf8')) as { pid?: unknown; host?: unknown };
    return typeof pid === 'number' && pid > 0 && (host !== owner.host || owner.isRunning(pid));
  } catch {
    // There is no lock, or its writer was killed mid-write.
    return false;
  }
}

function removeIfPossible(path: string): void {
  try {
    unlinkSync(path);
  } catch {
    // Windows does not remove open files.
  }
}

function firstRecord(path: string): RunRecord | undefined {
  return withFile(path, (descriptor) => {
    const [first] = journalLines(descriptor);
    const record = first === undefined ? undefined : parseRecord(first.text);
    return record?.type === 'run' ? record : undefined;
  });
}

function storedRun(path: string, isActive: boolean): StoredRun | undefined {
  return withFile(path, (descriptor) => {
    const index = new JournalIndex();
    const { size } = fstatSync(descriptor);
    index.readAll(descriptor, size);
    const { run, lastAt } = index;
    return run === undefined ? undefined : { run, lastAt, totals: index.totals(), bytes: size, isActive };
  });
}

function withFile<T>(path: string, work: (descriptor: number) => T): T | undefined {
  let descriptor: number;
  try {
    descriptor = openSync(path, 'r');
  } catch {
    return undefined;
  }
  try {
    return work(descriptor);
  } finally {
    closeSync(descriptor);
  }
}
