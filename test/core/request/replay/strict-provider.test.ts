import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { sentMessages } from '../../../../src/core/conversation/sent-messages.ts';
import { normalizeRequest } from '../../../../src/core/request/replay/normalize-request.ts';
import { decodeAnnotations } from '../../../../src/apis/annotations.ts';
import { decodeReasoningDetails } from '../../../../src/apis/reasoning-details.ts';
import type { ChatRequest } from '../../../../src/apis/completion.ts';
import type { Annotation, Message, ToolCall } from '../../../../src/apis/message.ts';
import { encodeRequest } from '../../../../src/apis/openrouter/encode-request.ts';
import type { StoredMessage } from '../../../../src/storage/conversations/conversations.ts';
import { storedMessage } from '../../../support/conversation-entries.ts';
import { refusals } from '../../../support/strict-provider.ts';

const MODELS = [
  'anthropic/claude-sonnet-4.5',
  'openai/gpt-5',
  'google/gemini-3-pro-preview',
  'mistralai/mistral-large',
  'kimi/k2',
];
const PNG = 'data:image/png;base64,iVBORw0KGgo=';
const [CITATION, FILE] = decodeAnnotations([
  { type: 'url_citation', url_citation: { url: 'https://x.example' } },
  { type: 'file', file: { hash: 'h', content: [] } },
]) as [Annotation, Annotation];

const anyText = fc.constantFrom('', ' ', '\n\n', 'said', 'more words');
const anyCall: fc.Arbitrary<ToolCall> = fc.record({
  id: fc.constantFrom('', 'call_0', 'functions.look:0', 'abcdefghi', `toolu_${'x'.repeat(60)}`),
  name: fc.constantFrom('look', 'files__read', 'no such tool', '', 'n'.repeat(80)),
  arguments: fc.constantFrom('{"a":1}', '', '{"a":', 'null', '"{}"', '[1]', '{"id":12345678901234567890}'),
});
type Turn = readonly [stored: StoredMessage, ...results: StoredMessage[]];

/** An answer that may call tools, and the results that arrived: all, some, or those of another call. */
const anyAnswer: fc.Arbitrary<Turn> = fc
  .record({
    content: anyText,
    calls: fc.array(anyCall, { maxLength: 3 }),
    state: fc.constantFrom('complete' as const, 'complete' as const, 'stopped' as const, 'failed' as const, 'streaming' as const),
    model: fc.constantFrom(...MODELS, ''),
    thinks: fc.boolean(),
    images: fc.constantFrom<readonly string[] | undefined>(undefined, [PNG]),
    audio: fc.constantFrom<readonly string[] | undefined>(undefined, ['UklGRg==']),
    annotations: fc.subarray([CITATION, FILE]),
    results: fc.constantFrom('all', 'some', 'others', 'none'),
    result: anyText,
  })
  .map(({ content, calls, state, model, thinks, images, audio, annotations, results, result }): Turn => {
    const details = [
      { type: 'reasoning.text', text: 'hm', signature: 's', madeBy: model },
      ...calls.slice(0, 1).map(({ id }) => ({ type: 'reasoning.encrypted', id, signs: id !== '', madeBy: model })),
    ];
    const message: Message = {
      role: 'assistant',
      content,
      annotations,
      ...(calls.length > 0 && { toolCalls: calls }),
      ...(thinks && model !== '' && { reasoningParts: decodeReasoningDetails(details) }),
    };
    const came = results === 'all' ? calls : results === 'some' ? calls.slice(1) : results === 'none' ? [] : calls.slice(0, 1);
    return [
      storedMessage(message, { state, model, images, audio }),
      ...came.map(({ id }) => storedMessage({ role: 'tool', content: result, toolCallId: results === 'others' ? `${id}!` : id })),
    ];
  });
const anyQuestion = fc.oneof(
  fc.constantFrom('why?', 'and then?').map((content) => storedMessage({ role: 'user', content })),
  fc.constant(
    storedMessage({
      role: 'user',
      content: [
        { type: 'text', text: '  ' },
        { type: 'image', url: PNG },
      ],
    }),
  ),
);
const anyTurn = fc
  .tuple(anyQuestion, fc.array(anyAnswer, { maxLength: 3 }), fc.boolean())
  .map(([question, answers, isLeftOut]) => [question, ...answers.flat()].map((one) => ({ ...one, isLeftOut })));
