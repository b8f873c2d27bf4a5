import { usageError } from '../../errors.ts';
import { budgetJson, type BudgetState, budgetTable } from '../../output/ledger/budget-table.ts';
import type { Budget, BudgetStanding } from '../../storage/ledger/budgets/budget.ts';
import type { Ledger } from '../../storage/ledger/ledger.ts';
import type { Context } from '../context.ts';
import { standingOf } from './standing-of.ts';
import { type ListOptions, parseBudgets, parseList, parseRemove, type RemoveOptions, type SetOptions } from './budget-options.ts';
import { showJson, showTable } from '../show-table.ts';

/** `orx budget add` */
export const setBudgets = { parse: parseBudgets, run: runSet };

async function runSet({ settings, budgets }: SetOptions, context: Context): Promise<number> {
  const ledger = await context.stores.for(settings).openLedger({ isThorough: 'if-small' });
  const { projectFolder } = context.files;
  const set = budgets.map((budget) =>
    ledger.setBudget({ ...budget, project: budget.project === undefined ? undefined : projectFolder(budget.project) }),
  );
  await showBudgets(set, ledger, context, settings.sandbox);
  return ledger.isIncomplete ? 1 : 0;
}

/** `orx budget list` */
export const listBudgets = { parse: parseList, run: runList };

async function runList({ settings, isJson }: ListOptions, context: Context): Promise<number> {
  const ledger = await context.stores.for(settings).openLedger({ isThorough: 'if-small' });
  const budgets = ledger.budgets();
  if (isJson) await showJson(context, [], standingsOf(budgets, ledger, context).map(budgetJson));
  else if (budgets.length === 0) context.terminal.streams.stderr.write('no budgets; add one: orx budget add --month 20\n');
  else await showBudgets(budgets, ledger, context, settings.sandbox);
  return ledger.isIncomplete ? 1 : 0;
}

/** `orx budget remove`: removes all of the numbered budgets, or none if one of the numbers is unknown. */
export const removeBudgets = { parse: parseRemove, run: runRemove };

async function runRemove({ settings, numbers }: RemoveOptions, context: Context): Promise<number> {
  const ledger = await context.stores.for(settings).openLedger({ isThorough: 'if-small' });
  const ids = numbers.map(Number);
  const unknown = numbers.find((_, index) => !ledger.budgets().some(({ id }) => id === ids[index]));
  if (unknown !== undefined) throw usageError(`unknown budget ${unknown}`, 'list the budgets and their numbers: orx budget list');
  for (const id of ids) ledger.removeBudget(id);
  return ledger.isIncomplete ? 1 : 0;
}

async function showBudgets(budgets: readonly Budget[], ledger: Ledger, context: Context, isSandbox: boolean): Promise<void> {
  const standings = standingsOf(budgets, ledger, context);
  await showTable(context, {
    isSandbox,
    notes: [],
    table: (forTerminal) => budgetTable(standings, { bars: forTerminal }),
  });
}

/** Returns the standing of each budget within its own scope. */
function standingsOf(budgets: readonly Budget[], ledger: Ledger, { clock }: Context): BudgetState[] {
  return budgets.map((budget) => {
    const standing = standingOf(budget, ledger, clock.now());
    return { ...standing, upstreamSpent: upstreamSpentOf(standing, ledger) };
  });
}

function upstreamSpentOf({ budget, span }: BudgetStanding, ledger: Ledger): string {
  if (span === undefined) return '0';
  const { project, profile, model, vendor, clientKey, tag } = budget;
  return ledger.sums({ since: span.start, until: span.end, project, profile, model, vendor, clientKey, tag }).upstreamCost;
}
