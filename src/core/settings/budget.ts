import { decimalText, parseDecimal } from '../../decimal.ts';
import { usageError } from '../../errors.ts';
import { HIGHEST_COST } from '../../paid-cost.ts';
import { parseBudgetWindow } from '../../budget-window.ts';
import type { Budget, BudgetPeriod, NamedPeriod } from '../../storage/ledger/budgets/budget.ts';

const PERIODS = ['request', 'conversation', 'day', 'week', 'month', 'total'] as const satisfies readonly NamedPeriod[];

/** The arguments of `orx budget add`, as text. */
export type BudgetWords = Readonly<
  Partial<
    Record<
      NamedPeriod | 'every' | 'limit' | 'project' | 'profile' | 'model' | 'vendor' | 'key' | 'tag' | 'warn',
      string | undefined
    >
  >
>;

const DEFAULT_WARN = 0.8;
const LONGEST_AMOUNT = 24;
const WINDOW_FORMS = '30s, 90m, 5h, 14d, 2w or 3mo';

/**
 * Returns the budgets for these arguments: one for each period that has an amount, all with the same scope. The project is the folder as the
 * user typed it. Throws a usage error for an invalid amount, and if there is no amount.
 */
export function budgetsFrom(words: BudgetWords): Omit<Budget, 'id'>[] {
  const scope = {
    project: words.project,
    profile: words.profile?.trim(),
    model: words.model?.trim(),
    vendor: words.vendor?.trim(),
    clientKey: words.key?.trim(),
    tag: words.tag?.trim(),
    warnAt: words.warn === undefined ? DEFAULT_WARN : parseShare(words.warn),
  };
  const budgets: Omit<Budget, 'id'>[] = PERIODS.flatMap((period) => {
    const amount = words[period];
    return amount === undefined ? [] : [{ period, limit: parseAmount(`--${period}`, amount), ...scope }];
  });
  const own = windowLimit(words);
  if (own !== undefined && budgets.some(({ period }) => period === own.period))
    throw usageError(`--every ${words.every} is the same period as --${own.period}`, `omit one of them`);
  if (own !== undefined) budgets.push({ ...own, ...scope });
  if (budgets.length === 0) {
    throw usageError(
      'no budget given',
      'add a budget: orx budget add --month 20',
      'add one for this project: orx budget add --project . --day 2 --request 0.10',
    );
  }
  return budgets;
}

/** Returns the limit of `--every` and `--limit`. */
function windowLimit({ every, limit }: BudgetWords): Pick<Budget, 'period' | 'limit'> | undefined {
  if (every === undefined && limit === undefined) return undefined;
  if (every === undefined || limit === undefined)
    throw usageError(
      '--every and --limit need each other',
      'add a budget of a period of any length: orx budget add --every 5h --limit 3',
    );
  return { period: parsePeriod('--every', every), limit: parseAmount('--limit', limit) };
}

/** Parses a period of any length: `5h`, `14d`. Throws a usage error that names the flag. */
function parsePeriod(flag: string, text: string): BudgetPeriod {
  const period = parseBudgetWindow(text);
  if (period !== undefined) return period;
  throw usageError(`${flag} must be a duration up to ten years, such as ${WINDOW_FORMS}, not "${text}"`);
}

/** Parses an amount in USD: `20`, `$0.05`. */
function parseAmount(flag: string, text: string): string {
  const digits = text.trim().replace(/^\$/, '');
  const amount = digits.length <= LONGEST_AMOUNT && /^\d+(\.\d+)?$/.test(digits) ? parseDecimal(digits) : undefined;
  if (amount === undefined) throw usageError(`${flag} must be an amount in USD, such as 20 or 0.05, not "${text}"`);
  if (amount.gt(HIGHEST_COST))
    throw usageError(
      `${flag} must be at most $1,000,000, not "${text}"`,
      'to spend without a limit, remove the budget: orx budget list',
    );
  return decimalText(amount);
}

/** Parses `80` and `80%` as 0.8. */
function parseShare(text: string): number {
  const percent = /^\d+(\.\d+)?\s*%?$/.test(text.trim()) ? Number.parseFloat(text) : Number.NaN;
  if (!(percent > 0 && percent <= 100)) throw usageError(`--warn must be a percentage from 1 to 100, such as 80, not "${text}"`);
  return percent / 100;
}
