import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import { periodSpans } from '../../src/core/time/periods.ts';
import type { BudgetStanding } from '../../src/storage/ledger/budgets/budget.ts';
import type { Ledger } from '../../src/storage/ledger/ledger.ts';
import { openLedger } from '../../src/storage/ledger/open-ledger.ts';

/** Opens the ledger of gateways beside them. `standing` reads the budget of a client key; it must have only one. */
export async function watchKeyBudget(
  home: string,
  clientKey: string,
): Promise<{ ledger: Ledger; standing: () => BudgetStanding }> {
  const ledger = await openLedger({ folder: join(home, 'data'), name: 'ledger' });
  onTestFinished(() => ledger.close());
  const scope = { conversation: '', profile: '', project: '', models: [], vendor: '', clientKey, tags: [] };
  return {
    ledger,
    standing() {
      const now = Date.now();
      return ledger.standings({ ...scope, spans: periodSpans(now), now })[0]!;
    },
  };
}
