import { describe, expect, test } from 'vitest';
import type { ChatRequest } from '../../../src/apis/completion.ts';
import type { Message, ReasoningPart } from '../../../src/apis/message.ts';
import { gemini } from '../../../src/apis/gemini/dialect.ts';
import type { FunctionTool } from '../../../src/apis/request-parameters.ts';
import { findVendor } from '../../../src/apis/vendors.ts';

const GOOGLE = findVendor('google')!;
const PNG = 'data:image/png;base64,iVBORw0KGgo=';
const FORMAT = 'google-gemini-v1';

function encode(request: Partial<ChatRequest>) {
  const { path, body, dropped } = gemini.encode(
    { model: 'gemini-2.5-flash', messages: [user('hi')], stream: true, ...request },
    GOOGLE,
  );
  return { path, body: body as any, dropped };
}

const config = (request: Partial<ChatRequest>) => encode(request).body.generationConfig;
const user = (content: Message['content']): Message => ({ role: 'user', content });
const result = (toolCallId: string, content: Message['content']): Message => ({ role: 'tool', toolCallId, content });
const tool = (name: string, rest: Partial<FunctionTool> = {}): FunctionTool => ({ type: 'function', name, ...rest });
const signature = (encrypted: string, rest: Partial<ReasoningPart> = {}): ReasoningPart => ({
  kind: 'encrypted',
  encrypted,
  format: FORMAT,
  ...rest,
});

describe('the URL', () => {
  test.each([
    ['gemini-2.5-flash', '/models/gemini-2.5-flash:streamGenerateContent?alt=sse'],
    ['models/gemini-2.5-flash', '/models/gemini-2.5-flash:streamGenerateContent?alt=sse'],
    ['tunedModels/my one', '/tunedModels/my%20one:streamGenerateContent?alt=sse'],
  ])('of %s', (model, path) => expect(encode({ model }).path).toBe(path));

  test('has the key in a separate header', () => expect(gemini.keyHeaders('k')).toEqual({ 'x-goog-api-key': 'k' }));
});

describe('messages', () => {
  test('instructions at the beginning are separate, later ones are user messages', () => {
    const { body } = encode({
      messages: [
        { role: 'system', content: 'Be brief.' },
        { role: 'system', content: 'Be kind.' },
        user('one'),
        { role: 'assistant', content: 'two' },
        { role: 'system', content: 'Now in French.' },
        user('three'),
      ],
    });
    expect(body.systemInstruction).toEqual({ parts: [{ text: 'Be brief.' }, { text: 'Be kind.' }] });
    expect(body.contents).toEqual([
      { role: 'user', parts: [{ text: 'one' }] },
      { role: 'model', parts: [{ text: 'two' }] },
      { role: 'user', parts: [{ text: 'Now in French.' }, { text: 'three' }] },
    ]);
  });

  test('Gemma has no instructions: they are put before the question', () => {
    const { body } = encode({ model: 'gemma-3-27b-it', messages: [{ role: 'system', content: 'Be brief.' }, user('one')] });
    expect(body).toEqual({ contents: [{ role: 'user', parts: [{ text: 'Be brief.' }, { text: 'one' }] }] });
  });

  test('instructions alone are a question', () => {
    const { body } = encode({ messages: [{ role: 'system', content: 'Say hi.' }] });
    expect(body).toMatchObject({ contents: [{ role: 'user', parts: [{ text: 'Say hi.' }] }] });
    expect(body.systemInstruction).toBeUndefined();
  });

  test("media are inline, with Google's name of the type", () => {
    const { body } = encode({
      messages: [
        user([
          { type: 'text', text: 'what?' },
          { type: 'text', text: '' },
          { type: 'image', url: PNG },
          { type: 'file', name: 'a.pdf', url: 'data:application/pdf;base64,JVBERg==' },
          { type: 'audio', data: 'AAAA', format: 'mp3' },
          { type: 'audio', data: 'AAAA', format: 'wav' },
          { type: 'video', url: 'https://www.youtube.com/watch?v=dQw4w9WgXcQ' },
          { type: 'file', name: 'b', url: 'data:text/plain,a%20b' },
        ]),
      ],
    });
    expect(body.contents[0].parts).toEqual([
      { text: 'what?' },
      { inlineData: { mimeType: 'image/png', data: 'iVBORw0KGgo=' } },
      { inlineData: { mimeType: 'application/pdf', data: 'JVBERg==' } },
      { inlineData: { mimeType: 'audio/mp3', data: 'AAAA' } },
      { inlineData: { mimeType: 'audio/wav', data: 'AAAA' } },
      { fileData: { fileUri: 'https://www.youtube.com/watch?v=dQw4w9WgXcQ' } },
      { inlineData: { mimeType: 'text/plain', data: Buffer.from('a b').toString('base64') } },
    ]);
  });

  test('a URL that Google cannot read fails before anything is sent', () => {
    const request = { messages: [user([{ type: 'image', url: 'https://example.com/a.png' }])] };
    expect(() => encode(request)).toThrow(
      expect.objectContaining({ kind: 'usage', message: 'Google cannot download https://example.com/a.png' }),
    );
    const own = 'https://generativelanguage.googleapis.com/v1beta/files/abc';
    expect(encode({ messages: [user([{ type: 'image', url: own }])] }).body.contents[0].parts).toEqual([
      { fileData: { fileUri: own } },
    ]);
  });
});

