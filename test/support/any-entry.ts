import fc from 'fast-check';
import type { LedgerEntry } from '../../src/storage/ledger/entry.ts';

/** Returns settled entries with any values, as a record has them. */
export function anySettledEntry(): fc.Arbitrary<LedgerEntry> {
  const text = fc.string({ minLength: 1, maxLength: 20 });
  const count = fc.nat({ max: 1_000_000 });
  const maybe = <T>(arbitrary: fc.Arbitrary<T>): fc.Arbitrary<T | undefined> => fc.option(arbitrary, { nil: undefined });
  const tag = text.filter((one) => !one.includes(','));
  const amount = fc.nat({ max: 999_999_999 }).map((units) => `0.${String(units).padStart(12, '0')}`);
  return fc.record({
    id: text,
    openedAt: fc.integer({ min: 0, max: 4_000_000_000_000 }),
    command: text,
    conversation: text,
    profile: text,
    project: text,
    api: text,
    requestedModel: text,
    family: text,
    template: maybe(text),
    vendor: text,
    clientKey: maybe(text),
    tags: maybe(fc.uniqueArray(tag, { minLength: 1, maxLength: 3 })),
    servedModel: maybe(text),
    provider: maybe(text),
    generationId: maybe(text),
    finishReason: maybe(text),
    errorKind: maybe(text),
    fallbackFrom: maybe(text),
    fallbackReason: maybe(text),
    estimatedPromptTokens: count,
    promptTokens: maybe(count),
    cachedTokens: maybe(count),
    cacheWriteTokens: maybe(count),
    completionTokens: maybe(count),
    reasoningTokens: maybe(count),
    timeToFirstTokenMs: maybe(count),
    durationMs: maybe(count),
    throughput: maybe(count),
    attempts: fc.integer({ min: 1, max: 9 }),
    isByok: maybe(fc.boolean()),
    upstreamCost: maybe(amount),
    expectedCost: maybe(amount),
    outcome: fc.constantFrom('complete', 'stopped', 'failed', 'lost'),
    cost: amount,
    costSource: fc.constantFrom('billed', 'looked-up', 'computed', 'estimated'),
    state: fc.constant('settled'),
  }) as fc.Arbitrary<LedgerEntry>;
}
