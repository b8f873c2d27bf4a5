import { OrxError } from '../../errors.ts';

/** How errors refer to a database. */
export interface DatabaseName {
  /** Prefix of the codes: `ledger` gives `ledger-unwritable` and `ledger-unreadable`. */
  code: string;
  /** The subject of a sentence, such as `the ledger`. */
  title: string;
  isPlural: boolean;
  /** The command that shows whether the database works again. */
  command: string;
}

/** SQLITE_CORRUPT and SQLITE_NOTADB. */
const DAMAGE: ReadonlySet<number> = new Set([11, 26]);

// libsql has names only for some codes: for a row that is missing in an index, SQLITE_CORRUPT_INDEX, it returns the number. Its lowest byte is
// the primary code.
function primaryCode(code: string): number {
  return Number(/^UNKNOWN_SQLITE_ERROR_(\d+)$/.exec(code)?.[1] ?? 0) & 0xff;
}

/** Returns whether SQLite reports that a file is not a database, or is damaged. */
export function isDatabaseDamage(error: unknown): boolean {
  const code = codeOf(error) ?? '';
  if (/^SQLITE_(CORRUPT|NOTADB)/.test(code) || DAMAGE.has(primaryCode(code))) return true;
  // orx only queries tables, columns and indexes of its own schema, so a missing one is damage.
  return (
    code === 'SQLITE_ERROR' && error instanceof Error && /^no such (table|column|index)|has no column named/.test(error.message)
  );
}

/** Returns an error for damage that SQLite does not detect. */
export function damage(message: string): Error {
  return Object.assign(new Error(message), { code: 'SQLITE_CORRUPT' });
}

/**
 * Returns whether SQLite can only read the file: the system does not allow more, or a byte of the header says that a newer SQLite has written
 * it.
 */
export function isReadOnly(error: unknown): boolean {
  return codeOf(error) === 'SQLITE_READONLY';
}

/** Returns whether another process holds the database. */
export function isBusy(error: unknown): boolean {
  return /^SQLITE_(BUSY|LOCKED)/.test(codeOf(error) ?? '');
}

interface Failing {
  name: DatabaseName;
  path: string;
}

/** Converts an error of a method to one of orx. Returns errors that come neither from the disk nor from SQLite unchanged. */
export function databaseError(error: unknown, { name, path, doing }: Failing & { doing: 'read' | 'write' }): unknown {
  if (error instanceof OrxError || codeOf(error) === undefined) return error;
  const reason = error instanceof Error ? error.message : String(error);
  if (isDatabaseDamage(error)) {
    return new OrxError(`${name.title} ${name.isPlural ? 'are' : 'is'} damaged: ${path} (${reason})`, {
      kind: 'unexpected',
      code: `${name.code}-unreadable`,
      hints: [`recover what can be read: ${name.command}`],
      cause: error,
    });
  }
  if (isBusy(error)) return busy({ name, path }, error);
  return doing === 'write' ? unwritable({ name, path }, reason, error) : unreadable({ name, path }, reason, error);
}

export function unwritable({ name, path }: Failing, reason: string, cause?: unknown): OrxError {
  return new OrxError(`cannot write ${name.title}: ${path} (${reason})`, {
    kind: 'unexpected',
    code: `${name.code}-unwritable`,
    hints: [`check the disk space and the permissions of the folder, then: ${name.command}`],
    cause,
  });
}

function busy({ name, path }: Failing, cause: unknown): OrxError {
  return new OrxError(`${name.title} ${name.isPlural ? 'are' : 'is'} in use by another program: ${path}`, {
    kind: 'unexpected',
    code: `${name.code}-busy`,
    hints: ['end the other program that has this file open, then try again'],
    cause,
  });
}

function unreadable({ name, path }: Failing, reason: string, cause: unknown): OrxError {
  return new OrxError(`cannot read ${name.title}: ${path} (${reason})`, {
    kind: 'unexpected',
    code: `${name.code}-unreadable`,
    hints: [`check the permissions of the file, then: ${name.command}`],
    cause,
  });
}

function codeOf(error: unknown): string | undefined {
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  return typeof code === 'string' ? code : undefined;
}
