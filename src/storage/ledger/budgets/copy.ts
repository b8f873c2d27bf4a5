import { readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Budget, isBudgetPeriod, type PeriodSpan } from './budget.ts';

/** A budget outside the database, with the amounts spent in its current periods. */
export interface CopiedBudget extends Omit<Budget, 'id'> {
  spent: readonly (PeriodSpan & { amount: string })[];
}

/**
 * The copy of the budgets next to the ledger. It tells whether there are budgets if the ledger cannot be read, and which ones if the ledger lost
 * them. `damaged`: there is a copy, but its content is lost.
 */
export type BudgetCopy = { kind: 'none' } | { kind: 'damaged' } | { kind: 'copy'; budgets: readonly CopiedBudget[] };

export function budgetCopyPath({ folder, name }: { folder: string; name: string }): string {
  return join(folder, `${name}.budgets.json`);
}

export function readBudgetCopy(path: string): BudgetCopy {
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    // If its folder does not exist, there is no copy.
    return { kind: code === 'ENOENT' || code === 'ENOTDIR' ? 'none' : 'damaged' };
  }
  try {
    const { budgets, check } = JSON.parse(text) as { budgets: CopiedBudget[]; check: unknown };
    if (check === checkOf(budgets) && budgets.every(isBudget)) return { kind: 'copy', budgets };
  } catch {
    // orx did not write this.
  }
  return { kind: 'damaged' };
}

/** Returns whether there are budgets, or may be, if the ledger cannot be read. */
export function mayHaveBudgets(path: string): boolean {
  const copy = readBudgetCopy(path);
  return copy.kind === 'damaged' || (copy.kind === 'copy' && copy.budgets.length > 0);
}

/** Writes the copy atomically. Only one process does so at a time, because the ledger is locked. Throws the system's error. */
export function writeBudgetCopy(path: string, budgets: readonly CopiedBudget[]): void {
  const beside = `${path}.tmp`;
  try {
    writeFileSync(beside, `${JSON.stringify({ budgets, check: checkOf(budgets) }, null, 2)}\n`, { mode: 0o600 });
    renameSync(beside, path);
  } finally {
    rmSync(beside, { force: true });
  }
}

/** A limit may be higher than any cost: earlier versions of orx accepted such limits. */
const LIMIT = /^\d+(\.\d+)?$/;

function isBudget({ period, limit, warnAt, spent }: CopiedBudget): boolean {
  return isBudgetPeriod(period) && LIMIT.test(limit) && typeof warnAt === 'number' && Array.isArray(spent);
}

/** Returns a checksum of the text (FNV-1a), which detects a changed digit. */
function checkOf(budgets: readonly CopiedBudget[]): string {
  let sum = 0x81_1c_9d_c5;
  for (const byte of Buffer.from(JSON.stringify(budgets))) sum = Math.imul(sum ^ byte, 0x01_00_01_93) >>> 0;
  return sum.toString(16).padStart(8, '0');
}
