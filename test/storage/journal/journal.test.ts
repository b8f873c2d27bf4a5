import { cpSync, mkdirSync, readdirSync, rmdirSync } from 'node:fs';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { DeferredConversations } from '../../../src/storage/journal/deferred-conversations.ts';
import { DeferredLedger } from '../../../src/storage/journal/deferred-ledger.ts';
import { type Journal, openJournal } from '../../../src/storage/journal/journal.ts';
import { PendingFile } from '../../../src/storage/journal/pending-file.ts';
import { takeOverPending } from '../../../src/storage/journal/take-over.ts';
import type { Conversations } from '../../../src/storage/conversations/conversations.ts';
import type { Ledger } from '../../../src/storage/ledger/ledger.ts';
import { finished, newConversation, NOW } from '../../support/conversation-entries.ts';
import { testConversations } from '../../support/conversations.ts';
import { entryOf, resultOf } from '../../support/ledger-entries.ts';
import { ownerOf, testLedger } from '../../support/ledger.ts';
import { tempFolder } from '../../support/temp-home.ts';

const ASKED = [{ at: NOW, message: { role: 'user' as const, content: 'a question' } }];
/** Another process of this machine, which sees no other one running. */
const OTHER = ownerOf(99, () => false, hostname());
const pending = (folder: string): string[] => readdirSync(folder).filter((name) => name.includes('pending'));

function journalIn(
  folder: string,
  {
    openLedger = () => testLedger({ folder }),
    openConversations = () => testConversations({ folder }),
    uses = { ledger: true, conversations: true },
  } = {},
): Journal {
  return openJournal({ place: { folder, name: 'ledger' }, uses, openLedger, openConversations })!;
}

async function takeOver(folder: string): Promise<{ ledger: Ledger; conversations: Conversations }> {
  const [ledger, conversations] = [await testLedger({ folder }), await testConversations({ folder })];
  await takeOverPending({
    place: { folder, name: 'ledger' },
    owner: OTHER,
    now: Date.now,
    openLedger: async () => ledger,
    openConversations: async () => conversations,
  });
  return { ledger, conversations };
}

/** What a later command finds. */
function contentOf({ ledger, conversations }: { ledger: Ledger; conversations: Conversations }) {
  return {
    entries: [...ledger.entries({})].map(({ id, outcome, generationId, cost }) => ({ id, outcome, generationId, cost })),
    messages: conversations.messages('c1').map(({ state, message }) => [message.role, message.content, state]),
    damage: ledger.check().problems,
    reservations: ledger.check().reservations,
  };
}

