import type { Api } from '../../apis/api.ts';
import { periodSpans } from '../../core/time/periods.ts';
import { OrxError } from '../../errors.ts';
import type { ClientSpending } from '../../gateway/clients/client-spending.ts';
import { describeClientCredits, describeClientKey } from '../../gateway/clients/describe-client.ts';
import type { Ledger } from '../../storage/ledger/ledger.ts';

/** The key that a gateway describes if its clients need none. */
const WHOLE = { name: 'orx', hash: '', ending: '', createdAt: 0 };

/**
 * Returns what a gateway without OpenRouter answers in its place, so that it never asks OpenRouter: the spending in its ledger instead of an
 * account, and no record of an answer.
 */
export function withoutOpenRouter(ledger: Ledger | undefined, now: () => number): Pick<Api, 'account' | 'getGeneration'> {
  const spending: ClientSpending = {
    spentBy() {
      const { day, week, month } = periodSpans(now());
      const since = (start: number): string => ledger?.sums({ since: start }).cost ?? '0';
      return { total: since(0), day: since(day.start), week: since(week.start), month: since(month.start) };
    },
    budgetsOf() {
      const scope = { conversation: '', profile: '', project: '', models: [], vendor: '', tags: [] };
      return (ledger?.standings({ ...scope, spans: periodSpans(now()), now: now() }) ?? []).filter(
        ({ span }) => span !== undefined,
      );
    },
    hasGeneration: () => false,
  };
  return {
    account: {
      getKey: async () => ({ wire: describeClientKey(WHOLE, spending) }),
      getCredits: async () => ({ wire: describeClientCredits(WHOLE, spending) }),
    },
    async getGeneration(id) {
      throw new OrxError(`Generation ${id} not found`, { kind: 'no-endpoint', code: 'not_found', status: 404 });
    },
  };
}
