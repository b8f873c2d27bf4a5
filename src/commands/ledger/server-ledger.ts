import type { Accounting, AccountingNote, EntryLedger } from '../../core/budget/accounting.ts';
import type { ConnectionSettings } from '../../core/settings/groups.ts';
import type { BudgetScope } from '../../storage/ledger/budgets/budget.ts';
import type { Ledger } from '../../storage/ledger/ledger.ts';
import type { Calibration, OutputLength, RatioBounds } from '../../storage/ledger/reports/report.ts';
import type { Context } from '../context.ts';
import { PRICES_KEPT_MS, remember } from '../../core/remember.ts';
import { findPrices } from './find-prices.ts';
import { findStoredModel } from '../stored-model.ts';

/** What a server does in another way than a command that asks once. */
export type AccountingParts = Pick<
  Accounting,
  'ledger' | 'findPrices' | 'findModel' | 'addressOf' | 'waitsFor' | 'limitsRequests'
>;

/** How often what the ledger has learned is read anew. */
const LEARNED_KEPT_MS = 60_000;
/** For so long a look at the budgets is used again. Whether a request fits is decided by the transaction that reserves its money. */
const STANDINGS_KEPT_MS = 200;
const MOST_SCOPES = 1000;

/**
 * The accounting of requests that come from clients: they are written on another thread, and what they all ask for is looked up once in a while.
 * What cannot be written is told as a note when that begins. `close` resolves when all is written.
 */
export async function serverAccounting(
  ledger: Ledger,
  settings: ConnectionSettings,
  context: Context,
  note: (note: AccountingNote) => void,
): Promise<AccountingParts & { close: () => Promise<void> }> {
  const { monotonic } = context.clock;
  // A client that goes away does not end what others wait for: the look-up has no signal.
  const prices = remember(
    (models) => findPrices(JSON.parse(models) as string[], settings, context, undefined),
    PRICES_KEPT_MS,
    monotonic,
  );
  const { close, ...written } = await writtenApart(ledger, settings, context, note);
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

/** The same for scopes that have the same budgets, which are looked at alike. A server has one conversation, profile and project. */
function scopeKey({ models, vendor, clientKey, tags, spans }: BudgetScope): string {
  return `${models.join('\n')}\0${vendor}\0${clientKey ?? ''}\0${tags.join()}\0${spans.day.start}`;
}

async function writtenApart(
  ledger: Ledger,
  settings: ConnectionSettings,
  context: Context,
  note: (note: AccountingNote) => void,
): Promise<EntryLedger & { close: () => Promise<void> }> {
  const { monotonic } = context.clock;
  const onProblem = (error: unknown): void => note({ type: 'unbooked', error, isUnderBudget: ledger.mayHaveBudgets() });
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
      // Without budgets nothing is reserved, so that nobody else would notice one that was set just now.
      return known.length > 0 ? known : ledger.standings(scope);
    },
    mayHaveBudgets: ledger.mayHaveBudgets,
    calibration: (...words: [string, RatioBounds]) => calibration(JSON.stringify(words)),
    outputLength: (model: string) => outputLength(model),
  };
  try {
    return { ...reading, ...(await context.stores.for(settings).openLedgerWriter(onProblem)) };
  } catch (error) {
    onProblem(error);
    return { ...ledger, close: async () => undefined };
  }
}
