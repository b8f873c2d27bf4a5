import fc from 'fast-check';
import type { ChatRequest } from '../../src/apis/completion.ts';
import type { ContentPart, Message, ReasoningPart, ToolCall } from '../../src/apis/message.ts';
import type { FunctionTool, RequestParameters } from '../../src/apis/request-parameters.ts';

export type PlainRequest = Omit<ChatRequest, 'model'>;

export const PNG =
  'data:image/png;base64,iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==';
export const PDF = `data:application/pdf;base64,${Buffer.from('%PDF-1.4\n%%EOF').toString('base64')}`;
const WAV = 'UklGRiQAAABXQVZFZm10IBAAAAABAAEAQB8AAEAfAAABAAgAZGF0YQAAAAA=';

export const WEATHER: FunctionTool = {
  type: 'function',
  name: 'weather',
  description: 'The weather of a city.',
  parameters: {
    type: 'object',
    properties: { city: { type: 'string', minLength: 1 }, days: { type: ['integer', 'null'], minimum: 1 } },
    required: ['city'],
    additionalProperties: false,
  },
};
const CLOCK: FunctionTool = { type: 'function', name: 'clock__now' };
const STRICT: FunctionTool = {
  type: 'function',
  name: 'look-up',
  strict: true,
  parameters: {
    $defs: { key: { type: 'string', enum: ['a', 'b'] } },
    type: 'object',
    properties: { key: { $ref: '#/$defs/key' }, any: { anyOf: [{ type: 'string' }, { type: 'number' }] } },
    required: ['key', 'any'],
    additionalProperties: false,
  },
};

const SCHEMA = {
  type: 'object',
  properties: {
    name: { type: 'string', pattern: '^[A-Z]', maxLength: 40 },
    score: { type: 'number', minimum: 0, maximum: 10 },
    tags: { type: 'array', items: { type: 'string' }, minItems: 1 },
  },
  required: ['name', 'score', 'tags'],
  additionalProperties: false,
};

const user = (content: Message['content']): Message => ({ role: 'user', content });
const text = (said: string): ContentPart => ({ type: 'text', text: said });
const call = (id: string, name: string, given: unknown): ToolCall => ({ id, name, arguments: JSON.stringify(given) });
const result = (toolCallId: string, content: Message['content']): Message => ({ role: 'tool', toolCallId, content });
const HI = [user('hi')];

const PARALLEL: readonly Message[] = [
  user('Weather in Berlin and Paris?'),
  {
    role: 'assistant',
    content: 'Let me see.',
    toolCalls: [call('call_1', 'weather', { city: 'Berlin' }), call('call_2', 'weather', { city: 'Paris', days: 2 })],
  },
  result('call_1', 'rain'),
  result('call_2', '{"sky": "clear"}'),
];

const asks = (messages: readonly Message[], more: RequestParameters = {}): PlainRequest => ({ messages, stream: true, ...more });

