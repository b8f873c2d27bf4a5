import type { Candidate } from '../core/completion/outline.ts';
import { visibleLine } from '../output/visible-text.ts';
import { readTitles } from '../storage/conversations/completion-rows.ts';
import { readBookedIds, readBudgetRows } from '../storage/ledger/completion-rows.ts';
import { orNothing } from './or-nothing.ts';

/** Where the databases are, and how what is wanted begins. */
export interface KeptPlace {
  folder: string;
  isSandbox: boolean;
  typed: string;
}

/** What the ledger and the conversations know. In a file of its own, because SQLite takes longer to load than all the rest. */
export function keptRows(kind: 'budget' | 'conversation' | 'booked-conversation', place: KeptPlace): readonly Candidate[] {
  if (kind === 'budget') return budgets(place);
  const kept = conversations(place);
  if (kind === 'conversation') return kept;
  // The ledger keeps no text: its conversations have a title as far as they are kept themselves.
  const titles = new Map(kept.map(({ value, about }) => [value, about]));
  return orNothing(() => readBookedIds(ledgerAt(place))).map((value) => ({ value, about: titles.get(value) ?? 'conversation' }));
}

function budgets(place: KeptPlace): readonly Candidate[] {
  return orNothing(() => readBudgetRows(ledgerAt(place))).map(({ id, period, limit }) => ({
    value: String(id),
    about: `${limit} USD, ${period}`,
  }));
}

function conversations({ folder, isSandbox, typed }: KeptPlace): readonly Candidate[] {
  const name = isSandbox ? 'conversations-sandbox' : 'conversations';
  return orNothing(() => readTitles({ folder, name }, typed)).map(({ id, title }) => ({ value: id, about: visibleLine(title) }));
}

function ledgerAt({ folder, isSandbox }: KeptPlace): { folder: string; name: string } {
  return { folder, name: isSandbox ? 'ledger-sandbox' : 'ledger' };
}
