import fc from 'fast-check';
import { expect, test } from 'vitest';
import { type EntryBatch, EntryPacker, unpackEntries } from '../../../src/core/ledger/entry-batch.ts';
import { anySettledEntry } from '../../support/any-entry.ts';

const CAPACITY = 5;

test('entries survive the way to another thread', () => {
  fc.assert(
    fc.property(fc.array(anySettledEntry(), { maxLength: CAPACITY }), (entries) => {
      const packer = new EntryPacker(CAPACITY);
      for (const entry of entries) packer.add(entry);
      expect(packer.count).toBe(entries.length);
      const { batch, transfer } = packer.sealed();
      const received: EntryBatch = structuredClone(batch, { transfer });
      expect([...unpackEntries(received)]).toEqual(entries);
    }),
  );
});

test('the size counts a text that several entries share once, and others each time', () => {
  const packer = new EntryPacker(CAPACITY);
  const [entry] = fc.sample(anySettledEntry(), { numRuns: 1, seed: 1 });
  packer.add({ ...entry!, id: 'x'.repeat(1000), project: 'y'.repeat(10_000) });
  const first = packer.size;
  packer.add({ ...entry!, id: 'z'.repeat(1000), project: 'y'.repeat(10_000) });
  expect(first).toBeGreaterThan(11_000);
  expect(packer.size - first).toBeGreaterThanOrEqual(1000);
  expect(packer.size - first).toBeLessThan(10_000);
});