/** One request for each feature that can be requested, by its name. */
export const REQUESTS: Readonly<Record<string, PlainRequest>> = {
  text: asks(HI),
  whole: { ...asks(HI), stream: false },
  system: asks([{ role: 'system', content: 'Be brief.' }, ...HI]),
  'two systems': asks([{ role: 'system', content: 'Be brief.' }, { role: 'system', content: [text('In English.')] }, ...HI]),
  'text in parts': asks([user([text('one'), text('two')])]),
  'a conversation': asks([user('a'), { role: 'assistant', content: 'b' }, user('c')]),
  'image data': asks([user([text('What is this?'), { type: 'image', url: PNG }])]),
  'image URL': asks([user([{ type: 'image', url: 'https://example.com/a.png' }, text('What is this?')])]),
  'PDF data': asks([user([text('Sum up.'), { type: 'file', name: 'a.pdf', url: PDF }])]),
  'PDF URL': asks([user([text('Sum up.'), { type: 'file', name: 'a.pdf', url: 'https://example.com/a.pdf' }])]),
  'audio input': asks([user([text('What is said?'), { type: 'audio', data: WAV, format: 'wav' }])]),
  'video input': asks([user([text('What happens?'), { type: 'video', url: 'https://example.com/a.mp4' }])]),
  'an image of an answer': asks([user('Draw.'), { role: 'assistant', content: 'Here.', images: [PNG] }, user('Bigger.')]),
  tools: asks(HI, { tools: [WEATHER, CLOCK, STRICT] }),
  'tool choice none': asks(HI, { tools: [WEATHER], toolChoice: 'none' }),
  'tool choice auto': asks(HI, { tools: [WEATHER], toolChoice: 'auto' }),
  'tool choice required': asks(HI, { tools: [WEATHER, CLOCK], toolChoice: 'required' }),
  'tool choice by name': asks(HI, { tools: [WEATHER, CLOCK], toolChoice: { name: 'clock__now' } }),
  'one call at a time': asks(HI, { tools: [WEATHER], parallelToolCalls: false }),
  'parallel calls and results': asks(PARALLEL, { tools: [WEATHER] }),
  'results with an image': asks([...PARALLEL.slice(0, 3), result('call_2', [text('the sky'), { type: 'image', url: PNG }])], {
    tools: [WEATHER],
  }),
  'a question after calls': asks([...PARALLEL, { role: 'assistant', content: 'Rain and sun.' }, user('Thanks.')], {
    tools: [WEATHER],
  }),
  'a call without text': asks(
    [user('Now?'), { role: 'assistant', content: '', toolCalls: [call('call_1', 'clock__now', {})] }, result('call_1', '12:00')],
    { tools: [CLOCK] },
  ),
  'a JSON object': asks(HI, { responseFormat: { type: 'json_object' } }),
  'a schema': asks(HI, { responseFormat: { type: 'json_schema', name: 'person', schema: SCHEMA, strict: true } }),
  'a schema that is described': asks(HI, {
    responseFormat: { type: 'json_schema', name: 'person', description: 'A person.', schema: SCHEMA, strict: false },
  }),
  'a schema and tools': asks(HI, {
    tools: [WEATHER],
    responseFormat: { type: 'json_schema', name: 'person', schema: SCHEMA, strict: true },
  }),
  ...Object.fromEntries(
    ['none', 'minimal', 'low', 'medium', 'high', 'xhigh', 'max'].map((effort) => [
      `reasoning effort ${effort}`,
      asks(HI, { reasoning: { effort } }),
    ]),
  ),
  'reasoning tokens': asks(HI, { reasoning: { maxTokens: 2000 } }),
  'reasoning off': asks(HI, { reasoning: { enabled: false } }),
  'reasoning on': asks(HI, { reasoning: { enabled: true } }),
  'reasoning hidden': asks(HI, { reasoning: { effort: 'high', exclude: true } }),
  'reasoning and tools': asks(PARALLEL, { tools: [WEATHER], reasoning: { effort: 'high' }, maxTokens: 8000 }),
  'cache marker of the request': asks(HI, { cacheControl: { type: 'ephemeral' } }),
  'cache marker of a text': asks([
    user([{ type: 'text', text: 'long', cacheControl: { type: 'ephemeral', ttl: '1h' } }, text('short')]),
  ]),
  sampling: asks(HI, {
    temperature: 1.5,
    topP: 0.9,
    topK: 40,
    minP: 0.05,
    topA: 0.1,
    frequencyPenalty: 0.5,
    presencePenalty: -0.5,
    repetitionPenalty: 1.1,
    seed: 7,
    logitBias: { '50256': -100 },
  }),
  'maximum of tokens': asks(HI, { maxTokens: 100 }),
  'one stop': asks(HI, { stop: ['END'] }),
  'four stops': asks(HI, { stop: ['END', '\n\n', '```', '</a>'] }),
  verbosity: asks(HI, { verbosity: 'low' }),
  'service tier': asks(HI, { serviceTier: 'flex' }),
  user: asks(HI, { user: 'user-1', metadata: { purpose: 'test' }, sessionId: 'session-1' }),
  'image output': asks([user('Draw.')], { modalities: ['image', 'text'], imageConfig: { aspect_ratio: '16:9' } }),
  'audio output': asks([user('Say.')], { modalities: ['text', 'audio'], audio: { voice: 'alloy', format: 'wav' } }),
  'a limit of server tool calls': asks(HI, { tools: [WEATHER], maxToolCalls: 3 }),
};

/** Reasoning of a vendor's model: text with and without a signature, a summary, and encrypted data, also for a call. */
function anyReasoning(format: string, callIds: readonly string[]): fc.Arbitrary<readonly ReasoningPart[]> {
  const parts: readonly ReasoningPart[] = [
    { kind: 'text', text: 'First this.', signature: 'c2lnbmVk', format, index: 0 },
    { kind: 'text', text: 'Then that.', format, index: 1 },
    { kind: 'summary', text: 'This and that.', id: 'rs_1', format, index: 2 },
    { kind: 'encrypted', encrypted: 'ZW5jcnlwdGVk', id: 'rs_1', format, index: 2 },
    { kind: 'encrypted', encrypted: 'cmVkYWN0ZWQ=', format, index: 3 },
    ...callIds.map((id): ReasoningPart => ({ kind: 'encrypted', encrypted: 'c2lnbnM=', id, format, index: 4 })),
    { kind: 'other', apiData: { openrouter: { type: 'new' } } },
  ];
  return fc.subarray([...parts]);
}

export const FORMATS = ['anthropic-claude-v1', 'google-gemini-v1', 'openai-responses-v1', 'unknown', ''];

const anyPart: fc.Arbitrary<ContentPart> = fc.oneof(
  fc.string({ minLength: 1 }).map(text),
  fc.constant<ContentPart>({ type: 'image', url: PNG }),
  fc.constant<ContentPart>({ type: 'text', text: 'marked', cacheControl: { type: 'ephemeral' } }),
);
const anyQuestion = fc.oneof(fc.string({ minLength: 1 }), fc.array(anyPart, { minLength: 1, maxLength: 3 })).map(user);

