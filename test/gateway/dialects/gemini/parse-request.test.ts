import { describe, expect, test } from 'vitest';
import type { ChatRequest } from '../../../../src/apis/completion.ts';
import { geminiDialect } from '../../../../src/gateway/dialects/gemini/dialect.ts';

const parse = (body: object, model = 'gemini-2.5-flash', asksVendor?: (name: string) => boolean): ChatRequest =>
  geminiDialect.parse(JSON.stringify({ contents: [{ parts: [{ text: 'hi' }] }], ...body }), {
    parts: [model, 'generateContent'],
    query: new URLSearchParams(),
    requestHeaders: {},
    ...(asksVendor !== undefined && { asksVendor }),
  });

describe('the model of a path', () => {
  test.each([
    ['gemini-2.5-flash', 'google:gemini-2.5-flash'],
    ['gemma-3-27b-it', 'google:gemma-3-27b-it'],
    ['openai/gpt-5', 'openai/gpt-5'],
    ['google/gemini-2.5-flash', 'google/gemini-2.5-flash'],
    ['anthropic:claude-sonnet-4-6', 'anthropic:claude-sonnet-4-6'],
    ['together:meta-llama/Llama-3.3', 'together:meta-llama/Llama-3.3'],
    ['smart', 'smart'],
  ])('%s is %s', (asked, model) => expect(parse({}, asked).model).toBe(model));

  test('is the one that the gateway serves under that name', () =>
    expect(parse({}, 'gemini-2.5-flash', (name) => name === 'gemini-2.5-flash').model).toBe('gemini-2.5-flash'));
});

describe('contents', () => {
  test('are messages with media, calls and results', () => {
    const { messages } = parse({
      system_instruction: { parts: [{ text: 'Be short.' }] },
      contents: [
        {
          role: 'user',
          parts: [
            { text: 'What is this?' },
            { inlineData: { mimeType: 'image/png', data: 'iVBORw0KGgo=' } },
            { inline_data: { mime_type: 'audio/mpeg', data: 'SUQz' } },
            { inlineData: { mimeType: 'application/pdf', data: 'JVBERi0=' } },
            { fileData: { mimeType: 'image/jpeg', fileUri: 'https://x.example/a.jpg' } },
            { fileData: { fileUri: 'https://www.youtube.com/watch?v=1' } },
            { fileData: { mimeType: 'application/pdf', fileUri: 'https://x.example/b.pdf?x=1' } },
          ],
        },
        {
          role: 'model',
          parts: [
            { text: 'I look.', thought: true, thoughtSignature: 'c2lnMA==' },
            { text: 'Wait.' },
            { functionCall: { id: 'c1', name: 'look', args: { at: 'it' } }, thoughtSignature: 'c2lnMQ==' },
            { functionCall: { name: 'look', args: {} } },
            { functionCall: { name: 'hear' } },
          ],
        },
        {
          role: 'function',
          parts: [
            { functionResponse: { name: 'hear', response: { error: 'deaf' } } },
            { functionResponse: { id: 'c1', name: 'look', response: { output: 'a cat' } } },
            {
              functionResponse: {
                name: 'look',
                response: {},
                parts: [{ inlineData: { mimeType: 'image/png', data: 'iVBORw0KGgo=' } }],
              },
            },
            { text: 'Well?' },
          ],
        },
      ],
    });
    const png = 'data:image/png;base64,iVBORw0KGgo=';
    const format = 'google-gemini-v1';
    expect(messages).toEqual([
      { role: 'system', content: 'Be short.' },
      {
        role: 'user',
        content: [
          { type: 'text', text: 'What is this?' },
          { type: 'image', url: png },
          { type: 'audio', data: 'SUQz', format: 'mp3' },
          { type: 'file', name: 'file', url: 'data:application/pdf;base64,JVBERi0=' },
          { type: 'image', url: 'https://x.example/a.jpg' },
          { type: 'video', url: 'https://www.youtube.com/watch?v=1' },
          { type: 'file', name: 'b.pdf', url: 'https://x.example/b.pdf?x=1' },
        ],
      },
      {
        role: 'assistant',
        content: 'Wait.',
        reasoningParts: [
          { kind: 'text', text: 'I look.', format, signature: 'c2lnMA==' },
          { kind: 'encrypted', encrypted: 'c2lnMQ==', format, id: 'c1' },
        ],
        toolCalls: [
          { id: 'c1', name: 'look', arguments: '{"at":"it"}' },
          { id: 'call_1', name: 'look', arguments: '{}' },
          { id: 'call_2', name: 'hear', arguments: '{}' },
        ],
      },
      { role: 'tool', toolCallId: 'call_2', content: '{"error":"deaf"}' },
      { role: 'tool', toolCallId: 'c1', content: 'a cat' },
      { role: 'tool', toolCallId: 'call_1', content: [{ type: 'image', url: png }] },
      { role: 'user', content: 'Well?' },
    ]);
  });

  test.each([
    [{ contents: [] }, /contents is missing/],
    [{ contents: ['hi'] }, /contents\[0\] must be an object/],
    [{ contents: [{ role: 'ghost', parts: [] }] }, /contents\[0\]\.role must be one of/],
    [{ contents: [{ parts: [{ inlineData: { mimeType: 'image/png' } }] }] }, /inlineData\.data is missing/],
    [{ contents: [{ parts: [{ functionResponse: {} }] }] }, /functionResponse\.name is missing/],
    [{ generationConfig: { temperature: 'hot' } }, /generationConfig\.temperature must be a number/],
    [{ generationConfig: { candidateCount: 2 } }, /candidateCount must be 1/],
    [{ toolConfig: { functionCallingConfig: { mode: 'OFTEN' } } }, /mode must be one of/],
    [{ tools: [{ functionDeclarations: [{}] }] }, /tools\[0\]\.functionDeclarations\[0\]\.name is missing/],
  ])('%j is an error', (body, message) =>
    expect(() => parse(body)).toThrow(
      expect.objectContaining({ message: expect.stringMatching(message) as string, status: 400 }),
    ),
  );
});

