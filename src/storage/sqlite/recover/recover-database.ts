import { chmodSync, copyFileSync, existsSync, linkSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { isDatabaseDamage } from '../errors.ts';
import { createUnfinished, moveInto, removeDatabase } from '../database.ts';
import { withFileLock } from '../../files/file-lock.ts';
import { openSound } from '../open-sound.ts';
import { Sql } from '../sql.ts';
import type { SturdyKind } from '../sturdy-kind.ts';
import { fileProblem } from './file-problem.ts';
import { headerProblem } from './header-problem.ts';
import { storedNames } from './stored-names.ts';
import { recoverTables } from './recover-tables.ts';
import { layoutOf } from './shape.ts';

/** Recovering a million entries of the ledger takes about twenty seconds. */
const PATIENCE_MS = 5 * 60 * 1000;

export interface RecoverOptions {
  path: string;
  /** File that marks the database as damaged. Removed once it is intact. */
  mark: string;
  kind: SturdyKind;
  /** What is wrong with the database. */
  reason: string;
}

export interface Recovery {
  /** The message for the user. */
  notice: string;
  /** The new database contains everything from the damaged one. */
  isComplete: boolean;
}

/**
 * Creates a new database from the readable data of a damaged one, replaces it, and keeps the damaged one next to it. One process does this while
 * the others wait. Undefined if there was nothing to recover (any more).
 */
export async function recoverDatabase({ path, mark, kind, reason }: RecoverOptions): Promise<Recovery | undefined> {
  return withFileLock(
    `${path}.lock`,
    () => {
      if (isSound(path, kind)) {
        rmSync(mark, { force: true });
        return undefined;
      }
      const fresh = `${path}.fresh`;
      try {
        const { recovered, problems, isEmpty } = takeOver(path, fresh, kind);
        if (kind.keepsHopeless === true && isEmpty) throw new Error(`${reason}; nothing of it can be read`);
        const isComplete = problems.length === 0;
        const copy = keep(path, isComplete);
        moveInto(fresh, path);
        rmSync(mark, { force: true });
        return { notice: noticeOf({ kind, reason, recovered, problems, copy }), isComplete };
      } finally {
        removeDatabase(fresh);
      }
    },
    { staleMs: PATIENCE_MS, patienceMs: PATIENCE_MS },
  );
}

function isSound(path: string, kind: SturdyKind): boolean {
  if (!existsSync(path) || (fileProblem(path) ?? headerProblem(path)) !== undefined) return false;
  try {
    openSound(path, kind, true).close();
    return true;
  } catch (error) {
    if (isDatabaseDamage(error)) return false;
    throw error;
  }
}

function takeOver(
  path: string,
  fresh: string,
  { migrations, newest, takeOver: take }: SturdyKind,
): { recovered: string; problems: readonly string[]; isEmpty: boolean } {
  const database = createUnfinished(fresh, migrations, newest);
  const sql = new Sql(database);
  try {
    const tables = recoverTables(path, layoutOf(database));
    try {
      const recovered = sql.write(() => take(tables, sql));
      return { recovered, problems: tables.problems(), isEmpty: tables.isEmpty() };
    } finally {
      tables.close();
    }
  } finally {
    sql.close();
  }
}

/** Keeps the damaged file and its log under another name. */
function keep(path: string, isComplete: boolean): string {
  const { folder, nameFor } = storedNames(path);
  const copy = join(folder, nameFor(new Date(), isComplete));
  for (const part of ['', '-wal']) {
    if (!existsSync(path + part)) continue;
    try {
      linkSync(path + part, copy + part);
    } catch {
      // The file system does not support hard links.
      copyFileSync(path + part, copy + part);
    }
    chmodSync(copy + part, 0o600);
    // SQLite must not apply the log of the damaged file to the new one. The file itself is replaced atomically.
    if (part !== '') rmSync(path + part);
  }
  rmSync(`${path}-shm`, { force: true });
  return copy;
}

function noticeOf({
  kind: { name },
  reason,
  recovered,
  problems,
  copy,
}: {
  kind: SturdyKind;
  reason: string;
  recovered: string;
  problems: readonly string[];
  copy: string;
}): string {
  const lost =
    problems.length === 0
      ? 'nothing is missing'
      : `part of the data may be missing (${problems[0]}${problems.length === 1 ? '' : `, and ${problems.length - 1} more problems`})`;
  return `${name.title} ${name.isPlural ? 'were' : 'was'} damaged: ${reason}. orx recovered ${recovered}; ${lost}. The damaged file is saved as ${copy}`;
}
