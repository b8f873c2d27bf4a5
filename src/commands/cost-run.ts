import { entryRecord } from '../core/ledger-record.ts';
import { parseLimit } from '../core/parse-count.ts';
import { periodSpans } from '../core/periods.ts';
import { OrxError, usageError } from '../errors.ts';
import { costNote, costTable, costTotalJson } from '../output/cost-table.ts';
import type { EntryFilter } from '../storage/ledger/entry.ts';
import type { Ledger } from '../storage/ledger/ledger.ts';
import type { Run } from './register.ts';
import { showJson, showTable } from './show-table.ts';

/** `orx cost`: the latest entries of what is meant, newest last, and the total of all of them. */
export const showCost: Run = async ({ words, options, flags }, context) => {
  const limit = parseLimit('--limit', String(options['limit']));
  const ledger = await context.openLedger(context.resolveSettings(flags).values);
  // Runs that were killed are over.
  closeLost(ledger, context.clock.now());
  const filter = filterFor(words[0] ?? 'last', ledger, context.clock.now());
  const entries = [...ledger.entries(filter, { order: 'latest', limit })].toReversed();
  const total = ledger.sums(filter);
  if (options['json'] === true) {
    await showJson(context, [], { entries: entries.map(entryRecord), total: costTotalJson(total) });
    return 0;
  }
  const notices = ledger.notices.map((text) => ({ text: `! ${text}`, tone: 'warning' as const }));
  await showTable(context, { notes: [...notices, { text: costNote(total, entries.length) }], table: () => costTable(entries) });
  return 0;
};

/** A ledger that can only be read still tells what it has. */
function closeLost(ledger: Ledger, now: number): void {
  try {
    ledger.closeLost(now);
  } catch (error) {
    if (!(error instanceof OrxError)) throw error;
  }
}

/** Which entries are meant. Throws a usage error when a beginning fits no conversation, or several. */
function filterFor(what: string, ledger: Ledger, now: number): EntryFilter {
  if (what === 'today' || what === 'week' || what === 'month') {
    const { start, end } = periodSpans(now)[what === 'today' ? 'day' : what];
    return { since: start, until: end };
  }
  if (what === 'last') {
    const [last] = [...ledger.entries({}, { order: 'latest', limit: 1 })];
    // An empty ledger is no mistake of whoever asks.
    return last === undefined ? {} : { conversation: last.conversation };
  }
  const { count, latest } = ledger.conversations(what);
  if (latest === undefined)
    throw usageError(`no conversation begins with "${what}"`, 'the last one: orx cost last — all of today: orx cost today');
  if (count > 1) {
    throw usageError(
      `${count} conversations begin with "${what}"`,
      `give more of its id, such as ${latest.slice(0, what.length + 6)}`,
    );
  }
  return { conversation: latest };
}