describe('a crash', () => {
  test('at any point leaves every record once, and nothing twice', async () => {
    const folder = tempFolder();
    const states: { name: string; folder: string }[] = [];
    /** Keeps what a crash at this moment would leave on the disk. */
    const at = (name: string): void => {
      const copy = tempFolder();
      cpSync(folder, copy, { recursive: true });
      states.push({ name, folder: copy });
    };
    const after = <Words extends unknown[], Result>(name: string, work: (...words: Words) => Result) => {
      return (...words: Words): Result => {
        const result = work(...words);
        at(name);
        return result;
      };
    };
    at('before it exists');
    const journal = journalIn(folder, {
      async openConversations() {
        at('before the conversations are open');
        const store = await testConversations({ folder });
        at('before the question is stored');
        return {
          ...store,
          beginOnce: after('the question is stored', store.beginOnce),
          append: after('text is stored', store.append),
        };
      },
      async openLedger() {
        at('before the ledger is open');
        const ledger = await testLedger({ folder });
        at('before the entry is stored');
        // The last thing before the file is deleted.
        return { ...ledger, together: after('the entry is stored', ledger.together) as Ledger['together'] };
      },
    });
    at('empty');
    const places = journal.conversations.begin(newConversation('c1'), ASKED, NOW);
    at('with the question');
    journal.ledger.open(entryOf('e1'));
    at('with the entry, when the request is sent');
    journal.ledger.noteGeneration('e1', 'gen-1');
    at('after the first byte');
    journal.conversations.append(places.answer, { text: 'half', reasoning: '' });
    journal.ledger.settle('e1', resultOf('0.25', { outcome: 'complete' }));
    at('with the result');
    await journal.flush();
    at('deleted');
    journal.conversations.finish(places.answer, finished('an answer'));
    await journal.close();
    at('closed');

    expect(states.map(({ name }) => name)).toEqual([
      'before it exists',
      'empty',
      'with the question',
      'with the entry, when the request is sent',
      'after the first byte',
      'with the result',
      'before the conversations are open',
      'before the question is stored',
      'the question is stored',
      'text is stored',
      'before the ledger is open',
      'before the entry is stored',
      'the entry is stored',
      'deleted',
      'closed',
    ]);
    for (const [index, { name, folder: left }] of states.entries()) {
      const has = (point: string): boolean => index >= states.findIndex((state) => state.name === point);
      const expected = {
        name,
        entries: has('with the entry, when the request is sent')
          ? [
              {
                id: 'e1',
                outcome: has('with the result') ? 'complete' : 'lost',
                generationId: has('after the first byte') ? 'gen-1' : undefined,
                cost: has('with the result') ? '0.25' : undefined,
              },
            ]
          : [],
        messages: has('with the question')
          ? [
              ['user', 'a question'],
              ['assistant', has('closed') ? 'an answer' : has('text is stored') ? 'half' : ''],
            ]
          : [],
        damage: [],
        reservations: 0,
        pending: [],
      };
      // A second time as another process that tried at the same moment.
      for (const _ of ['first', 'again']) {
        const { messages, ...content } = contentOf(await takeOver(left));
        const texts = messages.map(([role, text]) => [role, text]);
        expect({ name, ...content, messages: texts, pending: pending(left) }).toEqual(expected);
      }
    }
  });

  test('while the records of another process are taken over leaves every record once', async () => {
    const folder = tempFolder();
    const journal = journalIn(folder);
    journal.conversations.begin(newConversation('c1'), ASKED, NOW);
    journal.ledger.open(entryOf('e1'));
    const left = tempFolder();
    cpSync(folder, left, { recursive: true });
    await journal.close();
    const states: string[] = [];
    const keep = (): void => {
      const copy = tempFolder();
      cpSync(left, copy, { recursive: true });
      states.push(copy);
    };
    const [ledger, conversations] = [await testLedger({ folder: left }), await testConversations({ folder: left })];
    await takeOverPending({
      place: { folder: left, name: 'ledger' },
      owner: OTHER,
      now: Date.now,
      openLedger: async () => (keep(), ledger),
      openConversations: async () => (keep(), conversations),
    });
    expect(states).toHaveLength(2);
    for (const state of states) {
      const content = contentOf(await takeOver(state));
      expect(content.entries).toEqual([{ id: 'e1', outcome: 'lost', generationId: undefined, cost: undefined }]);
      expect(content.messages).toEqual([
        ['user', 'a question', 'complete'],
        ['assistant', '', 'stopped'],
      ]);
      expect(pending(state)).toEqual([]);
    }
  });
});

test('a process that is taken for dead stores its turn in the conversation that another has made of it', async () => {
  const folder = tempFolder();
  const journal = journalIn(folder);
  const { answer } = journal.conversations.begin(newConversation('c1'), ASKED, NOW);
  journal.ledger.open(entryOf('e1'));
  const copy = tempFolder();
  cpSync(folder, copy, { recursive: true });
  const taken = await takeOver(copy);
  const late = journalIn(tempFolder(), {
    openLedger: async () => taken.ledger,
    openConversations: async () => taken.conversations,
  });
  late.conversations.begin(newConversation('c1'), ASKED, NOW);
  late.ledger.open(entryOf('e1'));
  late.conversations.finish(answer, finished('an answer'));
  late.ledger.settle('e1', resultOf('0.25'));
  expect(await late.flush()).toBeUndefined();
  expect(contentOf(taken)).toMatchObject({
    entries: [{ id: 'e1', outcome: 'complete', cost: '0.25' }],
    messages: [
      ['user', 'a question', 'complete'],
      ['assistant', 'an answer', 'complete'],
    ],
  });
  await late.close();
  await journal.close();
});

