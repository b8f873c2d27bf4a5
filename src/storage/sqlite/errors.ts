import { OrxError } from '../../errors.ts';

/** How errors speak of a database. */
export interface DatabaseName {
  /** Begins the codes: `ledger` makes `ledger-unwritable` and `ledger-unreadable`. */
  code: string;
  /** What a sentence speaks of, such as `the ledger`. */
  title: string;
  isPlural: boolean;
  /** Tells whether it works again. */
  command: string;
}

/** SQLITE_CORRUPT and SQLITE_NOTADB. */
const DAMAGE: ReadonlySet<number> = new Set([11, 26]);

// libsql has names for some codes only: for a row that an index does not have, SQLITE_CORRUPT_INDEX, it gives the number. Its lowest byte is the
// kind of the error.
function primaryCode(code: string): number {
  return Number(/^UNKNOWN_SQLITE_ERROR_(\d+)$/.exec(code)?.[1] ?? 0) & 0xff;
}

/** What SQLite says when a file is no database, or no longer a sound one. */
export function isDatabaseDamage(error: unknown): boolean {
  const code = codeOf(error) ?? '';
  if (/^SQLITE_(CORRUPT|NOTADB)/.test(code) || DAMAGE.has(primaryCode(code))) return true;
  // Of the schema, what orx itself asks for is always there.
  return (
    code === 'SQLITE_ERROR' && error instanceof Error && /^no such (table|column|index)|has no column named/.test(error.message)
  );
}

/** The error of a database whose content is damaged in a way that SQLite does not see. */
export function damage(message: string): Error {
  return Object.assign(new Error(message), { code: 'SQLITE_CORRUPT' });
}

/** SQLite only reads the file. It is the system that forbids more, or a byte of the header says that a newer SQLite has written it. */
export function isReadOnly(error: unknown): boolean {
  return codeOf(error) === 'SQLITE_READONLY';
}

/** Another process holds the database. */
export function isBusy(error: unknown): boolean {
  return /^SQLITE_(BUSY|LOCKED)/.test(codeOf(error) ?? '');
}

interface Failing {
  name: DatabaseName;
  path: string;
}

/** The error of a method as callers know it. What is neither the disk's nor SQLite's is thrown as it is. */
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