describe('calls and results', () => {
  const calls = [
    { id: 'c1', name: 'weather', arguments: '{"city":"Berlin"}' },
    { id: 'c2', name: 'clock', arguments: '' },
  ];

  test('results have the function name of their call, and share one content', () => {
    const messages = [
      user('go'),
      { role: 'assistant' as const, content: 'So:', toolCalls: calls },
      result('c1', '15°'),
      result('c2', 'noon'),
    ];
    expect(encode({ messages }).body.contents.slice(1)).toEqual([
      {
        role: 'model',
        parts: [
          { text: 'So:' },
          { functionCall: { id: 'c1', name: 'weather', args: { city: 'Berlin' } } },
          { functionCall: { id: 'c2', name: 'clock', args: {} } },
        ],
      },
      {
        role: 'user',
        parts: [
          { functionResponse: { id: 'c1', name: 'weather', response: { output: '15°' } } },
          { functionResponse: { id: 'c2', name: 'clock', response: { output: 'noon' } } },
        ],
      },
    ]);
  });

  test('a question after results is a separate content', () => {
    const messages = [
      user('go'),
      { role: 'assistant' as const, content: '', toolCalls: calls.slice(0, 1) },
      result('c1', 'x'),
      user('more'),
    ];
    expect(encode({ messages }).body.contents.map(({ role }: any) => role)).toEqual(['user', 'model', 'user', 'user']);
  });

  test('images of a result are part of it on Gemini 3, and next to it on earlier models', () => {
    const content: Message['content'] = [
      { type: 'text', text: 'see' },
      { type: 'image', url: PNG },
    ];
    const messages = [
      user('go'),
      { role: 'assistant' as const, content: '', toolCalls: calls.slice(0, 1) },
      result('c1', content),
    ];
    const inline = { inlineData: { mimeType: 'image/png', data: 'iVBORw0KGgo=' } };
    const response = { id: 'c1', name: 'weather', response: { output: 'see' } };
    expect(encode({ messages, model: 'gemini-3-flash-preview' }).body.contents[2].parts).toEqual([
      { functionResponse: { ...response, parts: [inline] } },
    ]);
    expect(encode({ messages }).body.contents[2].parts).toEqual([{ functionResponse: response }, inline]);
  });

  test('numbers in arguments stay exact on the wire', async () => {
    const { exactJson } = await import('../../../src/text/exact-json.ts');
    const toolCalls = [{ id: 'c1', name: 'f', arguments: '{"id":12345678901234567890}' }];
    const { body } = encode({ messages: [user('go'), { role: 'assistant', content: '', toolCalls }, result('c1', 'x')] });
    expect(exactJson(body)).toContain('"id":12345678901234567890');
  });
});

