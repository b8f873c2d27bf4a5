import { periodSpans } from '../../core/time/periods.ts';
import { ClientAccess } from '../../gateway/clients/client-access.ts';
import { ClientKeys } from '../../gateway/clients/client-keys.ts';
import { type ClientSpending, NO_SPENDING } from '../../gateway/clients/client-spending.ts';
import type { GatewayOptions } from '../../gateway/start-gateway.ts';
import type { Ledger } from '../../storage/ledger/ledger.ts';
import type { Context } from '../context.ts';
import type { ServeOptions } from './options.ts';
import type { ServerNotes } from './server-notes.ts';

/** The clients that may use the gateway. */
export interface ServedClients {
  /** The stored keys; accepts those of a configuration in addition. */
  keys: ClientKeys;
  access: ClientAccess;
  /** Undefined without a ledger. */
  findStored: GatewayOptions['findStored'];
}

/**
 * Opens the clients of `orx serve`: stored keys, which other processes may add and revoke meanwhile, and the spending of each
 * client.
 */
export async function openClients(
  settings: ServeOptions['settings'],
  context: Context,
  notes: Pick<ServerNotes, 'addOnce'>,
): Promise<ServedClients> {
  const { now } = context.clock;
  const stores = context.stores.for(settings);
  const keys = new ClientKeys({ store: await stores.openClientKeys(), now });
  const ledger = settings.ledger ? await stores.openLedger().catch(() => undefined) : undefined;
  const spending = ledger === undefined ? NO_SPENDING : spendingIn(ledger, now);
  const onUnreadable = (error: unknown): void =>
    notes.addOnce(`every request is refused: ${error instanceof Error ? error.message : String(error)}`);
  return {
    keys,
    access: new ClientAccess({ keys, spending, openLimitLog: await stores.openLimitLog(), onUnreadable, now }),
    findStored: ledger && ((id, client) => ledger.servedGeneration(id, client)),
  };
}

/** Returns the spending of clients, from the ledger. */
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
