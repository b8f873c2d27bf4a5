import { accessSync, constants, existsSync, readdirSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { OrxError } from '../../errors.ts';
import { damage, databaseError, type DatabaseName, isBusy, isDatabaseDamage, isReadOnly } from './errors.ts';
import { createDatabase, type Database, openReadOnly } from './database.ts';
import { withFileLock, withFileLockSync } from '../files/file-lock.ts';
import { openSound } from './open-sound.ts';
import { makePrivateFolder } from '../files/private-mode.ts';
import { fileProblem, lasting } from './recover/file-problem.ts';
import { headerProblem } from './recover/header-problem.ts';
import { storedNames } from './recover/stored-names.ts';
import type { SturdyKind } from './sturdy-kind.ts';

/** An open database, and what guarded-sql.ts needs to continue after it was replaced. */
export interface SturdyDatabase {
  database: Database;
  path: string;
  name: DatabaseName;
  /** Notices that the user must see with any command: damage, and a file that can only be read. */
  notices: readonly string[];
  /** The damage that this process has found. */
  damage: readonly string[];
  /** Rows are missing, or may be: sums of the rest may be too low. */
  isIncomplete: boolean;
  /** It was just created, or recovered from a damaged one. */
  isNew: boolean;
  /** All of it has just been read. */
  isRead: boolean;
  /** Why it can only be read; undefined if it can be written. */
  readOnlyBecause?: string | undefined;
  /** Opens the database again after its file was replaced. */
  reopen: () => Database;
  /** Called with every error of the database, before it is thrown. */
  onError: (error: unknown) => void;
}

export interface SturdyPlace {
  folder: string;
  /** Name of the file. */
  file: string;
  /**
   * First reads the whole database, so that hidden damage is found, too, and reports again what an earlier command could not recover.
   * `if-small`: only if that takes no more than a moment.
   */
  isThorough?: boolean | 'if-small' | undefined;
}

/** About 35,000 entries of the ledger, which take half a second. */
const SMALL_BYTES = 16 * 1024 * 1024;
/** Creating a database takes time on a slow disk. */
const CREATION = { staleMs: 60_000, patienceMs: 60_000 };

/**
 * Opens a database, creates it, or migrates an old one to the newest schema. The readable data of a damaged file is copied to a new one; the
 * damaged file is kept next to it. A database that cannot be written is opened for reading: only writing then throws. Throws OrxError: code
 * `database-newer` for one of a newer orx, `…-unwritable` if it cannot even be read.
 */
export async function openSturdy({ folder, file, isThorough = false }: SturdyPlace, kind: SturdyKind): Promise<SturdyDatabase> {
  const path = join(folder, file);
  const mark = `${path}.damaged`;
  const { name, migrations } = kind;
  const isWhole = isThorough === true || (isThorough === 'if-small' && sizeOf(path) <= SMALL_BYTES);
  const parts = {
    path,
    name,
    notices: isThorough === false ? [] : oldLosses(path, kind),
    isRead: false,
    isNew: false,
    reopen(): Database {
      if (!existsSync(path)) withFileLockSync(`${path}.lock`, () => createIfMissing(path, kind), CREATION);
      return openSound(path, kind, false);
    },
    // Hidden damage shows only when it is read: the next process that opens the database reads all of it.
    onError: (error: unknown) => void (isDamage(error, path) && leaveMark(mark)),
  };
  const asItIs = (database: Database, isNew: boolean): SturdyDatabase => ({
    ...parts,
    database,
    isNew,
    damage: [],
    // Data that was lost earlier is still missing.
    isIncomplete: parts.notices.length > 0,
  });
  let failure: unknown;
  try {
    const isNew = await createMissing(path, kind);
    const problem = existsSync(mark)
      ? 'a part of it could not be read'
      : ((await lasting(() => fileProblem(path))) ?? (isWhole ? await lasting(() => headerProblem(path)) : undefined));
    if (problem === undefined) return { ...asItIs(openSound(path, kind, isWhole), isNew), isRead: isWhole };
    failure = damage(problem);
  } catch (error) {
    if (error instanceof OrxError) throw error;
    if (!isDamage(error, path)) return openForReading(error);
    failure = error;
  }
  try {
    const { recoverDatabase } = await import('./recover/recover-database.ts');
    const recovered = await recoverDatabase({ path, mark, kind, reason: messageOf(failure) });
    const opened = asItIs(openSound(path, kind, false), recovered !== undefined);
    if (recovered === undefined) return opened;
    const { notice, isComplete } = recovered;
    return { ...opened, notices: [...parts.notices, notice], damage: [notice], isIncomplete: !isComplete };
  } catch (error) {
    if (error instanceof OrxError) throw error;
    throw new OrxError(`${name.title} ${name.isPlural ? 'are' : 'is'} damaged: ${path} (${messageOf(failure)})`, {
      kind: 'unexpected',
      code: `${name.code}-unreadable`,
      hints: [`cannot recover it (${messageOf(error)}); check the disk space and the permissions of the folder`],
      cause: error,
    });
  }

  function openForReading(reason: unknown): SturdyDatabase {
    const error = databaseError(reason, { name, path, doing: 'write' });
    const database = isBusy(reason) ? undefined : openReadOnly(path, migrations);
    if (database === undefined) throw error;
    const opened = asItIs(database, false);
    return { ...opened, notices: [...opened.notices, messageOf(error)], readOnlyBecause: messageOf(reason) };
  }
}

function isDamage(error: unknown, path: string): boolean {
  return isDatabaseDamage(error) || (isReadOnly(error) && isWritable(path) && isWritable(dirname(path)));
}

function isWritable(path: string): boolean {
  try {
    accessSync(path, constants.W_OK);
    return true;
  } catch {
    return false;
  }
}

/** Creates the database if it does not exist. Returns whether it did. */
async function createMissing(path: string, kind: SturdyKind): Promise<boolean> {
  if (existsSync(path)) return false;
  makePrivateFolder(dirname(path));
  return withFileLock(`${path}.lock`, () => createIfMissing(path, kind), CREATION);
}

function createIfMissing(path: string, { migrations, newest }: SturdyKind): boolean {
  if (existsSync(path)) return false;
  if (sizeOf(`${path}-wal`) > 0) throw damage('the file is gone, and its log is not');
  createDatabase(path, migrations, newest);
  return true;
}

function sizeOf(path: string): number {
  return statSync(path, { throwIfNoEntry: false })?.size ?? 0;
}

/** Returns notices for earlier damaged files that could not be recovered completely. */
function oldLosses(path: string, { name }: SturdyKind): string[] {
  const { isLossy, folder } = storedNames(path);
  const files = existsSync(folder) ? readdirSync(folder) : [];
  return files
    .filter(isLossy)
    .map(
      (file) =>
        `${name.title} ${name.isPlural ? 'were' : 'was'} damaged, and part of the data may be missing; the damaged file is ${join(folder, file)}; move it away when you no longer need it`,
    );
}

function leaveMark(mark: string): void {
  try {
    writeFileSync(mark, '', { mode: 0o600 });
  } catch {
    // The next read of the same place finds the damage again.
  }
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
