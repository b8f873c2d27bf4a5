import { accessSync, constants, existsSync, readdirSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { OrxError } from '../../errors.ts';
import { damage, databaseError, type DatabaseName, isBusy, isDatabaseDamage, isReadOnly } from './errors.ts';
import { createDatabase, type Database, type Migration, openReadOnly } from './database.ts';
import { withFileLock, withFileLockSync } from '../files/file-lock.ts';
import { openSound } from './open-sound.ts';
import { makePrivateFolder } from '../files/private-mode.ts';
import { fileProblem, lasting } from './recover/file-problem.ts';
import { headerProblem } from './recover/header-problem.ts';
import { storedNames } from './recover/stored-names.ts';
import type { SturdyKind } from './sturdy-kind.ts';

/** An open database, and what is needed to go on with it: guarded-sql.ts. */
export interface SturdyDatabase {
  database: Database;
  path: string;
  name: DatabaseName;
  /** What the user must hear, whatever they asked for: damage, and a file that can only be read. */
  notices: readonly string[];
  /** What of it this process has found: damage. */
  damage: readonly string[];
  /** Of what this process has found damaged rows are missing, or may be: figures made of the rest may be too low. */
  isIncomplete: boolean;
  /** It was made just now, or out of a damaged one. */
  isNew: boolean;
  /** All of it has just been read. */
  isRead: boolean;
  /** Why it can only be read; undefined when it can be written. */
  readOnlyBecause?: string | undefined;
  /** Opens it anew: the file was replaced while it was open. */
  reopen: () => Database;
  /** Told of every error of the database, before it is thrown. */
  onError: (error: unknown) => void;
}

export interface SturdyPlace {
  folder: string;
  /** Name of the file. */
  file: string;
  /**
   * Reads all of it first, so that damage deep inside is found, too, and tells again what an earlier command could not recover. `if-small`: only
   * where that takes no more than a moment.
   */
  isThorough?: boolean | 'if-small' | undefined;
}

/** Some 35,000 entries of the ledger: half a second. */
const SMALL_BYTES = 16 * 1024 * 1024;
/** On a slow disk, a new database takes its time. */
const CREATION = { staleMs: 60_000, patienceMs: 60_000 };

/**
 * Opens a database, makes it, or brings an old one to the newest layout. What can be read of a damaged file is taken over into a new one; the
 * damaged one is saved beside it. One that cannot be written is opened for reading: only what writes throws. Throws OrxError: code
 * `database-newer` for one of a newer orx, `…-unwritable` when there is none to read either.
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
      if (!existsSync(path)) withFileLockSync(`${path}.lock`, () => createIfMissing(path, migrations), CREATION);
      return openSound(path, kind, false);
    },
    // Damage deep inside shows only when it is read: the next one to open the database reads all of it.
    onError: (error: unknown) => void (isDamage(error, path) && leaveMark(mark)),
  };
  const asItIs = (database: Database, isNew: boolean): SturdyDatabase => ({
    ...parts,
    database,
    isNew,
    damage: [],
    // What was lost for good before is missing today too.
    isIncomplete: parts.notices.length > 0,
  });
  let failure: unknown;
  try {
    const isNew = await createMissing(path, migrations);
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

/** Makes a database where there is none. Returns whether there was none. */
async function createMissing(path: string, migrations: readonly Migration[]): Promise<boolean> {
  if (existsSync(path)) return false;
  makePrivateFolder(dirname(path));
  return withFileLock(`${path}.lock`, () => createIfMissing(path, migrations), CREATION);
}

function createIfMissing(path: string, migrations: readonly Migration[]): boolean {
  if (existsSync(path)) return false;
  if (sizeOf(`${path}-wal`) > 0) throw damage('the file is gone, and its log is not');
  createDatabase(path, migrations);
  return true;
}

function sizeOf(path: string): number {
  return statSync(path, { throwIfNoEntry: false })?.size ?? 0;
}

/** Damaged files beside it of which not everything could be recovered. */
function oldLosses(path: string, { name }: SturdyKind): string[] {
  const { isLossy, folder } = storedNames(path);
  const files = existsSync(folder) ? readdirSync(folder) : [];
  return files
    .filter(isLossy)
    .map(
      (file) =>
        `${name.title} ${name.isPlural ? 'were' : 'was'} damaged, and a part of it may be missing: the damaged file is saved as ${join(folder, file)}; move it away when you no longer need it`,
    );
}

function leaveMark(mark: string): void {
  try {
    writeFileSync(mark, '', { mode: 0o600 });
  } catch {
    // Then whoever reads that place again finds the damage again.
  }
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
