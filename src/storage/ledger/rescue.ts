import type { Database } from '../database.ts';
import { readableRows } from '../readable-rows.ts';
import { entryOf, type EntryRow } from './entry-row.ts';
import { BUDGET_PERIODS, type Budget } from './budget.ts';
import type { LedgerEntry } from './entry.ts';
import { isAmount } from './cost-units.ts';

/** All entries that can be read of a damaged database, whatever of it is broken. */
export function* rescuedEntries(damaged: Database): Generator<LedgerEntry> {
  const texts = new Map([...readableRows(damaged, 'label', 'id')].map((row) => [row['id'], String(row['text'])]));
  const labels = { text: (id: number) => texts.get(id) ?? '' };
  for (const row of readableRows(damaged, 'entry', 'row')) {
    const { id, opened_at: openedAt } = row;
    if (typeof id !== 'string' || id === '' || typeof openedAt !== 'number' || !(openedAt >= 0)) continue;
    yield entryOf(row as EntryRow, labels);
  }
}

export function rescuedBudgets(damaged: Database): Omit<Budget, 'id'>[] {
  return [...readableRows(damaged, 'budget', 'id')].flatMap(({ period, amount, project, profile, model, warn_at: warnAt }) => {
    const known = BUDGET_PERIODS.find((name) => name === period);
    if (known === undefined || typeof amount !== 'string' || !isAmount(amount)) return [];
    const text = (value: string | number | null | undefined): string | undefined =>
      typeof value === 'string' ? value : undefined;
    return [
      {
        period: known,
        limit: amount,
        warnAt: typeof warnAt === 'number' ? warnAt : 1,
        project: text(project),
        profile: text(profile),
        model: text(model),
      },
    ];
  });
}
