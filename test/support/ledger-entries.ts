import type { BudgetScope } from '../../src/storage/ledger/budgets/budget.ts';
import type { EntryResult, OpeningEntry } from '../../src/storage/ledger/entry.ts';

export const NOW = Date.UTC(2026, 4, 20, 12);
const DAY = 24 * 60 * 60 * 1000;
const MIDNIGHT = Date.UTC(2026, 4, 20);

/** Three time spans around NOW, in UTC. */
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
    vendor: 'openrouter',
    estimatedPromptTokens: 100,
    ...fields,
  };
}

export function resultOf(cost: string, fields: Partial<EntryResult> = {}): EntryResult {
  return { outcome: 'complete', attempts: 1, cost, costSource: 'billed', ...fields };
}

export function scopeOf(fields: Partial<BudgetScope> = {}): BudgetScope {
  return {
    conversation: 'c1',
    profile: 'default',
    project: '/work',
    models: ['a/one'],
    vendor: 'openrouter',
    tags: [],
    spans: SPANS,
    now: NOW,
    ...fields,
  };
}

/** Returns a hold of this amount for one minute. */
export function holdOf(amount: string, scope = scopeOf()) {
  return { reservation: { amount, expiresAt: scope.now + 60_000 }, scope };
}
