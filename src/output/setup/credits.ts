import type { Credits } from '../../apis/api.ts';
import { decimal, decimalText } from '../../decimal.ts';
import { moneyText } from '../text/money.ts';
import { SANDBOX_LABEL } from '../text/sandbox-label.ts';
import type { Field } from './key.ts';

/** Returns the credits of an account, for people. */
export function creditsFields(credits: Credits, isSandbox: boolean): Field[] {
  const { totalCredits, totalUsage } = credits;
  const rows: [string, string | undefined][] = [
    ['bought', totalCredits],
    ['used', totalUsage],
    ['left', leftOf(credits)],
  ];
  const note = isSandbox ? ` (${SANDBOX_LABEL}: simulated)` : '';
  return rows.map(([name, amount]) => [name, amount === undefined ? 'unknown' : `${moneyText(amount)}${note}`]);
}

/** Returns the same for `--json`: the API's names, USD as exact decimal text, null for missing values. */
export function creditsJson(credits: Credits, isSandbox: boolean): Record<string, unknown> {
  return {
    ...(isSandbox && { sandbox: true }),
    total_credits: credits.totalCredits ?? null,
    total_usage: credits.totalUsage ?? null,
    left: leftOf(credits) ?? null,
  };
}

/** Returns what is left, as exact decimal text; negative if the account has used more than it bought. */
function leftOf({ totalCredits, totalUsage }: Credits): string | undefined {
  if (totalCredits === undefined || totalUsage === undefined) return undefined;
  return decimalText(decimal(totalCredits).minus(totalUsage));
}
