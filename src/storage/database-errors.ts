import { OrxError } from '../errors.ts';

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

/** What SQLite says when a file is no database, or no longer a sound one. */
export function isDamage(error: unknown): boolean {
  return /^SQLITE_(CORRUPT|NOTADB)/.test(codeOf(error) ?? '');
}

interface Failing {
  name: DatabaseName;
  path: string;
}

/** The error of a method as callers know it. What is neither the disk's nor SQLite's is thrown as it is. */
export function databaseError(error: unknown, { name, path, doing }: Failing & { doing: 'read' | 'write' }): unknown {
  if (error instanceof OrxError || codeOf(error) === undefined) return error;
  const reason = error instanceof Error ? error.message : String(error);
  if (isDamage(error)) {
    return new OrxError(`${name.title} ${name.isPlural ? 'are' : 'is'} damaged: ${path} (${reason})`, {
      kind: 'unexpected',
      code: `${name.code}-unreadable`,
      hints: ['the next orx sets it aside and rescues what can be read'],
      cause: error,
    });
  }
  return doing === 'write' ? unwritable({ name, path }, reason, error) : unreadable({ name, path }, reason, error);
}

export function unwritable({ name, path }: Failing, reason: string, cause?: unknown): OrxError {
  return new OrxError(`${name.title} cannot be written: ${path} (${reason})`, {
    kind: 'unexpected',
    code: `${name.code}-unwritable`,
    hints: [`see to the space on that disk and the rights of that folder; \`${name.command}\` tells whether it works again`],
    cause,
  });
}

function unreadable({ name, path }: Failing, reason: string, cause: unknown): OrxError {
  return new OrxError(`${name.title} cannot be read: ${path} (${reason})`, {
    kind: 'unexpected',
    code: `${name.code}-unreadable`,
    hints: [`see to the rights of that file; \`${name.command}\` tells whether it works again`],
    cause,
  });
}

function codeOf(error: unknown): string | undefined {
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  return typeof code === 'string' ? code : undefined;
}
