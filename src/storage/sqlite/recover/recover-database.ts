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

/** To read a million entries of the ledger out of a damaged file takes some twenty seconds. */
const PATIENCE_MS = 5 * 60 * 1000;

export interface RecoverOptions {
  path: string;
  /** File that says that damage was seen. Removed when all is well. */
  mark: string;
  kind: SturdyKind;
  /** What is wrong. */
  reason: string;
}

export interface Recovery {
  /** What the user must hear. */
  notice: string;
  /** Everything of the damaged file is in the new one. */
  isComplete: boolean;
}

/**
 * Makes a new database of what can be read of a damaged one, puts it in its place and keeps the damaged one beside it. One process does so,
 * the others wait for it. Undefined when there was nothing to recover (any more).
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
  { migrations, takeOver: take }: SturdyKind,
): { recovered: string; problems: readonly string[]; isEmpty: boolean } {
  const database = createUnfinished(fresh, migrations);
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

/** Keeps the damaged file, and its log, under a name of its own. */
function keep(path: string, isComplete: boolean): string {
  const { folder, nameFor } = storedNames(path);
  const copy = join(folder, nameFor(new Date(), isComplete));
  for (const part of ['', '-wal']) {
    if (!existsSync(path + part)) continue;
    try {
      linkSync(path + part, copy + part);
    } catch {
      // A file system without hard links.
      copyFileSync(path + part, copy + part);
    }
    chmodSync(copy + part, 0o600);
    // The log of the damaged file must not be taken for the new one's. The file itself is replaced in one step.
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
      : `a part of it may be missing (${problems[0]}${problems.length === 1 ? '' : `, and ${problems.length - 1} more places`})`;
  return `${name.title} ${name.isPlural ? 'were' : 'was'} damaged: ${reason}. orx recovered ${recovered}; ${lost}. The damaged file is saved as ${copy}`;
}
