import type { AccountingNote } from '../../core/budget/accounting.ts';
import { unknownBudgets } from '../../core/budget/budget-error.ts';
import type { ConnectionSettings, LedgerSettings } from '../../core/settings/groups.ts';
import { usageError } from '../../errors.ts';
import type { Journal } from '../../storage/journal/journal.ts';
import type { Ledger } from '../../storage/ledger/ledger.ts';
import type { Context } from '../context.ts';

/** Opens the ledger, unless that is not needed before the request. Throws a usage error if it is turned off and has budgets. */
export async function openUnlessDeferred(
  settings: ConnectionSettings & LedgerSettings,
  context: Context,
  journal: Journal | undefined,
  note: (note: AccountingNote) => void,
): Promise<Ledger | undefined> {
  const stores = context.stores.for(settings);
  if (journal !== undefined || (!settings.ledger && (await stores.hasNoBudgets()))) return undefined;
  const ledger = await openOrNote(settings, context, note);
  if (!settings.ledger && (ledger === undefined ? await stores.mayHaveBudgets() : ledger.budgets().length > 0))
    refuseUnrecorded();
  return ledger;
}

async function openOrNote(
  settings: ConnectionSettings & LedgerSettings,
  context: Context,
  note: (note: AccountingNote) => void,
): Promise<Ledger | undefined> {
  try {
    return await context.stores.for(settings).openLedger();
  } catch (error) {
    if (settings.ledger && (await context.stores.for(settings).mayHaveBudgets())) throw unknownBudgets(error);
    if (settings.ledger) note({ type: 'unrecorded', error, isUnderBudget: false });
    return undefined;
  }
}

function refuseUnrecorded(): never {
  throw usageError(
    'budgets need the ledger, which is turned off',
    'omit --no-ledger and -n, or turn the ledger on: orx config unset ledger',
    'record costs, but not the conversation: --no-history',
  );
}
