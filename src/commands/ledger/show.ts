import { fieldText } from '../../output/setup/key.ts';
import { moneyText } from '../../output/text/money.ts';
import { countText } from '../../output/text/number.ts';
import { SANDBOX_LABEL } from '../../output/text/sandbox-label.ts';
import { write } from '../../output/text/write-stream.ts';
import { localMomentText } from '../../core/time/local-text.ts';
import type { Ledger } from '../../storage/ledger/ledger.ts';
import type { Context } from '../context.ts';
import { showJson } from '../show-table.ts';
import { parseShown, type ShownOptions } from './options.ts';

/** `orx ledger show` */
export const showLedger = { parse: parseShown, run: runShow };

async function runShow({ settings, isJson }: ShownOptions, context: Context): Promise<number> {
  const ledger = await context.stores.for(settings).openLedger();
  const { requests, cost } = ledger.sums({});
  const [first, last] = [startOf(ledger, 'oldest'), startOf(ledger, 'latest')];
  const { stdout } = context.terminal.streams;
  if (isJson) {
    const time = (at: number | undefined): string | null => (at === undefined ? null : new Date(at).toISOString());
    await showJson(context, [], {
      ...(settings.sandbox && { sandbox: true }),
      path: ledger.path,
      entries: requests,
      first: time(first),
      last: time(last),
      cost,
    });
  } else {
    const period =
      first === undefined || last === undefined ? [] : [['period', `${localMomentText(first)} to ${localMomentText(last)}`]];
    await write(
      stdout,
      fieldText([
        ['path', ledger.path],
        ['entries', countText(requests)],
        ...(period as [string, string][]),
        ['cost', `${moneyText(cost)}${settings.sandbox ? ` (${SANDBOX_LABEL}: simulated)` : ''}`],
      ]),
    );
  }
  return ledger.isIncomplete ? 1 : 0;
}

/** Returns when the oldest or the latest entry was opened; undefined for an empty ledger. */
function startOf(ledger: Ledger, order: 'oldest' | 'latest'): number | undefined {
  for (const { openedAt } of ledger.entries({}, { order, limit: 1 })) return openedAt;
  return undefined;
}
