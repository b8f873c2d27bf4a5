import { bytesText } from '../../text/bytes.ts';
import type { Reconciled } from '../../core/budget/reconcile.ts';
import type { LedgerCheck } from '../../storage/ledger/ledger.ts';
import { countText } from '../text/number.ts';
import { visibleLine } from '../text/visible.ts';

/** Returns the result of `orx ledger check` for people. */
export function checkLines({ entries, open, unbilled, reservations, bytes, problems }: LedgerCheck): string {
  const lines = [
    `${countText(entries)} entries, ${bytesText(bytes)}`,
    ...(open === 0 ? [] : [`${countText(open)} under way, or of runs that died`]),
    ...(unbilled === 0 ? [] : [`${countText(unbilled)} without a bill; look it up with: orx ledger reconcile`]),
    ...(reservations === 0 ? [] : [`money reserved for ${countText(reservations)}`]),
    ...(problems.length === 0 ? ['all is well'] : problems.map((problem) => `! ${problem}`)),
  ];
  return lines.map((line) => `${visibleLine(line)}\n`).join('');
}

/** Returns the result of `orx ledger reconcile` for people. */
export function reconciledLines({
  lost,
  billed: match,
  missing,
  estimated,
}: Omit<Reconciled, 'error'> & { estimated: number }): string {
  return [
    ...(lost === 0 ? [] : [`${countText(lost)} ended that had died\n`]),
    `${countText(match)} ${match === 1 ? 'bill' : 'bills'} found\n`,
    ...(missing === 0 ? [] : [`${countText(missing)} that the API does not know, or not yet\n`]),
    ...(estimated === 0 ? [] : [`${countText(estimated)} estimated from the catalogue's prices\n`]),
  ].join('');
}
