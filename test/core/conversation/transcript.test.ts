import { describe, expect, test } from 'vitest';
import { contextUse } from '../../../src/core/conversation/context-use.ts';
import { lastAnswer } from '../../../src/core/conversation/last-answer.ts';
import { cacheMarker } from '../../../src/core/conversation/cache-marker.ts';
import { searchTerms } from '../../../src/core/conversation/search-terms.ts';
import { summarizeOldest } from '../../../src/core/conversation/summarize-oldest.ts';
import { titleOf } from '../../../src/core/conversation/title.ts';
import { createTranscript, type TranscriptParts } from '../../../src/core/conversation/create-transcript.ts';
import type { Transcript, Turn } from '../../../src/core/conversation/transcript.ts';
import { OrxError } from '../../../src/errors.ts';
import type { ChatRequest, CompletionEvent, StreamCompletion } from '../../../src/apis/completion.ts';
import type { Message } from '../../../src/apis/message.ts';
import type { Conversations } from '../../../src/storage/conversations/conversations.ts';
import { NOW } from '../../support/conversation-entries.ts';
import { testConversations } from '../../support/conversations.ts';
import { START } from '../../support/scripted-provider.ts';
import { resolved } from '../../support/settings.ts';

const SETTINGS = resolved().values;
const REQUEST: ChatRequest = { model: 'test/model', messages: [], stream: true };
const END: CompletionEvent = { type: 'response-end', finishReason: 'stop' };
const says = (text: string): CompletionEvent => ({ type: 'text-delta', text });
const stop = new OrxError('stopped', { kind: 'interrupted' });

function transcriptOn(store: Conversations | undefined, extra: Partial<TranscriptParts> = {}) {
  return createTranscript({
    store,
    conversation: { id: 'a', createdAt: NOW, model: 'test/model', project: '/p', profile: 'default' },
    stored: [],
    isConversation: false,
    marksCache: true,
    now: () => NOW,
    sleep: () => new Promise(() => undefined),
    ...extra,
  });
}

async function run(stream: StreamCompletion, request: ChatRequest = REQUEST): Promise<unknown> {
  try {
    for await (const _ of stream(request)) void _;
  } catch (error) {
    return error;
  }
  return undefined;
}

const scripted = (events: readonly (CompletionEvent | Error)[], seen: ChatRequest[] = []): StreamCompletion =>
  async function* play(request) {
    seen.push(request);
    for (const event of events) {
      if (event instanceof Error) throw event;
      yield event;
    }
  };

const messagesOf = (transcript: Transcript): Message[] => transcript.sent().map(({ message }) => message);
const contentsOf = (transcript: Transcript): Message['content'][] => messagesOf(transcript).map(({ content }) => content);

