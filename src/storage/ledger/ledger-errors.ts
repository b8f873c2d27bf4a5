import { OrxError } from '../../errors.ts';

/** What SQLite says when a file is no database, or no longer a sound one. */
export function isDamage(error: unknown): boolean {
  return /^SQLITE_(CORRUPT|NOTADB)/.test(codeOf(error) ?? '');
}

/** The error of a method as callers know it. What is neither the disk's nor SQLite's is thrown as it is. */
export function ledgerError(error: unknown, { path, doing }: { path: string; doing: 'read' | 'write' }): unknown {
  if (error instanceof OrxError || codeOf(error) === undefined) return error;
  const reason = error instanceof Error ? error.message : String(error);
  if (isDamage(error)) {
    return new OrxError(`the ledger is damaged: ${path} (${reason})`, {
      kind: 'unexpected',
      code: 'ledger-unreadable',
      hints: ['the next orx sets it aside and rescues what can be read'],
      cause: error,
    });
  }
  return doing === 'write' ? unwritable(path, reason, error) : unreadable(path, reason, error);
}

export function unwritable(path: string, reason: string, cause?: unknown): OrxError {
  return new OrxError(`the ledger cannot be written: ${path} (${reason})`, {
    kind: 'unexpected',
    code: 'ledger-unwritable',
    hints: ['see to the space on that disk and the rights of that folder; `orx ledger check` tells whether it works again'],
    cause,
  });
}

function unreadable(path: string, reason: string, cause: unknown): OrxError {
  return new OrxError(`the ledger cannot be read: ${path} (${reason})`, {
    kind: 'unexpected',
    code: 'ledger-unreadable',
    hints: ['see to the rights of that file; `orx ledger check` tells whether it works again'],
    cause,
  });
}

function codeOf(error: unknown): string | undefined {
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  return typeof code === 'string' ? code : undefined;
}
