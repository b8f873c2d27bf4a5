import { bytesText } from '../../text/bytes.ts';
import type { Reconciled } from '../../core/budget/reconcile.ts';
import type { LedgerCheck } from '../../storage/ledger/ledger.ts';
import { countText } from '../text/number.ts';
import { visibleLine } from '../text/visible.ts';

/** Returns the result of `orx ledger check` for people. */
export function checkLines({ entries, open, unbilled, reservations, bytes, problems }: LedgerCheck): string {
  const lines = [
    `${countText(entries)} entries, ${bytesText(bytes)}`,
    ...(open === 0 ? [] : [`${countText(open)} in progress, or left by killed commands`]),
    ...(unbilled === 0 ? [] : [`${countText(unbilled)} without a final cost; look it up: orx ledger reconcile`]),
    ...(reservations === 0 ? [] : [`reservations for ${countText(reservations)}`]),
    ...(problems.length === 0 ? ['no problems found'] : problems.map((problem) => `! ${problem}`)),
  ];
  return lines.map((line) => `${visibleLine(line)}\n`).join('');
}

/** Returns the message about sums for reports that a check has made again. */
export function repairedText(repaired: readonly string[]): string {
  const more = repaired.length === 1 ? '' : `, and ${repaired.length - 1} more`;
  return `warning: ${visibleLine(repaired[0] ?? '')}${more}; orx has made them again from the entries\n`;
}

/** Returns the result of `orx ledger reconcile` for people. */
export function reconciledLines({
  lost,
  billed: match,
  missing,
  estimated,
}: Omit<Reconciled, 'error'> & { estimated: number }): string {
  return [
    ...(lost === 0 ? [] : [`${countText(lost)} ${lost === 1 ? 'entry' : 'entries'} of killed commands closed\n`]),
    `${countText(match)} ${match === 1 ? 'cost' : 'costs'} found\n`,
    ...(missing === 0 ? [] : [`${countText(missing)} not known to the API (yet)\n`]),
    ...(estimated === 0 ? [] : [`${countText(estimated)} estimated from catalog prices\n`]),
  ].join('');
}
