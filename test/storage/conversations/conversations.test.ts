import { readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { ContentPart, Message } from '../../../src/apis/message.ts';
import { CONVERSATION_MIGRATIONS } from '../../../src/storage/conversations/migrations.ts';
import { createDatabase, openDatabase } from '../../../src/storage/sqlite/database.ts';
import { addTurn, finished, newConversation, NOW } from '../../support/conversation-entries.ts';
import { testConversations } from '../../support/conversations.ts';
import { ownerOf } from '../../support/ledger.ts';
import { tempFolder } from '../../support/temp-home.ts';

const IMAGE = `data:image/png;base64,${Buffer.alloc(3000, 7).toString('base64')}`;
const anyText = fc.string({ unit: fc.oneof(fc.constantFrom('\0', '\ud83d', '\ude00', '"', '\n', '中', '\u202e'), fc.string()) });
const anyPart: fc.Arbitrary<ContentPart> = fc.oneof(
  anyText.map((text) => ({ type: 'text' as const, text })),
  fc.constantFrom<ContentPart>(
    { type: 'image', url: IMAGE },
    { type: 'audio', data: IMAGE.slice(22), format: 'wav' },
    { type: 'file', name: 'a.pdf', url: IMAGE },
  ),
);
const anyMessage: fc.Arbitrary<Message> = fc.oneof(
  fc.record({ role: fc.constant('user' as const), content: fc.oneof(anyText, fc.array(anyPart)) }),
  fc.record({ role: fc.constant('tool' as const), content: anyText, toolCallId: fc.string() }),
);

describe('conversations', () => {
  test('are listed by title alone, read by id, and found by the text of their messages', async () => {
    const store = await testConversations();
    for (const [index, text] of ['the pool hangs', 'the sky is blue', '空が青い pool'].entries()) {
      const project = index === 1 ? '/other' : '/work';
      addTurn(store, newConversation(`01k${index}`, { title: `title ${index}`, project }), text, finished(`answer ${index}`));
    }
    const titles = store.titles({});
    expect(titles.map(({ id }) => id)).toEqual(['01k2', '01k1', '01k0']);
    expect(titles[0]).toEqual({ id: '01k2', title: 'title 2', model: 'test/model', project: '/work', updatedAt: NOW });
    expect(store.titles({ project: '/other' }).map(({ id }) => id)).toEqual(['01k1']);
    expect(store.get(['01k0', '01k2', 'gone'])).toEqual(store.list({ project: '/work' }));
    expect(store.get([])).toEqual([]);
    const found = (...texts: string[]) =>
      [
        ...store.matching(
          texts.map((text) => ({ text, isExact: false })),
          {},
        ),
      ].toSorted();
    expect(found('poo')).toEqual(['01k0', '01k2']);
    expect(found('pool', 'hangs')).toEqual(['01k0']);
    expect(found('青')).toEqual(['01k2']);
    expect(found()).toEqual([]);
    expect([...store.matching([{ text: 'the', isExact: false }], { project: '/other' })]).toEqual(['01k1']);
  });

  test('return every message unchanged, in order, for any content', async () => {
    const store = await testConversations();
    let id = 0;
    fc.assert(
      fc.property(fc.array(anyMessage, { maxLength: 4 }), anyText, fc.jsonValue(), (asked, text, detail) => {
        const conversation = newConversation(`c${(id += 1)}`);
        const begun = store.begin(
          conversation,
          asked.map((message) => ({ at: NOW, message })),
          NOW,
        );
        const message: Message = {
          role: 'assistant',
          content: text,
          toolCalls: [{ id: 'call_1', name: 'look', arguments: text }],
          reasoningParts: [
            { kind: 'other', apiData: { openrouter: detail } },
            { kind: 'encrypted', encrypted: IMAGE },
          ],
        };
        store.finish(begun.answer, finished('', { message, reasoning: text, images: [IMAGE] }));
        const stored = store.messages(conversation.id);
        expect(stored.map((one) => one.message)).toEqual([...asked, JSON.parse(JSON.stringify(message))]);
        expect(stored.map(({ place }) => place)).toEqual([...begun.asked, begun.answer]);
        expect(stored.at(-1)).toMatchObject({ state: 'complete', images: [IMAGE], ...(text !== '' && { reasoning: text }) });
        store.remove([conversation.id]);
      }),
      { numRuns: 60 },
    );
  });

  test('store an attachment once, by its content, as long as a message contains it', async () => {
    const folder = tempFolder();
    const store = await testConversations({ folder });
    const message: Message = { role: 'user', content: [{ type: 'image', url: IMAGE }] };
    for (const id of ['a', 'b'])
      store.begin(
        newConversation(id),
        [
          { at: NOW, message },
          { at: NOW, message },
        ],
        NOW,
      );
    const database = openDatabase({ path: store.path, migrations: CONVERSATION_MIGRATIONS });
    const count = () => (database.prepare('SELECT COUNT(*) n FROM attachment').get() as { n: number }).n;
    expect(count()).toBe(1);
    store.remove(['a']);
    expect(count()).toBe(1);
    expect(store.messages('b')[1]?.message).toEqual(message);
    store.remove(['b']);
    expect(count()).toBe(0);
    database.close();
  });

  test('list the known facts of each: the model, the cost, the number of messages', async () => {
    const store = await testConversations();
    const usage = { promptTokens: 10, completionTokens: 5, totalTokens: 15, cost: '0.0000001', wire: { cost: 1e-7 } };
    const facts = { model: 'test/served', provider: 'P', generationId: 'gen-1', finishReason: 'stop', usage };
    const fallback = { fallbackFrom: 'test/asked', fallbackReason: 'Slow 429' };
    addTurn(store, newConversation('a', { system: 'be brief' }), 'one', finished('1', { ...facts, ...fallback }));
    const place = addTurn(store, newConversation('a'), 'two', finished('2', { state: 'stopped', error: 'stopped' }));
    store.setCost(place, '0.2');
    expect(store.messages('a')[1]).toMatchObject({ ...facts, ...fallback, cost: '0.0000001' });
    expect(store.messages('a')[3]).toMatchObject({ state: 'stopped', error: 'stopped', cost: '0.2' });
    expect(store.messages('a')[3]).not.toHaveProperty('fallbackReason');
    expect(store.list({})).toEqual([{ ...newConversation('a'), updatedAt: NOW, messages: 4, cost: '0.2000001' }]);
  });

  test('are listed by time, project and model, and found by the start of an id', async () => {
    let now = NOW;
    const store = await testConversations({ now: () => now });
    for (const [id, extra] of [
      ['01aa', { project: '/srv/ada/a' }],
      ['01ab', { model: 'openai/gpt' }],
      ['01b', {}],
    ] as const) {
      now += 1000;
      addTurn(store, newConversation(id, extra), 'x');
    }
    const ids = (list: readonly { id: string }[]) => list.map(({ id }) => id);
    expect(ids(store.list({}))).toEqual(['01b', '01ab', '01aa']);
    expect(ids(store.list({}, 1))).toEqual(['01b']);
    expect(ids(store.list({ project: '/srv/ada/a' }))).toEqual(['01aa']);
    expect(ids(store.list({ model: 'GPT' }))).toEqual(['01ab']);
    expect(ids(store.list({ since: NOW + 3000 }))).toEqual(['01b']);
    expect(ids(store.list({ before: NOW + 3000 }))).toEqual(['01ab', '01aa']);
    expect(ids(store.find('01A', 9))).toEqual(['01ab', '01aa']);
    expect(ids(store.find('01%', 9))).toEqual([]);
    expect(store.prune(NOW + 2500)).toBe(2);
    expect(ids(store.list({}))).toEqual(['01b']);
  });

  test('an answer grows as it is written; if its writer died, it is stopped and keeps all that was written', async () => {
    const folder = tempFolder();
    let isRunning = true;
    let now = NOW;
    const writer = await testConversations({ folder, owner: ownerOf(7) });
    const reader = await testConversations({ folder, owner: ownerOf(8, () => isRunning), now: () => now });
    const { answer } = writer.begin(newConversation('a'), [{ at: NOW, message: { role: 'user', content: 'q' } }], NOW);
    writer.append(answer, {
      text: 'half \ud83d',
      reasoning: 'why',
      started: { generationId: 'gen-1', model: 'm/x', provider: 'P' },
    });
    writer.append(answer, { text: '\ude00 a', reasoning: '' });
    const seen = () => reader.messages('a')[1];
    expect(seen()).toMatchObject({ state: 'streaming', message: { content: 'half 😀 a' }, generationId: 'gen-1', provider: 'P' });
    now += 16 * 60_000;
    expect(seen()?.state, 'the number belongs to another process by now').toBe('stopped');
    now = NOW;
    isRunning = false;
    expect(seen()).toMatchObject({ state: 'stopped', message: { content: 'half 😀 a' }, reasoning: 'why' });
    expect(reader.search([{ text: 'half', isExact: false }], {}, 5)).toEqual([]);
    reader.closeLost();
    expect(seen()).toMatchObject({
      state: 'stopped',
      message: { content: 'half 😀 a' },
      reasoning: 'why',
      generationId: 'gen-1',
    });
    expect(reader.search([{ text: 'half', isExact: false }], {}, 5)).toHaveLength(1);
  });

  test('a conversation deleted meanwhile stays deleted, and continuing it starts a new one', async () => {
    const store = await testConversations();
    const { answer } = store.begin(newConversation('a'), [], NOW);
    store.remove(['a']);
    store.append(answer, { text: 'x', reasoning: '' });
    store.finish(answer, finished('x', { images: [IMAGE] }));
    expect([store.list({}), store.messages('a')]).toEqual([[], []]);
    addTurn(store, newConversation('a'), 'again');
    expect(store.messages('a')).toHaveLength(2);
  });

  test('no deleted text remains in the files', async () => {
    const folder = tempFolder();
    const store = await testConversations({ folder });
    for (let index = 0; index < 50; index += 1)
      addTurn(store, newConversation(`c${index}`), `question ${index} of the xylophone`);
    addTurn(store, newConversation('secret'), `the zebracode is 1234 ${'padding '.repeat(2000)}`, finished('zebracode noted'));
    store.rename('secret', 'zebracode');
    const bytes = () =>
      readdirSync(folder)
        .map((name) => readFileSync(join(folder, name)).toString('latin1'))
        .join('');
    expect(bytes()).toContain('zebracode');
    store.remove(['secret']);
    expect(bytes()).not.toContain('zebracode');
    expect(bytes()).toContain('xylophone');
    expect(statSync(store.path).mode & 0o077).toBe(0);
  });

  test('a copy has all of it and costs nothing; the two continue independently', async () => {
    const store = await testConversations();
    const usage = { promptTokens: 1, completionTokens: 1, totalTokens: 2, cost: '0.5', wire: {} };
    const first: Message = { role: 'user', content: [{ type: 'image', url: IMAGE }] };
    const { answer } = store.begin(newConversation('a'), [{ at: NOW, message: first }], NOW);
    store.finish(answer, finished('one', { usage }));
    const second = addTurn(store, newConversation('a'), 'second', finished('two', { usage }));
    store.sendFrom('a', second - 1, 'what was before');
    expect(store.fork('a', { id: 'b', at: NOW + 1 })).toBe(true);
    const [copy] = store.find('b', 1);
    const placed = store.messages('b');
    expect(copy).toMatchObject({ forkedFrom: 'a', messages: 4, summary: 'what was before', sentFrom: placed[2]!.place });
    expect(copy?.cost).toBeUndefined();
    expect(placed.map(({ message, usage: used }) => [message, used])).toEqual(
      store.messages('a').map(({ message, usage: used }) => [message, used]),
    );
    addTurn(store, newConversation('b'), 'third');
    store.removeFrom('a', second);
    expect([store.messages('a').length, store.messages('b').length]).toEqual([3, 6]);
    store.remove(['a']);
    expect(store.messages('b')[0]?.message).toEqual(first);
    expect(store.fork('nobody', { id: 'c', at: NOW })).toBe(false);
    store.removeFrom('b', 0);
    expect(store.list({})).toEqual([]);
  });
});

describe('search', () => {
  test.each([
    ['a word by its beginning', 'crash', 'The program <crashed> at night'],
    ['without accents or capitals', 'GROSSE', undefined],
    ['accents are letters', 'cafe', 'au <café> noir'],
    ['several words, in any order', 'night program', 'The <program> crashed at <night>'],
    ['exact words', '"crashed at"', 'The program <crashed at> night'],
    ['exact words are exact', '"crash at"', undefined],
    ['Chinese inside a sentence', '文字', '这是中<文字>符'],
    ['signs alone', '%_\\', 'odd <%_\\> signs'],
    ['what the index would read as its own language', 'night" OR "x NEAR( AND -', undefined],
    ['a quote', '"', undefined],
    ['a word that nobody wrote', 'zzz', undefined],
  ])('finds %s', async (_, words, snippet) => {
    const store = await testConversations();
    const { searchTerms } = await import('../../../src/core/conversation/search-terms.ts');
    for (const text of ['The program crashed at night', 'au café noir', '这是中文字符', 'odd %_\\ signs']) {
      addTurn(store, newConversation(text.slice(0, 3)), text, finished('–'));
    }
    const hits = store.search(searchTerms(words), {}, 10);
    const shown = hits.map((hit) => hit.snippet.map(({ text, isHit }) => (isHit ? `<${text}>` : text)).join(''));
    expect(shown).toEqual(snippet === undefined ? [] : [snippet]);
  });

  test('no text can imitate a match, and filters apply', async () => {
    const store = await testConversations();
    addTurn(store, newConversation('a'), '\u0001AAAAAAAAAAAA\u0001 not a hit \u0001 word', finished('word', { model: 'm' }));
    const hits = store.search([{ text: 'word', isExact: false }], {}, 10);
    expect(hits.flatMap(({ snippet }) => snippet.filter(({ isHit }) => isHit).map(({ text }) => text))).toEqual(['word', 'word']);
    expect(store.search([{ text: 'word', isExact: false }], { project: '/other' }, 10)).toEqual([]);
    expect(store.search([{ text: 'word', isExact: false }], {}, 1)).toHaveLength(1);
  });
});

test('an old layout is migrated to the newest, and its content is found', async () => {
  const folder = tempFolder();
  const path = join(folder, 'conversations.db');
  createDatabase(path, CONVERSATION_MIGRATIONS.slice(0, 1));
  const old = openDatabase({ path, migrations: CONVERSATION_MIGRATIONS.slice(0, 1) });
  old.exec(`
    INSERT INTO conversation (id, title, created_at, updated_at, model, project, profile) VALUES ('a', 't', 1, 1, 'm', '/p', 'default');
    INSERT INTO message (conversation, at, role, text, body, state) VALUES (1, 1, 'user', 'an ancient question', '{"message":{}}', 'complete');
  `);
  old.close();
  const store = await testConversations({ folder });
  expect(store.notices).toEqual([]);
  expect(store.search([{ text: 'ancient', isExact: false }], {}, 5)).toHaveLength(1);
  addTurn(store, newConversation('a'), 'new');
  expect(store.messages('a').map(({ message }) => message.content)).toEqual(['an ancient question', 'new', 'answer to new']);
});

describe('a damaged file', () => {
  test.each([
    ['header of noise', (bytes: Buffer) => Buffer.concat([Buffer.alloc(100, 9), bytes.subarray(100)]), 150],
    [
      'second half of noise',
      (bytes: Buffer) => {
        const half = Math.floor(bytes.length / 2 / 4096) * 4096;
        return Buffer.concat([bytes.subarray(0, half), Buffer.alloc(bytes.length - half, 9)]);
      },
      1,
    ],
    ['noise alone', () => Buffer.alloc(20_000, 9), 0],
  ])('with %s is kept as a copy, and the readable part is recovered', async (_, damage, fewest) => {
    const folder = tempFolder();
    const store = await testConversations({ folder });
    for (let index = 0; index < 100; index += 1)
      addTurn(store, newConversation(`c${index}`), `question ${index} ${'x'.repeat(400)}`);
    store.close();
    const path = join(folder, 'conversations.db');
    const sound = openDatabase({ path, migrations: CONVERSATION_MIGRATIONS });
    sound.pragma('wal_checkpoint(TRUNCATE)');
    sound.close();
    writeFileSync(path, damage(readFileSync(path)));
    const mended = await testConversations({ folder });
    expect(mended.notices).toEqual([
      expect.stringMatching(/^the conversations were damaged: .*recovered \d+ conversations? and \d+ messages?/),
    ]);
    const listed = mended.list({});
    const messages = listed.flatMap(({ id }) => mended.messages(id));
    expect(messages.length).toBeGreaterThanOrEqual(fewest);
    expect(
      messages
        .map(({ message }) => String(message.content))
        .filter((text) => !/^(question|answer to question) \d+ x+$/.test(text)),
    ).toEqual([]);
    addTurn(mended, newConversation('new'), 'still works');
    expect(mended.search([{ text: 'still', isExact: false }], {}, 5)).toHaveLength(2);
    expect((await testConversations({ folder })).notices).toEqual([]);
  });
});
