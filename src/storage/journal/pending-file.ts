import {
  closeSync,
  ftruncateSync,
  openSync,
  readdirSync,
  readFileSync,
  renameSync,
  statSync,
  utimesSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import { join } from 'node:path';
import { type Owner, thisProcess } from '../files/owner.ts';
import { makePrivateFolder } from '../files/private-mode.ts';
import { removeFile } from '../files/remove-file.ts';
import type { OpeningEntry } from '../ledger/entry.ts';
import { headerOf, isKnownVersion, newHeader, type PendingRecord, recordsIn } from './pending-records.ts';

export interface PendingPlace {
  /** The data folder: storage/paths.ts. */
  folder: string;
  /** Name of the ledger: `ledger` or `ledger-sandbox`. */
  name: string;
}

/** A file that has not changed for this long belongs to no running request, even if some process has the id in its name. */
const LONGEST_USE_MS = 15 * 60 * 1000;

/** The files that this process writes, or takes over at this moment. */
const own = new Set<string>();

/**
 * A private file next to the ledger with what still has to be written to the databases. It is as durable as a transaction of theirs: it survives
 * the end of the process, but is not synced. Its name has the id of its process: `ledger.pending-1234-k3x9q2`. All methods throw the system's
 * error.
 */
export class PendingFile {
  readonly path: string;
  readonly #header: string;
  #descriptor: number | undefined;
  /** Size of the file, which only this process writes. */
  #size = 0;
  #isCut = false;

  constructor(place: PendingPlace, owner: Pick<Owner, 'pid' | 'host'>) {
    makePrivateFolder(place.folder);
    this.#header = newHeader(owner);
    [this.path, this.#descriptor] = createUnique(place, owner.pid);
    own.add(this.path);
    try {
      this.#write(this.#header);
    } catch (error) {
      this.remove();
      throw error;
    }
  }

  append(record: PendingRecord): void {
    this.appendJson(JSON.stringify(record));
  }

  /** Appends a PendingRecord that is already JSON text. */
  appendJson(record: string): void {
    this.#write(`${record}\n`);
  }

  /** Replaces the content. */
  keep(records: readonly PendingRecord[]): void {
    this.#close();
    replaceContent(this.path, this.#header, records);
  }

  /** Deletes the file. Never throws: a file that cannot be deleted is emptied, so that nothing of it is taken over. */
  remove(): void {
    try {
      if (this.#descriptor !== undefined) ftruncateSync(this.#descriptor);
    } catch {
      // Deleting it may work.
    }
    this.#close();
    removeOwn(this.path);
  }

  /** Leaves the file to the next command. */
  leave(): void {
    this.#close();
    own.delete(this.path);
  }

  #write(text: string): void {
    if (this.#descriptor === undefined || this.#isCut) throw Object.assign(new Error('the file is closed'), { code: 'EBADF' });
    const bytes = Buffer.from(text);
    try {
      for (let at = 0; at < bytes.length;) at += writeSync(this.#descriptor, bytes, at);
      this.#size += bytes.length;
    } catch (error) {
      // The next line must not continue an incomplete one.
      try {
        ftruncateSync(this.#descriptor, this.#size);
      } catch {
        this.#isCut = true;
      }
      throw error;
    }
  }

  #close(): void {
    const descriptor = this.#descriptor;
    this.#descriptor = undefined;
    if (descriptor !== undefined) closeSync(descriptor);
  }
}

/** A pending file of a process that has ended, which now belongs to this process. */
export interface ClaimedFile {
  records: readonly PendingRecord[];
  /** Leaves these records to a later command; without any, deletes the file. */
  keep: (records: readonly PendingRecord[]) => void;
}

/** Takes the pending files of processes that have ended. Of several processes that try at once, each file goes to one. Never throws. */
export function claimPendingFiles(place: PendingPlace, owner: Owner, now: number): ClaimedFile[] {
  const pattern = patternOf(place);
  return filesIn(place.folder).flatMap((file) => {
    const pid = pattern.exec(file)?.[1];
    const path = join(place.folder, file);
    if (pid === undefined || own.has(path)) return [];
    try {
      return claim(place, path, Number(pid), owner, now);
    } catch {
      // Another process has it, or it can only be read.
      return [];
    }
  });
}

/**
 * Returns the entries that these processes of this machine have noted, also those in a file that another process is taking over: NotedBy in
 * storage/ledger/store.ts. Never throws.
 */
export function notedEntries(place: PendingPlace, pids: ReadonlySet<number>): OpeningEntry[] {
  const pattern = patternOf(place);
  const { host } = thisProcess();
  return filesIn(place.folder).flatMap((file) => {
    if (!pattern.test(file)) return [];
    try {
      const text = readFileSync(join(place.folder, file), 'utf8');
      const header = headerOf(text);
      if (header === undefined || !isKnownVersion(header) || header.host !== host || !pids.has(Number(header.pid))) return [];
      return recordsIn(text).flatMap((record) =>
        record.kind === 'ledger' && record.job.kind === 'open' ? [record.job.entry] : [],
      );
    } catch {
      // Its content is in the ledger by now.
      return [];
    }
  });
}

function patternOf({ name }: PendingPlace): RegExp {
  return new RegExp(`^${name}\\.pending-(\\d+)-[a-z0-9]+$`);
}

function claim(place: PendingPlace, path: string, pid: number, owner: Owner, now: number): ClaimedFile[] {
  const { mtimeMs, size } = statSync(path);
  const header = size === 0 ? undefined : headerOf(readFileSync(path, 'utf8'));
  if (header !== undefined && !isKnownVersion(header)) return [];
  const isRecent = Math.abs(now - mtimeMs) < LONGEST_USE_MS;
  const isHere = header === undefined || header.host === owner.host;
  // A file with this process's id that this process does not know is that of an earlier process.
  const isRunning = isHere ? pid !== owner.pid && owner.isRunning(pid) : true;
  if (isRecent && isRunning) return [];
  const [mine, descriptor] = createUnique(place, owner.pid);
  closeSync(descriptor);
  own.add(mine);
  try {
    // Only one of several processes can rename it.
    renameSync(path, mine);
    utimesSync(mine, now / 1000, now / 1000);
  } catch (error) {
    removeOwn(mine);
    throw error;
  }
  const text = readFileSync(mine, 'utf8');
  return [
    {
      records: recordsIn(text),
      keep(records) {
        if (records.length === 0) removeOwn(mine);
        else {
          replaceContent(mine, `${text.split('\n', 1)[0]}\n`, records);
          own.delete(mine);
        }
      },
    },
  ];
}

function createUnique({ folder, name }: PendingPlace, pid: number): [path: string, descriptor: number] {
  for (let attempt = 1; ; attempt += 1) {
    const path = join(folder, `${name}.pending-${pid}-${Math.random().toString(36).slice(2, 10)}`);
    try {
      return [path, openSync(path, 'ax', 0o600)];
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST' || attempt >= 10) throw error;
    }
  }
}

function replaceContent(path: string, header: string, records: readonly PendingRecord[]): void {
  const beside = `${path}.tmp`;
  try {
    writeFileSync(beside, header + records.map((record) => `${JSON.stringify(record)}\n`).join(''), { mode: 0o600 });
    renameSync(beside, path);
  } finally {
    removeFile(beside);
  }
}

function removeOwn(path: string): void {
  try {
    removeFile(path);
    own.delete(path);
  } catch {
    // It stays marked as one of this process, which has nothing to take from it.
  }
}

function filesIn(folder: string): readonly string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}