describe('thought signatures', () => {
  const toolCalls = [
    { id: 'c1', name: 'a', arguments: '{}' },
    { id: 'c2', name: 'b', arguments: '{}' },
  ];
  const turn = (answer: Partial<Message>): readonly Message[] => [
    user('go'),
    { role: 'assistant', content: '', toolCalls, ...answer },
    result('c1', 'x'),
    result('c2', 'y'),
  ];
  const partsOf = (messages: readonly Message[], model = 'gemini-3-pro-preview') =>
    encode({ messages, model }).body.contents[1].parts;

  test('are sent back on the parts they came with', () => {
    const reasoningParts: ReasoningPart[] = [
      { kind: 'text', text: 'Hm.', signature: 't', format: FORMAT },
      signature('sig-call', { id: 'c1' }),
      signature('sig-image', { apiData: { google: { image: 0 } } }),
      signature('sig-text'),
    ];
    const answer = { content: 'So.', images: [PNG], reasoningParts, answeredBy: 'google:gemini-3-pro-preview' };
    expect(partsOf(turn(answer))).toEqual([
      { text: 'Hm.', thought: true, thoughtSignature: 't' },
      { text: 'So.', thoughtSignature: 'sig-text' },
      { inlineData: { mimeType: 'image/png', data: 'iVBORw0KGgo=' }, thoughtSignature: 'sig-image' },
      { functionCall: { id: 'c1', name: 'a', args: {} }, thoughtSignature: 'sig-call' },
      { functionCall: { id: 'c2', name: 'b', args: {} } },
    ]);
  });

  test('a signature without text has an empty part', () => {
    const answer: Message = { role: 'assistant', content: '', reasoningParts: [signature('end')] };
    expect(encode({ messages: [user('go'), answer, user('on')] }).body.contents[1].parts).toEqual([
      { text: '', thoughtSignature: 'end' },
    ]);
  });

  test.each([
    ['lost', {}],
    ['of another vendor', { reasoningParts: [{ kind: 'text', text: 'x', signature: 's', format: 'anthropic-claude-v1' }] }],
    ['of OpenRouter', { reasoningParts: [signature('s', { id: 'c1' })], answeredBy: 'google/gemini-3-pro-preview' }],
    ['of an older generation', { reasoningParts: [signature('s', { id: 'c1' })], answeredBy: 'google:gemini-2.5-flash' }],
  ] satisfies [string, Partial<Message>][])('%s: the first call of the current turn marks a lost signature', (_, answer) => {
    expect(partsOf(turn(answer)).map((part: any) => part.thoughtSignature)).toEqual([
      'skip_thought_signature_validator',
      undefined,
    ]);
  });

  test('before Gemini 3 a lost signature is not required', () => {
    const signatures = (answer: Partial<Message>) =>
      partsOf(turn(answer), 'gemini-2.5-flash').map((part: any) => part.thoughtSignature);
    expect(signatures({})).toEqual([undefined, undefined]);
    expect(signatures({ reasoningParts: [signature('s', { id: 'c2' })], answeredBy: 'google:gemini-2.5-pro' })).toEqual([
      undefined,
      's',
    ]);
  });

  test('an earlier turn is not checked', () => {
    const messages = [...turn({}), { role: 'assistant' as const, content: 'done' }, user('next')];
    expect(partsOf(messages).some((part: any) => part.thoughtSignature !== undefined)).toBe(false);
  });
});

