import {
  chmodSync,
  closeSync,
  copyFileSync,
  existsSync,
  fstatSync,
  ftruncateSync,
  linkSync,
  openSync,
  readSync,
  renameSync,
  rmSync,
  writeSync,
} from 'node:fs';
import { isDamage, type DatabaseName } from './database-errors.ts';
import { openDatabase, openDamaged, type Database, type Migration } from './database.ts';
import { withFileLock } from './file-lock.ts';
import { Sql } from './sql.ts';

/** To read a million entries of the ledger out of a damaged file takes some twenty seconds. */
const PATIENCE_MS = 2 * 60 * 1000;
const WITH_LOG = ['', '-wal', '-shm'];
const HEADER_BYTES = 100;
const PAGE_COUNT_AT = 28;
const PAGE_BYTES = 4096;

export interface MendOptions {
  path: string;
  /** File that says that damage was seen. Removed when all is well. */
  mark: string;
  name: DatabaseName;
  migrations: readonly Migration[];
  /** Takes over what can be read of the damaged one, inside one transaction, and says what that was. */
  takeOver: (damaged: Database, fresh: Sql) => string;
  /** Whether it is empty although there is a log: to open it would throw that away. */
  hasLostItsBeginning: boolean;
  /** Opens it; throws when it is damaged. */
  open: () => Database;
}

/**
 * Sets a damaged database aside and makes a new one of what can be read of it. One process does so, the others wait for it. Returns what the user
 * should hear; undefined when there was nothing to mend (any more).
 */
export async function mendDatabase(options: MendOptions): Promise<string | undefined> {
  const { path, mark, name, hasLostItsBeginning, open } = options;
  return withFileLock(
    `${path}.lock`,
    () => {
      if (!hasLostItsBeginning && isSound(open, existsSync(mark))) {
        rmSync(mark, { force: true });
        return undefined;
      }
      const { rescued, fresh } = rescue(options);
      const aside = setAside(path);
      renameSync(fresh, path);
      rmSync(mark, { force: true });
      const was = name.isPlural ? 'were' : 'was';
      return `${name.title} ${was} damaged: ${rescued} could be rescued; the damaged file is kept as ${aside}`;
    },
    { staleMs: PATIENCE_MS, patienceMs: PATIENCE_MS },
  );
}

function isSound(open: () => Database, wholly: boolean): boolean {
  let database: Database | undefined;
  try {
    database = open();
    if (!wholly) return true;
    const [first] = database.pragma('integrity_check(1)') as { integrity_check: string }[];
    return first?.integrity_check === 'ok';
  } catch (error) {
    if (isDamage(error)) return false;
    throw error;
  } finally {
    database?.close();
  }
}

/** Makes a new one beside the damaged one, out of a copy of it. */
function rescue({ path, migrations, takeOver }: MendOptions): { rescued: string; fresh: string } {
  const [fresh, copy] = [`${path}.fresh`, `${path}.copy`];
  remove(fresh);
  remove(copy);
  const database = openDatabase({ path: fresh, migrations });
  database.pragma('journal_mode = DELETE');
  const sql = new Sql(database);
  try {
    for (const part of ['', '-wal']) if (existsSync(path + part)) copyFileSync(path + part, copy + part);
    mendHeader(copy, fresh);
    const damaged = openDamaged(copy);
    try {
      return sql.write(() => ({ rescued: takeOver(damaged, sql), fresh }));
    } finally {
      damaged.close();
    }
  } finally {
    sql.close();
    remove(copy);
  }
}

/**
 * SQLite reads nothing of a file whose header is no header, or says more pages than there are. Pages do not move: the header of a database of
 * the same layout, with the right number of pages, lets it read what is there.
 */
function mendHeader(copy: string, sound: string): void {
  const from = openSync(sound, 'r');
  const to = openSync(copy, 'r+');
  try {
    const [header, mine] = [Buffer.alloc(HEADER_BYTES), Buffer.alloc(HEADER_BYTES)];
    readSync(from, header, 0, HEADER_BYTES, 0);
    readSync(to, mine, 0, HEADER_BYTES, 0);
    // The layout that it says of itself may be older.
    if (mine.subarray(0, 16).equals(header.subarray(0, 16))) mine.copy(header, 60, 60, 64);
    // Readable with and without a log.
    header.fill(2, 18, 20);
    header.writeUInt32BE(Math.floor(fstatSync(to).size / header.readUInt16BE(16)), PAGE_COUNT_AT);
    // No list of free pages, and the number of pages counts.
    header.fill(0, 32, 40);
    header.copy(header, 92, 24, 28);
    writeSync(to, header, 0, HEADER_BYTES, 0);
    if (fstatSync(to).size < PAGE_BYTES) ftruncateSync(to, PAGE_BYTES);
  } finally {
    closeSync(from);
    closeSync(to);
  }
}

/** Keeps the damaged file, its log too, under a name of its own. */
function setAside(path: string): string {
  const stamp = new Date().toISOString().replaceAll(/[:.]/g, '-');
  const aside = path.replace(/\.db$/, `.damaged-${stamp}`);
  for (const part of WITH_LOG) {
    if (!existsSync(path + part)) continue;
    try {
      linkSync(path + part, aside + part);
    } catch {
      copyFileSync(path + part, aside + part);
    }
    // The log of the damaged file must not be taken for the new one's. The file itself is replaced in one step.
    if (part !== '') rmSync(path + part);
  }
  chmodSync(aside, 0o600);
  return aside;
}

function remove(path: string): void {
  for (const part of WITH_LOG) rmSync(path + part, { force: true });
}