describe('a transcript', () => {
  test('results that no request of their turn sent are stored immediately and sent with the next one; the cost is still assigned to its answer', async () => {
    for (const store of [await testConversations(), undefined]) {
      const transcript = transcriptOn(store);
      const call: CompletionEvent = { type: 'tool-call-delta', index: 0, id: 'c', name: 'f', arguments: '{}' };
      const turn = transcript.begin({ role: 'user', content: 'go' });
      await run(transcript.wrap(scripted([START, says('Let me see.'), call, END])));
      const result: Message = { role: 'tool', content: 'paid for', toolCallId: 'c' };
      turn.addUnsent([result]);
      turn.rollback();
      transcript.lookedUp('0.25');
      const next = transcript.begin({ role: 'user', content: 'and now?' });
      expect(next.messages().map(({ role, content }) => [role, content])).toEqual([
        ['user', 'go'],
        ['assistant', 'Let me see.'],
        ['tool', 'paid for'],
        ['user', 'and now?'],
      ]);
      expect(transcript.stored.map(({ cost }) => cost)).toEqual([undefined, '0.25', undefined]);
      const saved = store?.messages('a') ?? transcript.stored;
      expect(saved.map(({ place, cost, message }) => [place, cost, message.role])).toEqual(
        transcript.stored.map(({ place, cost, message }) => [place, cost, message.role]),
      );
    }
  });

  test('keeps turn after turn, and sends the messages with one session id', async () => {
    const store = await testConversations();
    const transcript = transcriptOn(store);
    const seen: ChatRequest[] = [];
    for (const text of ['one', 'two']) {
      const turn = transcript.begin({ role: 'user', content: text });
      const request = turn.request({ ...SETTINGS, model: 'test/model' });
      await run(transcript.wrap(scripted([START, says(`${text}!`), END], seen)), request);
      expect(turn.commit()).toBe(false);
    }
    expect(seen.map(({ sessionId, messages }) => [sessionId, messages.length])).toEqual([
      ['a', 1],
      ['a', 3],
    ]);
    expect(store.messages('a').map(({ message }) => message.content)).toEqual(['one', 'one!', 'two', 'two!']);
    expect(store.messages('a')).toMatchObject(transcript.stored.map(({ place, state }) => ({ place, state })));
    expect(store.list({})[0]).toMatchObject({ title: 'one', messages: 4 });
    transcript.lookedUp('0.25');
    expect(store.list({})[0]?.cost).toBe('0.25');
    expect(transcript.undo()).toEqual({ role: 'user', content: 'two' });
    expect(contentsOf(transcript)).toEqual(['one', 'one!']);
    expect(store.messages('a')).toHaveLength(2);
  });

  test('writes the answer as it grows: at most once per interval, and completely at the end', async () => {
    const store = await testConversations();
    const due: (() => void)[] = [];
    const transcript = transcriptOn(store, { sleep: () => new Promise((resolve) => due.push(resolve)) });
    transcript.begin({ role: 'user', content: 'q' });
    const storing = () => store.messages('a')[1];
    const events = transcript.wrap(scripted([START, says('one '), says('two '), says('three'), END]))(REQUEST);
    const stream = events[Symbol.asyncIterator]();
    await stream.next();
    await stream.next();
    await stream.next();
    expect(due).toHaveLength(1);
    expect(storing()).toMatchObject({ state: 'streaming', message: { content: '' } });
    due[0]!();
    await Promise.resolve();
    await Promise.resolve();
    expect(storing()).toMatchObject({ state: 'streaming', message: { content: 'one two ' }, generationId: 'gen-1' });
    await stream.next();
    expect(due).toHaveLength(2);
    await stream.next();
    await stream.next();
    due[1]!();
    await Promise.resolve();
    expect(storing()).toMatchObject({ state: 'complete', message: { content: 'one two three' }, finishReason: 'stop' });
  });

  test.each([
    ['stopped', stop],
    ['failed', new OrxError('the provider failed', { kind: 'provider' })],
  ] as const)('a %s answer is kept as far as it arrived; the next question follows it', async (state, error) => {
    const store = await testConversations();
    const transcript = transcriptOn(store);
    transcript.begin({ role: 'user', content: 'q' });
    expect(await run(transcript.wrap(scripted([START, says('half'), error])))).toBe(error);
    expect(store.messages('a')[1]).toMatchObject({ state, message: { content: 'half' }, error: error.message });
    expect(contentsOf(transcript)).toEqual(['q', 'half']);
  });

  test('an answer that its reader abandons is stopped', async () => {
    const store = await testConversations();
    const transcript = transcriptOn(store);
    transcript.begin({ role: 'user', content: 'q' });
    for await (const event of transcript.wrap(scripted([START, says('half'), says('more'), END]))(REQUEST)) {
      if (event.type === 'text-delta') break;
    }
    expect(store.messages('a')[1]).toMatchObject({ state: 'stopped', message: { content: 'half' } });
  });

  test('an unanswered question starts no conversation, and does not end one', async () => {
    const store = await testConversations();
    const transcript = transcriptOn(store);
    const failure = new OrxError('no', { kind: 'network' });
    transcript.begin({ role: 'user', content: 'first' });
    await run(transcript.wrap(scripted([failure])));
    expect([store.list({}), messagesOf(transcript)]).toEqual([[], []]);
    transcript.begin({ role: 'user', content: 'second' });
    await run(transcript.wrap(scripted([START, says('yes'), END])));
    transcript.begin({ role: 'user', content: 'third' });
    await run(transcript.wrap(scripted([failure])));
    expect(store.messages('a').map(({ message, state }) => [message.content, state])).toEqual([
      ['second', 'complete'],
      ['yes', 'complete'],
      ['third', 'complete'],
      ['', 'failed'],
    ]);
    expect(contentsOf(transcript)).toEqual(['second', 'yes']);
  });

  test('a failing disk does not lose the answer, and is reported once', async () => {
    const store = await testConversations();
    const transcript = transcriptOn(store);
    store.close();
    for (const text of ['one', 'two']) {
      transcript.begin({ role: 'user', content: text });
      expect(await run(transcript.wrap(scripted([START, says('yes'), END])))).toBeUndefined();
    }
    expect(transcript.drainErrors()).toHaveLength(1);
    expect(transcript.drainErrors()).toEqual([]);
    expect([transcript.session, messagesOf(transcript).length]).toEqual([null, 4]);
  });

  test.each([true, false])(
    'an attempt to replace a turn leaves it out, and replaces it after success (stored: %s)',
    async (isStored) => {
      const store = isStored ? await testConversations() : undefined;
      const transcript = transcriptOn(store);
      const contents = () => contentsOf(transcript);
      const ask = async (replacesLast: boolean, ...events: (CompletionEvent | Error)[]): Promise<Turn> => {
        const turn = transcript.begin({ role: 'user', content: 'q' }, { replacesLast });
        expect(turn.messages()).toEqual([{ role: 'user', content: 'q' }]);
        await run(transcript.wrap(scripted([START, ...events])));
        return turn;
      };
      await ask(false, says('one'), END);
      const failed = await ask(true, says('half'), stop);
      // Another process, or this one after it was killed, continues from the complete answer.
      const later = store && transcriptOn(store, { conversation: store.list({})[0]!, stored: store.messages('a') });
      expect((later && contentsOf(later)) ?? ['q', 'one']).toEqual(['q', 'one']);
      expect(failed.rollback()).toBe(false);
      expect(contents()).toEqual(['q', 'one']);
      expect(lastAnswer(transcript.stored)?.text).toBe('one');
      const answered = await ask(true, says('two'), END);
      expect(contents()).toEqual(['q', 'two']);
      expect(answered.commit()).toBe(true);
      expect(contents()).toEqual(['q', 'two']);
      expect(transcript.stored).toHaveLength(2);
      if (store === undefined) return;
      const again = transcriptOn(store, { conversation: store.list({})[0]!, stored: store.messages('a') });
      expect(contentsOf(again)).toEqual(['q', 'two']);
      expect(store.messages('a').map(({ isLeftOut }) => isLeftOut)).toEqual([undefined, undefined]);
    },
  );

  test('an empty attempt leaves nothing, and an attempt after a failure replaces it in any case', async () => {
    const store = await testConversations();
    const transcript = transcriptOn(store);
    const ask = async (replacesLast: boolean, ...events: (CompletionEvent | Error)[]): Promise<Turn> => {
      const turn = transcript.begin({ role: 'user', content: 'q' }, { replacesLast });
      await run(transcript.wrap(scripted(events)));
      return turn;
    };
    await ask(false, START, says('one'), END);
    expect((await ask(true, stop)).rollback()).toBe(false);
    expect([transcript.stored.length, store.messages('a').length]).toEqual([2, 2]);
    await ask(false, START, stop);
    expect((await ask(true, START, says('half'), stop)).rollback()).toBe(true);
    expect(store.messages('a').map(({ message }) => message.content)).toEqual(['q', 'one', 'q', 'half']);
    expect(transcript.undo()).toMatchObject({ content: 'q' });
    expect(store.messages('a')).toHaveLength(2);
  });

  test('a turn rolled back before its request leaves nothing, and the next request names the calls of earlier answers', async () => {
    const transcript = transcriptOn(undefined);
    const tool = { type: 'function', name: 'clock', parameters: { type: 'object', properties: {} } } as const;
    const first = transcript.begin({ role: 'user', content: 'how late?' });
    const call: CompletionEvent = { type: 'tool-call-delta', index: 0, id: 'c1', name: 'clock', arguments: '{}' };
    const request = first.request({ ...SETTINGS, model: 'test/model' }, { tools: [tool] });
    await run(transcript.wrap(scripted([START, call, END])), request);
    first.addUnsent([{ role: 'tool', content: '12:00', toolCallId: 'c1' }]);
    first.commit();
    transcript.begin({ role: 'user', content: 'never mind' }).rollback();
    const next = transcript.begin({ role: 'user', content: 'and now?' });
    expect(next.messages().map(({ content }) => content)).toEqual(['how late?', '', '12:00', 'and now?']);
    const asked = next.request({ ...SETTINGS, model: 'test/model' });
    expect(asked).toMatchObject({ tools: [tool], toolChoice: 'none' });
    expect(JSON.stringify(asked)).not.toContain('never mind');
  });

  test('an image that arrived before the failure is stored with its question', async () => {
    const store = await testConversations();
    const transcript = transcriptOn(store);
    transcript.begin({ role: 'user', content: 'draw' });
    await run(transcript.wrap(scripted([START, { type: 'image', url: 'https://x.example/a.png' }, new Error('cut')])));
    expect(store.messages('a').map(({ images }) => images)).toEqual([undefined, ['https://x.example/a.png']]);
    expect(messagesOf(transcript)).toMatchObject([{ content: 'draw' }, { images: ['https://x.example/a.png'] }]);
  });

  test("the API's counts from before turns were dropped do not count afterwards", async () => {
    const transcript = transcriptOn(undefined);
    const usage: CompletionEvent = {
      type: 'usage',
      usage: { promptTokens: 9000, completionTokens: 9, totalTokens: 9009, wire: {} },
    };
    for (const text of ['one', 'two']) {
      transcript.begin({ role: 'user', content: text });
      await run(transcript.wrap(scripted([START, says(`${text}!`), usage, END])));
    }
    expect(contextUse(transcript.sent(), { contextLength: 10_000 }).used).toBe(9009);
    transcript.sendFrom(transcript.stored[2]!.place, 'one, one!');
    expect(contextUse(transcript.sent(), { contextLength: 10_000 }).used).toBeLessThan(200);
  });

  test('dropped turns are still stored, and so is the choice', async () => {
    const store = await testConversations();
    const transcript = transcriptOn(store);
    for (const text of ['one', 'two', 'three']) {
      transcript.begin({ role: 'user', content: text });
      await run(transcript.wrap(scripted([START, says(`${text}!`), END])));
    }
    const summary = await summarizeOldest(transcript.sent(), {
      keepTurns: 1,
      request: REQUEST,
      system: 'be brief',
      stream: scripted([START, says(' one and two '), END]),
    });
    expect(summary).toMatchObject({ text: 'one and two', from: transcript.stored[4]!.place, turns: 2 });
    transcript.sendFrom(summary!.from, summary!.text);
    const sent = contentsOf(transcript);
    expect(sent).toEqual([expect.stringContaining('one and two'), 'three', 'three!']);
    expect(store.messages('a')).toHaveLength(6);
    const [conversation] = store.list({});
    const again = transcriptOn(store, { conversation: conversation!, stored: store.messages('a') });
    expect(contentsOf(again)).toEqual(sent);
  });
});

