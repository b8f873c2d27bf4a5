import { expect, test } from 'vitest';
import { entryOf, NOW, resultOf } from '../../../support/ledger-entries.ts';
import { testLedger } from '../../../support/ledger.ts';
import { turnsOf } from '../../../support/ledger-report.ts';

test('the latest turns are in order of time, with the tokens that each sent and received', async () => {
  const ledger = await testLedger();
  const places = [3, 1, 2, 2, 0];
  const entries = places.map((place, index) => ({
    ...entryOf(String(index), { openedAt: NOW + place, conversation: `c${index}`, project: index === 1 ? '/other' : '/work' }),
    ...resultOf('1', { servedModel: index === 2 ? 'a/served' : undefined, promptTokens: 100 + index, cachedTokens: index }),
    state: 'settled' as const,
  }));
  ledger.import(entries);
  const turns = (...which: number[]) => turnsOf(which.map((index) => entries[index]!));
  expect(ledger.pastTurns({}, { limit: 10 })).toEqual(turns(4, 1, 2, 3, 0));
  expect(ledger.pastTurns({}, { limit: 2 })).toEqual(turns(3, 0));
  expect(ledger.pastTurns({ project: '/other' }, { limit: 2 })).toEqual(turns(1));
  expect(ledger.pastTurns({ since: NOW + 2, until: NOW + 3 }, { limit: 9 })).toEqual(turns(2, 3));
  // An entry in progress has no known sent tokens yet.
  ledger.open(entryOf('open', { openedAt: NOW + 9, conversation: 'c9' }));
  expect(ledger.pastTurns({}, { limit: 1 })).toMatchObject([{ conversation: 'c9', promptTokens: 0, completionTokens: 0 }]);
});

test('turns keep any conversation and any count, whatever other turns contain', async () => {
  const ledger = await testLedger();
  const conversations = ['1 2 3', '', 'a\nb', '-7', 'größer 🎈', 'c0', ' ', '*'];
  const toEntry = (conversation: string, index: number) => ({
    ...entryOf(String(index), { openedAt: NOW + index, conversation }),
    ...resultOf('1', { promptTokens: 100 * index, completionTokens: 5 - index }),
    state: 'settled' as const,
  });
  const entries = conversations.map(toEntry);
  ledger.import(entries);
  expect(ledger.pastTurns({}, { limit: 100 })).toEqual(turnsOf(entries));
  expect(ledger.pastTurns({ project: '/nowhere' }, { limit: 100 })).toEqual([]);
  const plain = await testLedger();
  const ascii = conversations.filter((conversation) => !conversation.includes('ö')).map(toEntry);
  plain.import(ascii);
  expect(plain.pastTurns({}, { limit: 100 })).toEqual(turnsOf(ascii));
});

test('conversations are counted by the start of their ids, each once', async () => {
  const ledger = await testLedger();
  const conversations = ['c10', 'c11', 'c11', 'd', 'c1'];
  ledger.import(
    conversations.map((conversation, index) => entryOf(String(index), { conversation, openedAt: NOW - index })).map(toOpen),
  );
  expect(ledger.conversations('c')).toEqual({ count: 3, latest: 'c10' });
  expect(ledger.conversations('c11')).toEqual({ count: 1, latest: 'c11' });
  // A complete id, although others begin with it.
  expect(ledger.conversations('c1')).toEqual({ count: 1, latest: 'c1' });
  expect([...ledger.entries({ conversation: 'c1' })]).toMatchObject([{ id: '4' }]);
  expect(ledger.sums({ conversation: 'c1' })).toMatchObject({ requests: 1 });
  expect(ledger.pastTurns({ conversation: 'c1' }, { limit: 9 })).toHaveLength(1);
  expect(ledger.conversations('x')).toEqual({ count: 0, latest: undefined });
});

function toOpen<Entry>(entry: Entry): Entry & { state: 'open'; costSource: 'unknown' } {
  return { ...entry, state: 'open', costSource: 'unknown' };
}
