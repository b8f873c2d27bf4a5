import type { EntryFilter } from './entry.ts';
import { patternMatcher } from '../../text/patterns.ts';
import type { SqlValue } from '../sqlite/sql.ts';
import type { Store } from './store.ts';

/** Conditions on the table `entry`. */
export interface Conditions {
  where: string;
  values: SqlValue[];
  /** The index for sums: the conversation's own, or one that contains everything that reports need, because the table itself is much larger. */
  index: 'entry_conversation' | 'entry_report';
}

/** Converts an entry filter to SQL, followed by the caller's own conditions. */
export function entryConditions({ labels }: Store, filter: EntryFilter, more: readonly string[] = []): Conditions {
  const parts: string[] = [];
  const values: SqlValue[] = [];
  const add = (part: string, ...its: SqlValue[]): void => {
    parts.push(part);
    values.push(...its);
  };
  const { since, until, conversation, turn, model, clientKey, tag } = filter;
  // The range may be all of time.
  if (since !== undefined && since > -Infinity) add('opened_at >= ?', since);
  if (until !== undefined && until < Infinity) add('opened_at < ?', until);
  if (conversation !== undefined) add('conversation = ?', conversation);
  if (turn !== undefined) add('turn = ?', turn);
  for (const name of ['command', 'profile', 'project', 'provider', 'vendor'] as const) {
    const text = filter[name];
    if (text !== undefined) add(`${name} = ?`, labels.find(text) ?? -1);
  }
  if (clientKey !== undefined) add('client = ?', labels.find(clientKey) ?? -1);
  if (tag !== undefined) add(`tags IN (${someIds(labels.withTag(tag))})`);
  if (model !== undefined) add(`model IN (${someIds(labels.matching(patternMatcher(model)))})`);
  parts.push(...more);
  return {
    where: parts.length === 0 ? 'TRUE' : parts.join(' AND '),
    values,
    index: conversation === undefined ? 'entry_report' : 'entry_conversation',
  };
}

/** Returns the ids, or one that no text has: SQLite cannot use a partial index with an empty list. */
function someIds(ids: readonly number[]): string {
  return ids.length === 0 ? '-1' : ids.join(', ');
}
