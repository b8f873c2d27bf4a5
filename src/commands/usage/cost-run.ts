import { entryRecord } from '../../core/ledger/record.ts';
import { TIME_FORMS } from '../../core/time/parse-time.ts';
import { OrxError, usageError } from '../../errors.ts';
import { costNote, costTable, costTotalJson } from '../../output/usage/cost-table.ts';
import type { EntryFilter } from '../../storage/ledger/entry.ts';
import type { Ledger } from '../../storage/ledger/ledger.ts';
import type { Context } from '../context.ts';
import { showJson, showTable } from '../show-table.ts';
import { type CostOf, type CostOptions, parseCostOptions } from './cost-options.ts';

/** `orx cost`: prints the latest matching entries, newest last, and the total of all of them. */
export const cost = { parse: parseCostOptions, run: runCost };

async function runCost({ settings, of, limit, isJson }: CostOptions, context: Context): Promise<number> {
  const ledger = await context.stores.for(settings).openLedger({ isThorough: 'if-small' });
  const code = ledger.isIncomplete ? 1 : 0;
  // Close entries of commands that were killed.
  closeLost(ledger, context.clock.now());
  const filter = filterFor(of, ledger);
  const entries = [...ledger.entries(filter, { order: 'latest', limit })].toReversed();
  const total = ledger.sums(filter);
  if (isJson) {
    await showJson(context, [], { entries: entries.map(entryRecord), total: costTotalJson(total) });
    return code;
  }
  await showTable(context, {
    isSandbox: settings.sandbox,
    notes: [{ text: costNote(total, entries.length) }],
    table: () => costTable(entries),
  });
  return code;
}

/** Closes lost entries. A read-only ledger can still be shown. */
function closeLost(ledger: Ledger, now: number): void {
  try {
    ledger.closeLost(now);
  } catch (error) {
    if (!(error instanceof OrxError)) throw error;
  }
}

/** Returns the filter for the entries to show. Throws a usage error if a prefix matches no conversation, or several. */
function filterFor(of: CostOf, ledger: Ledger): EntryFilter {
  if (of.type === 'period') return of.filter;
  if (of.type === 'last') return lastCommand(ledger);
  const { prefix } = of;
  const { count, latest } = ledger.conversations(prefix);
  if (latest === undefined)
    throw usageError(
      `"${prefix}" is not a time or the start of a conversation id`,
      `use one of these times: ${TIME_FORMS}`,
      'show the cost of the last command: orx cost',
    );
  if (count > 1) {
    throw usageError(
      `"${prefix}" matches ${count} conversation ids`,
      `use a longer prefix, such as ${latest.slice(0, prefix.length + 6)}`,
    );
  }
  return { conversation: latest };
}

/**
 * Returns the filter for all requests of the last command: of one question with its tools, or of one comparison. Older entries
 * contain only their conversation.
 */
function lastCommand(ledger: Ledger): EntryFilter {
  const [last] = [...ledger.entries({}, { order: 'latest', limit: 1 })];
  // An empty ledger is not an error.
  return last === undefined ? {} : { conversation: last.conversation, turn: last.turn };
}