/** Turns numbered in order, whatever the order in which the parts were generated. */
const anyTranscript = fc
  .array(anyTurn, { maxLength: 5 })
  .map((turns) => turns.flat().map((one, place): StoredMessage => ({ ...one, place })));

const bodyOf = (messages: readonly Message[], model: string, more: Partial<ChatRequest> = {}): Record<string, any> =>
  encodeRequest(normalizeRequest({ model, messages, stream: true, ...more }));

describe('a request to a strict provider', () => {
  const anyRequest = fc.record({
    stored: anyTranscript,
    model: fc.constantFrom(...MODELS),
    sentFrom: fc.option(fc.nat(12), { nil: undefined }),
    summary: fc.option(fc.constant('what was said'), { nil: undefined }),
    system: fc.constantFrom<readonly Message[]>(
      [],
      [{ role: 'system', content: 'be brief' }],
      [{ role: 'system', content: ' ' }],
    ),
  });

  test('is never rejected, whatever the conversation contains', () => {
    fc.assert(
      fc.property(anyRequest, ({ stored, model, sentFrom, summary, system }) => {
        const asked = [storedMessage({ role: 'user', content: 'now' })];
        const sent = sentMessages(stored, { sentFrom, summary }, asked).map(({ message }) => message);
        const body = bodyOf([...system, ...sent], model);
        expect(refusals(body)).toEqual([]);
        expect(JSON.stringify(body['messages'].at(-1))).toContain('now');
      }),
      { numRuns: 1000 },
    );
  });

  test('contains every complete answer, its images and its file annotations', () => {
    fc.assert(
      fc.property(anyTranscript, (stored) => {
        const marked = stored.map((one, at): StoredMessage =>
          one.message.role === 'assistant' && one.state === 'complete'
            ? { ...one, message: { ...one.message, content: `said at ${at}.` }, images: [`${PNG}#${at}.`] }
            : one,
        );
        const asked = [storedMessage({ role: 'user', content: 'now' })];
        const sent = sentMessages(marked, {}, asked).map(({ message }) => message);
        const text = JSON.stringify(bodyOf(sent, MODELS[0]!));
        for (const { message, isLeftOut, images } of marked) {
          if (images?.[0]?.startsWith(PNG) !== true || images[0] === PNG) continue;
          expect([text.includes(String(message.content)), text.includes(images[0])]).toEqual([!isLeftOut, !isLeftOut]);
        }
      }),
    );
  });

  test('an open tool loop continues: its last message is a result', () => {
    fc.assert(
      fc.property(anyAnswer, fc.constantFrom(...MODELS), ([answer, ...results], model) => {
        fc.pre(answer.state === 'complete' && results.length > 0);
        const sent = sentMessages([], {}, [storedMessage({ role: 'user', content: 'look' }), answer, ...results]);
        const messages = sent.map(({ message }) => message);
        const faults = refusals(bodyOf(messages, model)).filter((fault) => fault !== 'nothing is asked');
        expect(faults).toEqual([]);
      }),
    );
  });
});

const user = (content: string): Message => ({ role: 'user', content });
const call: ToolCall = { id: 'call_0', name: 'look', arguments: '{"a": 1}' };
const used: Message[] = [
  user('look'),
  { role: 'assistant', content: '', toolCalls: [call] },
  { role: 'tool', content: 'seen', toolCallId: 'call_0' },
];

