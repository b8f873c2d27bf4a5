import { entryRecord } from '../../core/ledger/record.ts';
import { parseLimit } from '../../core/settings/parse-count.ts';
import { findTime, TIME_FORMS } from '../../core/time/parse-time.ts';
import { parsePeriod } from '../../core/usage/parse-period.ts';
import { OrxError, usageError } from '../../errors.ts';
import { costNote, costTable, costTotalJson } from '../../output/usage/cost-table.ts';
import type { EntryFilter } from '../../storage/ledger/entry.ts';
import type { Ledger } from '../../storage/ledger/ledger.ts';
import type { Run } from '../register.ts';
import type { CommandInput } from '../setting-options.ts';
import { showJson, showTable } from '../show-table.ts';

/** `orx cost`: the latest entries of what is meant, newest last, and the total of all of them. */
export const showCost: Run = async (input, context) => {
  const { options, flags } = input;
  const limit = parseLimit('--limit', String(options['limit']));
  const ledger = await context.stores.for(context.stores.resolveSettings(flags).values).openLedger({ isThorough: 'if-small' });
  const code = ledger.isIncomplete ? 1 : 0;
  // Runs that were killed are over.
  closeLost(ledger, context.clock.now());
  const filter = filterFor(input, ledger, context.clock.now());
  const entries = [...ledger.entries(filter, { order: 'latest', limit })].toReversed();
  const total = ledger.sums(filter);
  if (options['json'] === true) {
    await showJson(context, [], { entries: entries.map(entryRecord), total: costTotalJson(total) });
    return code;
  }
  await showTable(context, { notes: [{ text: costNote(total, entries.length) }], table: () => costTable(entries) });
  return code;
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
function filterFor({ words, options }: CommandInput, ledger: Ledger, now: number): EntryFilter {
  const text = (name: string): string | undefined => options[name] as string | undefined;
  const [what] = words;
  const span = { since: text('since'), until: text('until') };
  const isSpan = span.since !== undefined || span.until !== undefined;
  if (isSpan && what !== undefined)
    throw usageError(`${what} and --since or --until contradict each other`, 'leave one of them out');
  if (isSpan) return periodOf(span, now);
  if (what === undefined || what === 'last') return lastCommand(ledger);
  if (findTime(what, now) !== undefined) return periodOf({ since: what, ...(!isReach(what) && { until: what }) }, now);
  const { count, latest } = ledger.conversations(what);
  if (latest === undefined)
    throw usageError(
      `"${what}" is neither a time nor the beginning of a conversation`,
      `times: ${TIME_FORMS}`,
      'the last command: orx cost',
    );
  if (count > 1) {
    throw usageError(
      `${count} conversations begin with "${what}"`,
      `give more of its id, such as ${latest.slice(0, what.length + 6)}`,
    );
  }
  return { conversation: latest };
}

function periodOf(given: { since?: string | undefined; until?: string | undefined }, now: number): EntryFilter {
  const { since, until } = parsePeriod(given, now);
  return { since, until };
}

/** All requests of the last command: of one question with its tools, of one comparison. Older entries know only their conversation. */
function lastCommand(ledger: Ledger): EntryFilter {
  const [last] = [...ledger.entries({}, { order: 'latest', limit: 1 })];
  // An empty ledger is no mistake of whoever asks.
  return last === undefined ? {} : { conversation: last.conversation, turn: last.turn };
}

/** `12h`, `30d`: up to now. */
function isReach(text: string): boolean {
  return /^\d+[a-z]$/i.test(text.trim()) || text.trim().toLowerCase() === 'all';
}