describe('summarizing', () => {
  test('sends only the old turns, calls of tools as text, and changes nothing if it fails', async () => {
    const seen: ChatRequest[] = [];
    const messages = [
      { place: 1, message: { role: 'user' as const, content: 'look' } },
      { place: 2, message: { role: 'assistant' as const, content: '', toolCalls: [{ id: '1', name: 'see', arguments: '{}' }] } },
      { place: 3, message: { role: 'tool' as const, content: 'a cat', toolCallId: '1' } },
      { place: 4, message: { role: 'user' as const, content: 'now' } },
    ];
    const options = { keepTurns: 1, request: REQUEST, stream: scripted([START, says('cat'), END], seen) };
    expect(await summarizeOldest(messages, options)).toMatchObject({ text: 'cat', from: 4, turns: 1 });
    expect(seen[0]?.messages.map(({ role, content }) => [role, content])).toEqual([
      ['user', 'look'],
      ['assistant', 'Calls see with {}'],
      ['user', expect.stringMatching(/^Result of a tool: a cat\n\nSummarize the conversation/)],
    ]);
    expect(await summarizeOldest(messages.slice(3), options)).toBeUndefined();
    await expect(summarizeOldest(messages, { ...options, stream: scripted([stop]) })).rejects.toBe(stop);
    for (const [text, finishReason, message] of [
      ['The user wants three', 'length', 'the summary was cut short (length)'],
      ['The user wants three', 'max_tokens', 'the summary was cut short (max_tokens)'],
      [' ', 'stop', 'the summary is empty'],
    ] as const) {
      const stream = scripted([START, says(text), { type: 'response-end', finishReason }]);
      await expect(summarizeOldest(messages, { ...options, stream })).rejects.toThrow(message);
    }
  });
});

