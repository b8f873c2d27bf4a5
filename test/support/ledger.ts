import { onTestFinished } from 'vitest';
import type { BudgetScope, EntryResult, Ledger, OpeningEntry } from '../../src/storage/ledger/ledger.ts';
import { openLedger } from '../../src/storage/ledger/open-ledger.ts';
import type { Owner } from '../../src/storage/ledger/owner.ts';
import { tempFolder } from './temp-home.ts';

export const NOW = Date.UTC(2026, 4, 20, 12);
const DAY = 24 * 60 * 60 * 1000;
const MIDNIGHT = Date.UTC(2026, 4, 20);

/** Three stretches around NOW, in UTC. */
export const SPANS = {
  day: { start: MIDNIGHT, end: MIDNIGHT + DAY },
  week: { start: MIDNIGHT - 2 * DAY, end: MIDNIGHT + 5 * DAY },
  month: { start: Date.UTC(2026, 4, 1), end: Date.UTC(2026, 5, 1) },
};

export function entryOf(id: string, fields: Partial<OpeningEntry> = {}): OpeningEntry {
  return {
    id,
    openedAt: NOW,
    command: 'chat',
    conversation: 'c1',
    profile: 'default',
    project: '/work',
    api: 'sandbox',
    requestedModel: 'a/one',
    family: 'a',
    estimatedPromptTokens: 100,
    ...fields,
  };
}

export function resultOf(cost: string, fields: Partial<EntryResult> = {}): EntryResult {
  return { outcome: 'complete', attempts: 1, cost, costSource: 'billed', ...fields };
}

export function scopeOf(fields: Partial<BudgetScope> = {}): BudgetScope {
  return { conversation: 'c1', profile: 'default', project: '/work', models: ['a/one'], spans: SPANS, now: NOW, ...fields };
}

/** A ledger in a folder of its own (or the given one), closed when the test is over. */
export async function testLedger({ folder = tempFolder(), owner }: { folder?: string; owner?: Owner } = {}): Promise<Ledger> {
  const ledger = await openLedger({ folder, name: 'ledger', ...(owner !== undefined && { owner }) });
  onTestFinished(() => ledger.close());
  return ledger;
}

/** A hold of so much, for a minute. */
export function holdOf(amount: string, scope = scopeOf()) {
  return { reservation: { amount, expiresAt: scope.now + 60_000 }, scope };
}

/** Another process of this machine, which runs or not. */
export function ownerOf(pid: number, running: (pid: number) => boolean = () => true, host = 'here'): Owner {
  return { pid, host, isRunning: running };
}
