import type { AccountingNote } from '../../core/budget/accounting.ts';
import { budgetName } from '../../core/budget/budget-error.ts';
import { decimal } from '../../decimal.ts';
import { OrxError } from '../../errors.ts';
import type { BudgetStanding } from '../../storage/ledger/budgets/budget.ts';
import { withoutKeys } from '../text/error.ts';
import { moneyText } from '../text/money.ts';
import { countText } from '../text/number.ts';
import { visibleLine } from '../text/visible.ts';

/** Returns the notes about how a request was recorded, one per line. */
export function accountingNoteLines(note: AccountingNote): string[] {
  return linesOf(note).map((line) => visibleLine(withoutKeys(line)));
}

function linesOf(note: AccountingNote): string[] {
  switch (note.type) {
    case 'warning':
      return note.standings.map((standing) => `warning: ${usedText(standing)}`);
    case 'limited':
      return [`warning: a budget limits this request to ${note.model}: ${limitText(note)}`];
    case 'unbounded':
      return [`warning: the maximum cost of ${note.names.join(', ')} is unknown; it may exceed a budget`];
    case 'unrecorded':
      return [
        `warning: cannot record this request in the ledger: ${note.error instanceof Error ? note.error.message : String(note.error)}`,
        ...hints(note.error),
        ...(note.keptIn === undefined ? [] : [`  the entry is in ${note.keptIn} until a later command can add it to the ledger`]),
      ];
  }
}

/** Returns the use of a budget: `82% of the budget of $20 a month is used: $16.40`. */
export function usedText({ budget, spent }: BudgetStanding): string {
  const name = budgetName(budget);
  if (decimal(budget.limit).eq(0)) return `${name} is used up: ${moneyText(spent)}`;
  const share = decimal(spent).div(budget.limit).times(100);
  // Rounded down, so that 100% means that the budget is used up.
  return `${share.round(0, 0).toFixed()}% of ${name} is used: ${moneyText(spent)}`;
}

function limitText({ maxTokens, maxPrice, searches }: Extract<AccountingNote, { type: 'limited' }>): string {
  return [
    maxTokens === undefined ? undefined : `at most ${countText(maxTokens)} tokens (--max-tokens)`,
    searches === undefined ? undefined : `at most ${searches} web searches (--server-tool 'web_search={"max_uses":${searches}}')`,
    maxPrice === undefined
      ? undefined
      : `no provider above ${moneyText(maxPrice.prompt)} in, ${moneyText(maxPrice.completion)} out per million (--max-price)`,
  ]
    .filter((part) => part !== undefined)
    .join(' and ');
}

function hints(error: unknown): string[] {
  return error instanceof OrxError ? error.hints.slice(0, 1).map((hint) => `  ${hint}`) : [];
}
