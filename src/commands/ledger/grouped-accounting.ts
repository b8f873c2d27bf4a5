import type { Accounting, AccountingNote, EntryLedger } from '../../core/budget/accounting.ts';
import type { ConnectionSettings } from '../../core/settings/groups.ts';
import type { BudgetScope, BudgetStanding } from '../../storage/ledger/budgets/budget.ts';
import type { Ledger } from '../../storage/ledger/ledger.ts';
import type { Calibration, OutputLength, RatioBounds } from '../../storage/ledger/reports/report.ts';
import type { Context } from '../context.ts';
import { PRICES_KEPT_MS, remember } from '../../core/remember.ts';
import { findPrices } from './find-prices.ts';
import { findStoredModel } from '../stored-model.ts';

/** The parts of the accounting in which a server or a batch differs from a command with few requests. */
export type AccountingParts = Pick<
  Accounting,
  'ledger' | 'findPrices' | 'findModel' | 'addressOf' | 'waitsFor' | 'limitsRequests'
>;

/** How long learned values of the ledger are cached. */
const LEARNED_KEPT_MS = 60_000;
/** How long the state of the budgets is cached. The transaction that reserves the amount decides whether a request fits. */
const STANDINGS_KEPT_MS = 200;
/** How long a refusal waits for what the thread has not written yet: a locked disk may take longer. */
const LATEST_WAIT_MS = 250;
const MOST_SCOPES = 1000;

/**
 * Returns the accounting for many requests: several are written in one transaction, for a server on another thread, and lookups
 * that they share are cached. Adds one note when writing starts to fail. `close` resolves when everything is written.
 */
export async function groupedAccounting(
  ledger: Ledger,
  settings: ConnectionSettings,
  context: Context,
  { note, isBatch }: { note: (note: AccountingNote) => void; isBatch: boolean },
): Promise<AccountingParts & { close: () => Promise<void> }> {
  const { monotonic } = context.clock;
  // A client that disconnects must not end a lookup that others wait for, so the lookup has no signal.
  const prices = remember(
    (models) => findPrices(JSON.parse(models) as string[], settings, context, undefined),
    PRICES_KEPT_MS,
    monotonic,
  );
  const { close, ...written } = await writtenInGroups(ledger, settings, context, { note, isBatch });
  return {
    ledger: written,
    close,
    findPrices: (models) => prices(JSON.stringify(models)),
    findModel: remember((name) => findStoredModel(name, settings, context), PRICES_KEPT_MS, monotonic),
    addressOf: remember(
      (vendor) =>
        context.apis
          .for(settings)
          .vendors()
          .find(({ name }) => name === vendor)?.baseUrl,
      PRICES_KEPT_MS,
      monotonic,
    ),
    waitsFor: 'all',
    limitsRequests: false,
  };
}

/** Returns a key that is the same for scopes with the same budgets. A server has one conversation, profile and project. */
function scopeKey({ models, vendor, clientKey, tags, spans }: BudgetScope): string {
  return `${models.join('\n')}\0${vendor}\0${clientKey ?? ''}\0${tags.join()}\0${spans.day.start}`;
}

async function writtenInGroups(
  ledger: Ledger,
  settings: ConnectionSettings,
  context: Context,
  { note, isBatch }: { note: (note: AccountingNote) => void; isBatch: boolean },
): Promise<EntryLedger & { close: () => Promise<void> }> {
  const { monotonic } = context.clock;
  const onProblem = (error: unknown): void => note({ type: 'unrecorded', error, isUnderBudget: ledger.mayHaveBudgets() });
  const calibration = remember<Calibration | undefined>(
    (key) => ledger.calibration(...(JSON.parse(key) as [string, RatioBounds])),
    LEARNED_KEPT_MS,
    monotonic,
  );
  const outputLength = remember<OutputLength | undefined>((model) => ledger.outputLength(model), LEARNED_KEPT_MS, monotonic);
  const scopes = new Map<string, BudgetScope>();
  const standings = remember(
    (key) => ledger.standings({ ...scopes.get(key)!, now: context.clock.now() }),
    STANDINGS_KEPT_MS,
    monotonic,
  );
  const reading = {
    standings(scope: BudgetScope) {
      const key = scopeKey(scope);
      if (scopes.size >= MOST_SCOPES) scopes.clear();
      scopes.set(key, scope);
      const known = standings(key);
      // Without budgets nothing is reserved, so nothing else would detect one that was just added. In a batch it applies a little later.
      return known.length > 0 || isBatch ? known : ledger.standings(scope);
    },
    mayHaveBudgets: ledger.mayHaveBudgets,
    calibration: (...words: [string, RatioBounds]) => calibration(JSON.stringify(words)),
    outputLength: (model: string) => outputLength(model),
  };
  try {
    const stores = context.stores.for(settings);
    if (isBatch) return { ...reading, ...(await stores.openGroupedWriter(onProblem)) };
    const writer = await stores.openLedgerWriter(onProblem);
    const latestStandings = async (scope: BudgetScope): Promise<readonly BudgetStanding[]> => {
      await Promise.race([writer.written(), context.clock.sleep(LATEST_WAIT_MS)]);
      return ledger.standings(scope);
    };
    return { ...reading, ...writer, latestStandings };
  } catch (error) {
    onProblem(error);
    return { ...ledger, close: async () => undefined };
  }
}