/** An answer, possibly after rounds of calls. `model` is the model that gave it. */
function anyTurn(models: readonly string[]): fc.Arbitrary<readonly Message[]> {
  const anyStep = fc
    .record({
      said: fc.constantFrom('', 'said', ' padded '),
      ids: fc.uniqueArray(fc.constantFrom('call_0', 'toolu_01', 'abcdefghi', 'functions.look:0', 'id with spaces'), {
        maxLength: 3,
      }),
      given: fc.constantFrom('{}', '{"city":"Berlin"}', '{"deep":{"a":[1,null,"x"]}}', '{"id":12345678901234567890}', '{"cut'),
      format: fc.constantFrom(...FORMATS),
      answeredBy: fc.constantFrom(...models),
      results: fc.constantFrom('rain', '', '[1, 2]', '{"ok":true}', 'null'),
    })
    .chain(({ said, ids, given, format, answeredBy, results }) =>
      anyReasoning(format, ids).map((reasoningParts): readonly Message[] => [
        {
          role: 'assistant',
          content: said,
          answeredBy,
          ...(ids.length > 0 && { toolCalls: ids.map((id) => ({ id, name: 'weather', arguments: given })) }),
          ...(reasoningParts.length > 0 && { reasoningParts }),
        },
        ...ids.map((id) => result(id, results)),
      ]),
    );
  return fc.tuple(anyQuestion, fc.array(anyStep, { maxLength: 3 })).map(([question, steps]) => [question, ...steps.flat()]);
}

const maybe = <T>(value: fc.Arbitrary<T>): fc.Arbitrary<T | undefined> => fc.option(value, { nil: undefined });

/** Parameters that most vendors accept; the values are those that settings allow. */
const anyParameters: fc.Arbitrary<RequestParameters> = fc.record({
  temperature: maybe(fc.double({ min: 0, max: 2, noNaN: true })),
  maxTokens: maybe(fc.integer({ min: 1, max: 200_000 })),
  topP: maybe(fc.double({ min: 0.01, max: 1, noNaN: true })),
  topK: maybe(fc.integer({ min: 0, max: 500 })),
  minP: maybe(fc.double({ min: 0, max: 1, noNaN: true })),
  frequencyPenalty: maybe(fc.double({ min: -2, max: 2, noNaN: true })),
  presencePenalty: maybe(fc.double({ min: -2, max: 2, noNaN: true })),
  seed: maybe(fc.integer({ min: 0 })),
  stop: maybe(fc.array(fc.constantFrom('END', ' ', '\n', 'x'), { minLength: 1, maxLength: 4 })),
  reasoning: maybe(
    fc.oneof(
      fc.record({
        effort: fc.constantFrom('none', 'minimal', 'low', 'medium', 'high', 'xhigh', 'max'),
        exclude: maybe(fc.boolean()),
      }),
      fc.record({ maxTokens: fc.integer({ min: 1, max: 100_000 }) }),
      fc.record({ enabled: fc.boolean() }),
    ),
  ),
  responseFormat: maybe(
    fc.constantFrom<NonNullable<RequestParameters['responseFormat']>>(
      { type: 'json_object' },
      { type: 'json_schema', name: 'person', schema: SCHEMA, strict: true },
    ),
  ),
  toolChoice: maybe(
    fc.constantFrom<NonNullable<RequestParameters['toolChoice']>>('auto', 'none', 'required', { name: 'weather' }),
  ),
  parallelToolCalls: maybe(fc.boolean()),
  cacheControl: maybe(fc.constant({ type: 'ephemeral' as const })),
  serviceTier: maybe(fc.constantFrom('auto', 'default', 'flex', 'priority')),
  user: maybe(fc.constant('user-1')),
});

/** Any conversation of these models that ends with a question or with tool results, with any request options. */
export function anyRequest(models: readonly string[]): fc.Arbitrary<PlainRequest> {
  return fc
    .record({
      system: maybe(fc.constantFrom('be brief', ' ')),
      turns: fc.array(anyTurn(models), { maxLength: 3 }),
      last: anyQuestion,
      goesOn: fc.boolean(),
      tools: fc.constantFrom<readonly FunctionTool[]>([WEATHER], [WEATHER, CLOCK, STRICT]),
      parameters: anyParameters,
    })
    .map(({ system, turns, last, goesOn, tools, parameters }): PlainRequest => {
      const said = turns.flat();
      const isOpen = goesOn && said.at(-1)?.role === 'tool';
      return {
        messages: [
          ...(system === undefined ? [] : [{ role: 'system' as const, content: system }]),
          ...said,
          ...(isOpen ? [] : [last]),
        ],
        stream: true,
        tools,
        ...parameters,
      };
    });
}