test('a cache marker is placed where a later turn will read it, if the model needs one', () => {
  const long = { promptTokens: () => 1024, isConversation: true };
  expect(cacheMarker({ ...long, model: 'anthropic/claude-sonnet-4.6' })).toEqual({ type: 'ephemeral' });
  expect(cacheMarker({ ...long, model: '~anthropic/claude-sonnet-latest' })).toEqual({ type: 'ephemeral' });
  expect(cacheMarker({ ...long, model: 'openai/gpt-4o' })).toBeUndefined();
  expect(cacheMarker({ ...long, model: 'anthropic/claude-haiku-4.5', promptTokens: () => 1023 })).toBeUndefined();
  expect(cacheMarker({ ...long, model: 'anthropic/claude-haiku-4.5', isConversation: false })).toBeUndefined();
});

test.each([
  ['Why?\nmore', 'Why?'],
  ['\n```js\n  let  x\n```', 'let x'],
  ['  a   b  ', 'a b'],
  ['', 'untitled'],
  ['!!!', '!!!'],
  ['😀'.repeat(100), `${'😀'.repeat(79)}…`],
  [`${'-\n'.repeat(5000)}a`, 'a'],
  ['a '.repeat(5000), `${'a '.repeat(39)}a…`],
  ['!'.repeat(5000), `${'!'.repeat(79)}…`],
])('the title of %j', (question, title) => {
  expect(titleOf(question)).toBe(title);
});

test.each([
  [
    'two words',
    [
      ['two', false],
      ['words', false],
    ],
  ],
  [
    '"exact words" more',
    [
      ['exact words', true],
      ['more', false],
    ],
  ],
  ['"never closed', [['never closed', true]]],
  ['  "" " ', []],
])('the terms of %j', (words, terms) => {
  expect(searchTerms(words)).toEqual(terms.map(([text, isExact]) => ({ text, isExact })));
});
