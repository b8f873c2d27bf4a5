import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { decodeApiError } from '../../../../src/apis/wire/errors/decode-error.ts';
import { promptLength } from '../../../../src/apis/wire/errors/prompt-length.ts';
import { shellHint } from '../../../../src/errors.ts';

describe('how much a prompt is too long', () => {
  test.each<[string, string, number, number?]>([
    [
      'OpenRouter',
      'maximum context length is 200000 tokens. However, you requested about 250000 tokens (250000 of text input).',
      50_000,
    ],
    ['OpenAI', "This model's maximum context length is 8,192 tokens. However, your messages resulted in 10,000 tokens.", 1808],
    [
      'vLLM, with an answer that is too long',
      'maximum context length is 4096 tokens. However, you requested 5000 tokens (4000 in the messages, 1000 in the completion).',
      904,
      96,
    ],
    [
      'vLLM, with a prompt that is too long',
      'maximum context length is 4096 tokens. However, you requested 6000 tokens (5000 in the messages, 1000 in the completion).',
      1904,
    ],
    [
      'OpenAI, a limit of the input',
      'Input tokens exceed the configured limit of 272000 tokens. Your messages resulted in 300000 tokens.',
      28_000,
    ],
    ['Anthropic', 'prompt is too long: 210000 tokens > 200000 maximum', 10_000],
    [
      'Anthropic, with the answer',
      'input length and `max_tokens` exceed context limit: 190000 + 20000 > 200000, decrease input length',
      10_000,
      10_000,
    ],
    ['Gemini', 'The input token count (1250074) exceeds the maximum number of tokens allowed (1048576).', 201_498],
    ['xAI', "This model's maximum prompt length is 131072 but the request contains 200000 tokens.", 68_928],
    ['Mistral', 'Prompt contains 40000 tokens and 0 draft tokens, too large for model with 32768 maximum context length', 7232],
    ['Cohere', 'too many tokens: size limit exceeded by 25836 tokens. Try using shorter or fewer inputs.', 25_836],
    ['Ollama', 'prompt too long; exceeded max context length by 1119046 tokens (ref: 96164522-08b2)', 1_119_046],
    ['llama.cpp', 'request (5000 tokens) exceeds the available context size (4096 tokens), try increasing it', 904],
  ])('%s', (_name, message, over, mostAnswer) => {
    expect(promptLength(message)).toEqual({ over, ...(mostAnswer !== undefined && { mostAnswer }) });
    const error = decodeApiError({ status: 400, body: { error: { code: 400, message } } });
    expect(error).toMatchObject({ kind: 'usage', reason: 'context-length' });
    expect(error.what).toContain(`${over.toLocaleString('en-US')} tokens too long for this model`);
    const hint = error.hints.map(shellHint).join();
    expect(hint).toContain(mostAnswer === undefined ? 'shorten the prompt' : `--max-tokens ${mostAnswer}`);
  });

  test('is not stated by other messages, which are shown as they are', () => {
    const message = 'Your input exceeds the context window of this model.';
    expect(promptLength(message)).toBeUndefined();
    const error = decodeApiError({ status: 400, body: { error: { code: 400, message } } });
    expect([error.what, error.why]).toEqual(['the prompt is too long for this model', message]);
    expect(promptLength('prompt is too long: 5 tokens > 9 maximum')).toBeUndefined();
  });

  test('is at least one token, whatever the message', () => {
    const word = fc.constantFrom(
      'maximum context length is',
      'too long:',
      'tokens',
      '>',
      '(',
      ')',
      'exceeded by',
      '+',
      '7',
      '9,999',
      '12',
    );
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string(),
          fc.array(word).map((words) => words.join(' ')),
        ),
        (message) => {
          const { over, mostAnswer } = promptLength(message) ?? { over: 1 };
          expect(over >= 1 && Number.isFinite(over)).toBe(true);
          expect(mostAnswer ?? 1).toBeGreaterThanOrEqual(1);
        },
      ),
    );
  });
});
