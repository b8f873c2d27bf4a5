import fc from 'fast-check';
import { describe, expect, it, test } from 'vitest';
import { entryRecord, RECORD_FIELDS, recordEntry } from '../../../src/core/ledger/record.ts';
import { OrxError } from '../../../src/errors.ts';
import type { LedgerEntry } from '../../../src/storage/ledger/entry.ts';
import { anySettledEntry } from '../../support/any-entry.ts';

const ENTRY: LedgerEntry = {
  id: '01k9zzzzzzzzzzzzzzzzzzzzzz',
  openedAt: Date.UTC(2026, 10, 24, 12),
  state: 'settled',
  outcome: 'complete',
  command: 'chat',
  conversation: 'c1',
  profile: 'default',
  project: '/work',
  api: 'https://openrouter.ai/api/v1',
  requestedModel: 'a/one',
  family: 'a/one',
  vendor: 'openrouter',
  estimatedPromptTokens: 11,
  cost: '0.000412',
  costSource: 'billed',
  attempts: 1,
};

test('an entry survives the round trip through its record and JSON', () => {
  fc.assert(
    fc.property(anySettledEntry(), (given) => {
      const record = entryRecord(given);
      expect(Object.keys(record)).toEqual(RECORD_FIELDS);
      expect(recordEntry(JSON.parse(JSON.stringify(record)), 'line 1')).toEqual(given);
    }),
  );
});

describe('recordEntry', () => {
  const record = entryRecord(ENTRY);

  it.each([
    ['a/one', 'openrouter'],
    ['a/one:free', 'openrouter'],
    ['anthropic:claude-sonnet-4-6', 'anthropic'],
  ])('infers the requested vendor for %s if an older orx did not record it', (requested, vendor) => {
    const older = Object.fromEntries(
      Object.entries({ ...record, requested_model: requested }).filter(
        ([name]) => !['vendor', 'client_key', 'tags'].includes(name),
      ),
    );
    expect(recordEntry(older, 'line 1')).toMatchObject({ vendor, clientKey: undefined, tags: undefined });
  });

  it('ends entries that were in progress elsewhere', () => {
    const open = { ...record, state: 'open', outcome: null, cost: null, cost_source: 'unknown' };
    expect(recordEntry(open, 'line 1')).toMatchObject({
      state: 'settled',
      outcome: 'lost',
      costSource: 'unknown',
      cost: undefined,
    });
  });

  it.each<[string, unknown, RegExp]>([
    ['no object', 'text', /^line 7 is not a ledger record/],
    ['a list', [], /^line 7 is not a ledger record/],
    ['no id', { ...record, id: null }, /^line 7: id is missing/],
    ['no time', { ...record, time: 'yesterday' }, /^line 7: time is missing/],
    ['an unknown source of cost', { ...record, cost_source: 'guessed' }, /^line 7: cost_source/],
    ['a cost that is no amount', { ...record, cost: '1e9' }, /^line 7: cost/],
    ['a negative cost', { ...record, cost: '-1' }, /^line 7: cost/],
    ['a billed entry without cost', { ...record, cost: null }, /^line 7: cost/],
    ['a count that is none', { ...record, prompt_tokens: -3 }, /^line 7: prompt_tokens/],
  ])('rejects %s and says where', (_name, wrong, message) => {
    const read = (): unknown => recordEntry(wrong, 'line 7');
    expect(read).toThrow(message);
    expect(read).toThrow(OrxError);
  });
});