describe('tools', () => {
  const schema = { type: 'object', properties: { city: { type: 'string' } }, required: ['city'], additionalProperties: false };

  test('are declared with their JSON Schema, which is omitted if it is empty', () => {
    const { body } = encode({
      tools: [
        tool('weather', { description: 'd', parameters: schema }),
        tool('now'),
        tool('empty', { parameters: { type: 'object', properties: {} } }),
      ],
    });
    expect(body.tools).toEqual([
      {
        functionDeclarations: [
          { name: 'weather', description: 'd', parametersJsonSchema: schema },
          { name: 'now' },
          { name: 'empty' },
        ],
      },
    ]);
    expect(body.toolConfig).toBeUndefined();
  });

  test.each([
    ['auto', { mode: 'AUTO' }],
    ['none', { mode: 'NONE' }],
    ['required', { mode: 'ANY' }],
    [{ name: 'now' }, { mode: 'ANY', allowedFunctionNames: ['now'] }],
  ] as const)('choice %j', (toolChoice, expected) => {
    expect(encode({ tools: [tool('now')], toolChoice }).body.toolConfig).toEqual({ functionCallingConfig: expected });
  });

  test('strict tools are validated', () => {
    expect(encode({ tools: [tool('now', { strict: true })] }).body.toolConfig).toEqual({
      functionCallingConfig: { mode: 'VALIDATED' },
    });
  });

  test.each([
    ['a name that Google refuses', { tools: [tool('1st')] }],
    ['a tool of OpenRouter', { tools: [{ type: 'openrouter:web_search' as const }] }],
    ['a plugin', { plugins: [{ id: 'web' }] }],
    ['several answers', { extra: { n: 2 } }],
  ])('%s is a usage error', (_, request) => {
    expect(() => encode(request)).toThrow(expect.objectContaining({ kind: 'usage' }));
  });
});

describe('parameters', () => {
  test('have the names of generationConfig', () => {
    const { body, dropped } = encode({
      temperature: 0.5,
      maxTokens: 100,
      topP: 0.9,
      topK: 40,
      seed: 7,
      stop: ['END'],
      presencePenalty: 0.1,
      frequencyPenalty: 0.2,
      serviceTier: 'flex',
      modalities: ['text', 'image'],
      imageConfig: { aspect_ratio: '16:9' },
      extra: {
        safetySettings: [{ category: 'c', threshold: 'BLOCK_NONE' }],
        generationConfig: { mediaResolution: 'LOW', seed: 1 },
      },
    });
    expect(body).toMatchObject({
      generationConfig: {
        temperature: 0.5,
        maxOutputTokens: 100,
        topP: 0.9,
        topK: 40,
        seed: 7,
        mediaResolution: 'LOW',
        stopSequences: ['END'],
        presencePenalty: 0.1,
        frequencyPenalty: 0.2,
        responseModalities: ['TEXT', 'IMAGE'],
        imageConfig: { aspectRatio: '16:9' },
      },
      serviceTier: 'flex',
      safetySettings: [{ category: 'c', threshold: 'BLOCK_NONE' }],
    });
    expect(dropped).toEqual([]);
  });

  test('parameters that Google does not support are dropped and named', () => {
    const { body, dropped } = encode({
      minP: 0.1,
      logitBias: { 5: 1 },
      parallelToolCalls: false,
      user: 'u',
      routing: { sort: 'price' },
    });
    expect(body.generationConfig).toEqual({ thinkingConfig: { includeThoughts: true } });
    expect(dropped).toEqual([
      'min_p: Google has no such parameter',
      'logit_bias: Google has no such parameter',
      'parallel_tool_calls: Google has no such parameter',
      'user: Google has no such parameter',
      'routing preferences: requests to Google are not routed',
    ]);
  });

  test('structured output', () => {
    const schema = { type: 'object', properties: { a: { type: 'number' } } };
    expect(config({ responseFormat: { type: 'json_object' } })).toMatchObject({ responseMimeType: 'application/json' });
    expect(config({ responseFormat: { type: 'json_schema', name: 'x', schema, strict: true } })).toMatchObject({
      responseMimeType: 'application/json',
      responseJsonSchema: schema,
    });
  });

  test('speech is pcm16', () => {
    expect(config({ modalities: ['audio'], audio: { voice: 'Kore', format: 'pcm16' } })).toMatchObject({
      responseModalities: ['AUDIO'],
      speechConfig: { voiceConfig: { prebuiltVoiceConfig: { voiceName: 'Kore' } } },
    });
    expect(() => config({ audio: { voice: 'Kore', format: 'mp3' } })).toThrow(expect.objectContaining({ kind: 'usage' }));
  });
});