describe('the configuration', () => {
  test('is mapped to the fields of a request', () => {
    const request = parse({
      generationConfig: {
        temperature: 0.4,
        topP: 0.9,
        topK: 40,
        maxOutputTokens: 100,
        stopSequences: ['END'],
        seed: 7,
        presencePenalty: 0.1,
        frequencyPenalty: 0.2,
        responseModalities: ['TEXT', 'IMAGE'],
        imageConfig: { aspectRatio: '16:9' },
        speechConfig: { voiceConfig: { prebuiltVoiceConfig: { voiceName: 'Kore' } } },
        thinkingConfig: { thinkingBudget: 512 },
        responseMimeType: 'application/json',
        responseSchema: {
          type: 'OBJECT',
          properties: {
            type: { type: 'STRING', nullable: true, enum: ['a', 'b'] },
            list: { type: 'ARRAY', minItems: '2', items: { type: 'INTEGER' } },
            nullable: { anyOf: [{ type: 'NUMBER' }], nullable: true },
          },
          propertyOrdering: ['type'],
          required: ['type'],
        },
      },
      safetySettings: [{ category: 'HARM_CATEGORY_HARASSMENT', threshold: 'BLOCK_NONE' }],
    });
    expect(request).toMatchObject({
      temperature: 0.4,
      topP: 0.9,
      topK: 40,
      maxTokens: 100,
      stop: ['END'],
      seed: 7,
      presencePenalty: 0.1,
      frequencyPenalty: 0.2,
      modalities: ['text', 'image'],
      imageConfig: { aspect_ratio: '16:9' },
      audio: { voice: 'Kore', format: 'pcm16' },
      reasoning: { maxTokens: 512, exclude: true },
      responseFormat: {
        type: 'json_schema',
        name: 'answer',
        strict: true,
        schema: {
          type: 'object',
          properties: {
            type: { type: ['string', 'null'], enum: ['a', 'b', null] },
            list: { type: 'array', minItems: 2, items: { type: 'integer' } },
            nullable: { anyOf: [{ type: 'number' }, { type: 'null' }] },
          },
          required: ['type'],
        },
      },
    });
    expect((request.responseFormat as unknown as { schema: object }).schema).not.toHaveProperty('propertyOrdering');
  });

  test.each([
    [{ thinkingBudget: 0 }, { effort: 'none' }],
    [{ thinkingBudget: -1, includeThoughts: true }, { enabled: true }],
    [{ thinkingLevel: 'HIGH', includeThoughts: true }, { effort: 'high' }],
    [{ includeThoughts: true }, { enabled: true }],
    [{ includeThoughts: false }, undefined],
  ])('thinking %j is %j', (thinkingConfig, reasoning) =>
    expect(parse({ generationConfig: { thinkingConfig } }).reasoning).toEqual(reasoning),
  );

  test('offers functions, and says which must be called', () => {
    const tools = [
      {
        functionDeclarations: [
          { name: 'a', description: 'does a', parameters: { type: 'OBJECT', properties: { x: { type: 'STRING' } } } },
          { name: 'b', parametersJsonSchema: { type: 'object', properties: { y: { type: ['string', 'null'] } } } },
        ],
      },
    ];
    const mode = (functionCallingConfig: object): ChatRequest => parse({ tools, toolConfig: { functionCallingConfig } });
    expect(parse({ tools }).tools).toEqual([
      {
        type: 'function',
        name: 'a',
        description: 'does a',
        parameters: { type: 'object', properties: { x: { type: 'string' } } },
      },
      { type: 'function', name: 'b', parameters: { type: 'object', properties: { y: { type: ['string', 'null'] } } } },
    ]);
    expect(mode({ mode: 'AUTO' }).toolChoice).toBe('auto');
    expect(mode({ mode: 'NONE' }).toolChoice).toBe('none');
    expect(mode({ mode: 'ANY' }).toolChoice).toBe('required');
    expect(mode({ mode: 'ANY', allowedFunctionNames: ['b'] }).toolChoice).toEqual({ name: 'b' });
    expect(mode({ mode: 'VALIDATED' }).tools).toMatchObject([{ strict: true }, { strict: true }]);
    expect(parse({ tools: [{ googleSearch: {} }, { codeExecution: {} }], cachedContent: 'cachedContents/1' })).toMatchObject({
      tools: [{ type: 'openrouter:web_search' }],
      original: { dialect: 'gemini', untranslated: ['the tool codeExecution', 'cachedContent'] },
    });
  });
});
