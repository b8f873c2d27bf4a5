import { periodSpans } from '../../core/time/periods.ts';
import { ClientAccess } from '../../gateway/clients/client-access.ts';
import { ClientKeys } from '../../gateway/clients/client-keys.ts';
import { type ClientSpending, NO_SPENDING } from '../../gateway/clients/client-spending.ts';
import type { Ledger } from '../../storage/ledger/ledger.ts';
import type { Context } from '../context.ts';
import type { ServeOptions } from './options.ts';

/** Who may ask what is served. */
export interface ServedClients {
  /** Takes keys of a configuration besides those that are stored. */
  keys: ClientKeys;
  access: ClientAccess;
}

/** The clients of `orx serve`: stored keys, which other processes may make and revoke meanwhile, and what each spent. */
export async function openClients(settings: ServeOptions['settings'], context: Context): Promise<ServedClients> {
  const { now } = context.clock;
  const stores = context.stores.for(settings);
  const keys = new ClientKeys({ store: await stores.openClientKeys(), now });
  const ledger = settings.ledger ? await stores.openLedger().catch(() => undefined) : undefined;
  const spending = ledger === undefined ? NO_SPENDING : spendingIn(ledger, now);
  return { keys, access: new ClientAccess({ keys, spending, now }) };
}

/** What clients have spent, as the ledger says. */
export function spendingIn(ledger: Ledger, now: () => number): ClientSpending {
  return {
    spentBy(clientKey) {
      const { day, week, month } = periodSpans(now());
      const starts = [0, day.start, week.start, month.start];
      const [all = '0', today = '0', thisWeek = '0', thisMonth = '0'] = ledger.clientSpending(clientKey, starts);
      return { total: all, day: today, week: thisWeek, month: thisMonth };
    },
    budgetsOf(clientKey) {
      const scope = { conversation: '', profile: '', project: '', models: [], vendor: '', clientKey, tags: [] };
      return ledger
        .standings({ ...scope, spans: periodSpans(now()), now: now() })
        .filter(({ budget, span }) => budget.clientKey === clientKey && span !== undefined);
    },
    hasGeneration: (id, clientKey) => ledger.hasGeneration(id, clientKey),
  };
}