describe('what a provider receives', () => {
  test('object arguments are unchanged, others become an empty object', () => {
    const stored = ['{"a": 1}', '{"id":12345678901234567890}', '{"a":', 'null', '"{}"', ''].map((text, at): Message[] => [
      { role: 'assistant', content: '', toolCalls: [{ ...call, id: `c${at}`, arguments: text }] },
      { role: 'tool', content: 'seen', toolCallId: `c${at}` },
    ]);
    const { messages } = bodyOf([user('look'), ...stored.flat()], 'test/model');
    const sent = messages.flatMap((message: any) => message.tool_calls ?? []).map((one: any) => one.function.arguments);
    expect(sent).toEqual(['{"a": 1}', '{"id":12345678901234567890}', '{}', '{}', '{}', '{}']);
  });

  test('tools of the history stay defined as they were but cannot be called; tools offered now are unchanged', () => {
    const definition = { type: 'function' as const, name: 'look', description: 'Looks.', parameters: { type: 'object' } };
    const messages = [...used, { role: 'assistant' as const, content: 'yes' }, user('and now?')];
    const request: ChatRequest = { model: 'test/model', messages, stream: true };
    expect(encodeRequest(normalizeRequest(request, { pastTools: [definition] }))).toMatchObject({
      tools: [{ type: 'function', function: { name: 'look', description: 'Looks.', parameters: { type: 'object' } } }],
      tool_choice: 'none',
    });
    expect(encodeRequest(normalizeRequest(request))).toMatchObject({
      tools: [{ function: { name: 'look', parameters: { type: 'object', properties: {} } } }],
      tool_choice: 'none',
    });
    const offered = encodeRequest(normalizeRequest({ ...request, tools: [{ ...definition, name: 'other' }] }));
    expect([offered['tools'], offered['tool_choice']]).toMatchObject([[{ function: { name: 'other' } }], undefined]);
    expect(bodyOf([user('hi')], 'test/model')).not.toHaveProperty('tools');
  });

  test('a model without tools reads calls and results as text', () => {
    const request: ChatRequest = { model: 'test/model', messages: [...used, user('so?')], stream: true };
    const body = encodeRequest(normalizeRequest(request, { takesTools: false }));
    expect(body).not.toHaveProperty('tools');
    expect(refusals(body)).toEqual([]);
    expect(JSON.stringify(body)).toMatch(/Calls look with [\s\S]*Result of a tool: seen/);
  });

  test.each([
    ['anthropic/claude-sonnet-4.5', 'anthropic/claude-sonnet-4.5', true],
    ['anthropic/claude-sonnet-4.5:nitro', 'anthropic/claude-4.5-sonnet-20250929', true],
    ['anthropic/claude-opus-4.5', 'anthropic/claude-sonnet-4.5', true],
    ['~anthropic/claude-sonnet-latest', 'anthropic/claude-sonnet-4.5', true],
    ['anthropic/claude-sonnet-4.5', 'claude-sonnet-4-5', true],
    ['anthropic/claude-sonnet-4.5', 'openai/gpt-5', false],
    ['openai/gpt-4o', 'openai/gpt-5', false],
    ['openai/gpt-oss-120b', 'openai/gpt-5', false],
    ['openai/gpt-5-mini', 'openai/gpt-5', true],
    ['google/gemma-3-27b-it', 'google/gemini-3-pro-preview', false],
    ['openrouter/auto', 'openai/gpt-5', false],
    ['openrouter/horizon', 'openrouter/horizon', true],
  ])('%s receives the reasoning of %s: %s', (asked, served, isSent) => {
    const details = [{ type: 'reasoning.encrypted', data: 'secret' }];
    const answer: Message = {
      role: 'assistant',
      content: 'a',
      reasoningParts: decodeReasoningDetails(details),
      answeredBy: served,
    };
    const { messages } = bodyOf([user('q'), answer, user('next')], asked);
    expect(messages[1].reasoning_details).toEqual(isSent ? details : undefined);
    expect(JSON.stringify(messages)).not.toContain('answeredBy');
  });

  test('a router gets back the reasoning of the current turn: it keeps the model that it picked', () => {
    const details = [{ type: 'reasoning.encrypted', data: 'secret' }];
    const [question, calling, result] = used as [Message, Message, Message];
    const messages = [
      question,
      { ...calling, reasoningParts: decodeReasoningDetails(details), answeredBy: 'openai/gpt-5' },
      result,
    ];
    expect(bodyOf(messages, 'openrouter/auto')['messages'][1].reasoning_details).toEqual(details);
  });
});
