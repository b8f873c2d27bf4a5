import { describe, expect, test } from 'vitest';
import type { Message } from '../../../src/apis/message.ts';
import type { Vendor } from '../../../src/apis/vendors.ts';
import { encodeFor, PLAIN_HOST } from '../../support/plain-host.ts';

const HI: Message = { role: 'user', content: 'hi' };
const PNG = 'data:image/png;base64,AAAA';
const PDF = 'data:application/pdf;base64,AAAA';

describe('messages', () => {
  const CALL = { id: 'abc123def', name: 'look', arguments: '{"at":1}' };
  const wireCall = { id: 'abc123def', type: 'function', function: { name: 'look', arguments: '{"at":1}' } };
  const asked = (messages: readonly Message[], vendor: string | Vendor = 'openai') =>
    encodeFor(vendor, { messages }).body.messages;

  test('text, images, files and audio', () => {
    const content = [
      { type: 'text', text: 'see', cacheControl: { type: 'ephemeral' } },
      { type: 'image', url: PNG },
      { type: 'file', name: 'a.pdf', url: PDF },
      { type: 'audio', data: 'AAAA', format: 'wav' },
    ] as const;
    expect(asked([{ role: 'user', content }])).toEqual([
      {
        role: 'user',
        content: [
          { type: 'text', text: 'see' },
          { type: 'image_url', image_url: { url: PNG } },
          { type: 'file', file: { filename: 'a.pdf', file_data: PDF } },
          { type: 'input_audio', input_audio: { data: 'AAAA', format: 'wav' } },
        ],
      },
    ]);
    expect(asked([{ role: 'user', content }], 'mistral')[0].content.slice(2)).toEqual([
      { type: 'document_url', document_url: PDF, document_name: 'a.pdf' },
      { type: 'input_audio', input_audio: 'AAAA' },
    ]);
    expect(asked([{ role: 'user', content: content.slice(0, 1) }])).toEqual([{ role: 'user', content: 'see' }]);
  });

  test.each([
    ['openai', { type: 'video', url: 'https://a/b.mp4' }, 'OpenAI does not support video'],
    ['openai', { type: 'file', name: 'a', url: 'https://a/b.pdf' }, 'OpenAI does not support files by URL'],
    ['deepseek', { type: 'image', url: PNG }, 'DeepSeek does not support images'],
    ['groq', { type: 'file', name: 'a', url: PDF }, 'Groq does not support PDFs and other files'],
    ['fireworks', { type: 'audio', data: 'AA', format: 'wav' }, 'Fireworks does not support audio'],
  ] as const)('%s fails on unsupported content: %o', (vendor, part, message) => {
    const encode = () => encodeFor(vendor, { messages: [{ role: 'user', content: [part] }] });
    expect(encode).toThrow(expect.objectContaining({ kind: 'usage', message, hints: [expect.stringMatching(/attach/)] }));
  });

  test('vLLM reads video', () => {
    expect(asked([{ role: 'user', content: [{ type: 'video', url: 'data:video/mp4;base64,AA' }] }], 'vllm')[0].content).toEqual([
      { type: 'video_url', video_url: { url: 'data:video/mp4;base64,AA' } },
    ]);
  });

  test('calls and results; images of results follow in a user message', () => {
    const messages: Message[] = [
      HI,
      { role: 'assistant', content: '', toolCalls: [CALL, { ...CALL, id: 'second234' }] },
      { role: 'tool', content: [{ type: 'image', url: PNG }], toolCallId: 'abc123def' },
      { role: 'tool', content: 'fine', toolCallId: 'second234' },
    ];
    const results = [
      { role: 'tool', tool_call_id: 'abc123def', content: '(the result is the image in the next message)' },
      { role: 'tool', tool_call_id: 'second234', content: 'fine' },
    ];
    const images = [
      { type: 'text', text: 'Images that the tools returned:' },
      { type: 'image_url', image_url: { url: PNG } },
    ];
    const calls = { role: 'assistant', content: null, tool_calls: [wireCall, { ...wireCall, id: 'second234' }] };
    expect(asked(messages)).toEqual([{ role: 'user', content: 'hi' }, calls, ...results, { role: 'user', content: images }]);
    expect(asked([...messages, { role: 'user', content: 'and now?' }])).toEqual([
      { role: 'user', content: 'hi' },
      calls,
      ...results,
      { role: 'user', content: [...images, { type: 'text', text: 'and now?' }] },
    ]);
    expect(asked([...messages, { role: 'assistant', content: 'a cat' }]).map(({ role }: any) => role)).toEqual([
      'user',
      'assistant',
      'tool',
      'tool',
      'user',
      'assistant',
    ]);
    // Mistral accepts them in place.
    expect(asked(messages, 'mistral')[2].content).toEqual([{ type: 'image_url', image_url: { url: PNG } }]);
  });

  test('images that a model generated go to the next one as the user’s', () => {
    const messages: Message[] = [
      HI,
      { role: 'assistant', content: '[image]', images: [PNG] },
      { role: 'user', content: 'bigger' },
    ];
    expect(asked(messages)[2].content).toEqual([
      { type: 'text', text: 'Images of the answer above:' },
      { type: 'image_url', image_url: { url: PNG } },
      { type: 'text', text: 'bigger' },
    ]);
  });

  test('Mistral is told to continue an answer', () => {
    const messages: Message[] = [HI, { role: 'assistant', content: 'Once' }];
    expect(asked(messages, 'mistral')[1]).toEqual({ role: 'assistant', content: 'Once', prefix: true });
    expect(asked(messages)[1]).toEqual({ role: 'assistant', content: 'Once' });
  });

  describe('with reasoning', () => {
    const answer = (parts: Message['reasoningParts'], toolCalls?: Message['toolCalls']): Message[] => [
      HI,
      { role: 'assistant', content: 'so', reasoningParts: parts, ...(toolCalls && { toolCalls }) },
      ...(toolCalls === undefined ? [] : [{ role: 'tool', content: 'ok', toolCallId: CALL.id } as const]),
      HI,
    ];
    const own = (format: string) => [{ kind: 'text', text: 'because', format, index: 0 }] as const;

    test.each([
      ['deepseek', 'reasoning_content'],
      ['llamacpp', 'reasoning_content'],
      ['groq', 'reasoning'],
      ['cerebras', 'reasoning'],
      ['vllm', 'reasoning'],
    ])('%s gets it back as %s, if tools were called', (vendor, field) => {
      expect(asked(answer(own(vendor), [CALL]), vendor)[1]).toEqual({
        role: 'assistant',
        content: 'so',
        [field]: 'because',
        tool_calls: [wireCall],
      });
      expect(asked(answer(own(vendor)), vendor)[1]).toEqual({ role: 'assistant', content: 'so' });
    });

    test('DeepSeek rejects a call without it: an empty text replaces lost reasoning', () => {
      const signed = [{ kind: 'text', text: 'secret', signature: 'xyz', format: 'anthropic-claude-v1' }] as const;
      expect(asked(answer(signed, [CALL]), 'deepseek')[1]).toHaveProperty('reasoning_content', '');
      expect(asked(answer(signed, [CALL]), 'groq')[1]).not.toHaveProperty('reasoning');
    });

    test('a client of the gateway may send it back in its plain field', () => {
      const [question, said, ...rest] = answer([], [CALL]);
      const wire = { role: 'assistant', reasoning_content: 'because' };
      const messages = [question!, { ...said!, apiData: { openrouter: wire } }, ...rest];
      expect(asked(messages, 'deepseek')[1]).toHaveProperty('reasoning_content', 'because');
    });

    test('Mistral gets parts of the content, with its signature', () => {
      const parts = [{ kind: 'text', text: 'because', format: 'mistral', signature: 'sig', index: 0 }] as const;
      expect(asked(answer(parts), 'mistral')[1].content).toEqual([
        { type: 'thinking', thinking: [{ type: 'text', text: 'because' }], signature: 'sig' },
        { type: 'text', text: 'so' },
      ]);
      expect(asked(answer([{ ...parts[0], format: 'anthropic-claude-v1' }]), 'mistral')[1].content).toBe('so');
    });

    test('OpenAI and unknown hosts get none', () => {
      expect(asked(answer(own('openai'), [CALL]))[1]).toEqual({ role: 'assistant', content: 'so', tool_calls: [wireCall] });
      expect(asked(answer(own('host'), [CALL]), PLAIN_HOST)[1]).toEqual({
        role: 'assistant',
        content: 'so',
        tool_calls: [wireCall],
      });
    });
  });
});