describe('reasoning', () => {
  test.each([
    ['gemini-2.5-flash', undefined, { includeThoughts: true }],
    ['gemini-2.5-flash', { effort: 'none' }, { thinkingBudget: 0 }],
    ['gemini-2.5-flash', { enabled: false }, { thinkingBudget: 0 }],
    ['gemini-2.5-flash', { enabled: true }, { thinkingBudget: -1, includeThoughts: true }],
    ['gemini-2.5-flash', { effort: 'medium' }, { thinkingBudget: 8192, includeThoughts: true }],
    ['gemini-2.5-flash', { maxTokens: 99_999 }, { thinkingBudget: 24_576, includeThoughts: true }],
    ['gemini-2.5-flash', { effort: 'low', exclude: true }, { thinkingBudget: 1024 }],
    ['gemini-2.5-flash-lite', undefined, undefined],
    ['gemini-2.5-flash-lite', { maxTokens: 10 }, { thinkingBudget: 512, includeThoughts: true }],
    ['gemini-2.5-pro', { effort: 'max' }, { thinkingBudget: 32_768, includeThoughts: true }],
    ['gemini-3-pro-preview', undefined, { includeThoughts: true }],
    ['gemini-3-pro-preview', { effort: 'high' }, { thinkingLevel: 'HIGH', includeThoughts: true }],
    ['gemini-3-pro-preview', { effort: 'xhigh' }, { thinkingLevel: 'HIGH', includeThoughts: true }],
    ['gemini-3-pro-preview', { effort: 'minimal' }, { thinkingLevel: 'LOW', includeThoughts: true }],
    ['gemini-3-flash-preview', { effort: 'minimal' }, { thinkingLevel: 'MINIMAL', includeThoughts: true }],
    ['gemini-3.7-flash', { effort: 'minimal' }, { thinkingLevel: 'LOW', includeThoughts: true }],
    ['gemini-flash-latest', { effort: 'minimal' }, { thinkingLevel: 'LOW', includeThoughts: true }],
    ['gemini-2.0-flash', undefined, undefined],
    ['gemini-2.5-flash-image', undefined, undefined],
    ['gemini-2.5-flash-preview-tts', undefined, undefined],
    ['gemma-3-27b-it', undefined, undefined],
  ] as const)('%s %j', (model, reasoning, expected) => {
    const { body, dropped } = encode({ model, ...(reasoning && { reasoning }) });
    expect(body.generationConfig?.thinkingConfig).toEqual(expected);
    expect(dropped).toEqual([]);
  });

  test.each([
    ['gemini-2.5-pro', { effort: 'none' }, { thinkingBudget: 128, includeThoughts: true }],
    ['gemini-3-flash-preview', { effort: 'none' }, { thinkingLevel: 'MINIMAL', includeThoughts: true }],
    ['gemini-3-pro-preview', { effort: 'none' }, { thinkingLevel: 'LOW', includeThoughts: true }],
    ['gemini-3-pro-preview', { maxTokens: 5000 }, { thinkingLevel: 'MEDIUM', includeThoughts: true }],
    ['gemini-3-pro-preview', { effort: 'vast' }, { includeThoughts: true }],
    ['gemini-2.5-flash', { effort: 'constructor' }, { includeThoughts: true }],
    ['gemini-2.0-flash', { effort: 'high' }, undefined],
  ] as const)('%s does not support %j, and the error names it', (model, reasoning, expected) => {
    const { body, dropped } = encode({ model, reasoning });
    expect(body.generationConfig?.thinkingConfig).toEqual(expected);
    expect(dropped).toEqual([expect.stringMatching(/^reasoning/)]);
  });
});