describe('a journal', () => {
  test('opens nothing and leaves nothing if nothing was written', async () => {
    const folder = tempFolder();
    const journal = journalIn(folder, {
      openLedger: () => Promise.reject(new Error('opened')),
      openConversations: () => Promise.reject(new Error('opened')),
    });
    expect(pending(folder)).toHaveLength(1);
    await journal.close();
    expect(readdirSync(folder)).toEqual([]);
  });

  test('opens the databases by itself some time after the request is sent, once', async () => {
    const folder = tempFolder();
    let opened = 0;
    const ledger = await testLedger({ folder });
    const journal = journalIn(folder, {
      uses: { ledger: true, conversations: false },
      openLedger: async () => ((opened += 1), ledger),
    });
    journal.ledger.open(entryOf('e1'));
    const open = await new Promise<Ledger>((resolve) => journal.whenOpen(resolve));
    expect([...open.entries({})]).toMatchObject([{ id: 'e1', state: 'open' }]);
    // From here on it writes to the ledger itself.
    journal.ledger.settle('e1', resultOf('1'));
    journal.ledger.open(entryOf('e2'));
    expect([...open.entries({})]).toMatchObject([
      { id: 'e1', cost: '1' },
      { id: 'e2', state: 'open' },
    ]);
    await journal.flush();
    await journal.close();
    expect([opened, pending(folder)]).toEqual([1, []]);
  });

  test('is not created where there are budgets, or where no file can be created', async () => {
    const folder = tempFolder();
    const ledger = await testLedger({ folder });
    ledger.setBudget({ period: 'day', limit: '1', warnAt: 0.8 });
    expect(journalIn(folder)).toBeUndefined();
    expect(journalIn('/dev/null/data')).toBeUndefined();
  });

  test('keeps entries that the ledger does not take, with what is known later, but not the stored question', async () => {
    const folder = tempFolder();
    // A ledger cannot be created beside it.
    mkdirSync(join(folder, 'ledger.db.new'));
    const journal = journalIn(folder);
    journal.conversations.begin(newConversation('c1'), ASKED, NOW);
    journal.ledger.open(entryOf('e1'));
    const kept = await journal.flush();
    expect(kept).toMatchObject({ error: { code: 'ledger-unwritable' }, path: expect.stringContaining('pending') });
    journal.ledger.settle('e1', resultOf('0.5'));
    await journal.close();
    const [name] = pending(folder);
    expect(kept!.path).toBe(join(folder, name!));

    rmdirSync(join(folder, 'ledger.db.new'));
    const taken = await takeOver(folder);
    expect(contentOf(taken)).toMatchObject({ entries: [{ id: 'e1', outcome: 'complete', cost: '0.5' }] });
    expect(taken.conversations.messages('c1')).toHaveLength(2);
    expect(pending(folder)).toEqual([]);
  });

  test('reports once that a conversation cannot be stored, and records the request anyway', async () => {
    const folder = tempFolder();
    const journal = journalIn(folder, { openConversations: () => Promise.reject(new Error('no disk')) });
    const { answer } = journal.conversations.begin(newConversation('c1'), ASKED, NOW);
    journal.ledger.open(entryOf('e1'));
    expect(await journal.flush()).toBeUndefined();
    await expect(journal.conversations.flush()).rejects.toThrow('no disk');
    journal.conversations.finish(answer, finished('an answer'));
    await journal.close();
    expect(pending(folder)).toEqual([]);
    expect([...(await testLedger({ folder })).entries({})]).toHaveLength(1);
  });

  test('on a full disk fails as the databases do: no entry and no conversation, but no lost result either', async () => {
    const folder = tempFolder();
    class FullDisk extends PendingFile {
      override append(): void {
        throw Object.assign(new Error('no space left on device'), { code: 'ENOSPC' });
      }
    }
    const file = new FullDisk({ folder, name: 'ledger' }, ownerOf(77));
    const none = async (): Promise<void> => undefined;
    const ledger = new DeferredLedger(file, () => undefined, none);
    expect(() => ledger.open(entryOf('e1'))).toThrow(expect.objectContaining({ code: 'ledger-unwritable' }));
    const conversations = new DeferredConversations(file, () => undefined, none);
    expect(() => conversations.begin(newConversation('c1'), ASKED, NOW)).toThrow(
      expect.objectContaining({ code: 'history-unwritable' }),
    );
    // The disk became full after the entry was written.
    const database = await testLedger({ folder });
    database.open(entryOf('e2'));
    ledger.settle('e2', resultOf('2'));
    expect(ledger.useDatabase(database)).toBeUndefined();
    expect([...database.entries({})]).toMatchObject([{ id: 'e2', cost: '2' }]);
    file.remove();
  });
});
