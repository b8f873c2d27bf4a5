import { describe, expect, test } from 'vitest';
import { shellHint } from '../../../src/errors.ts';
import { failureAdvice, isAboutModels } from '../../../src/core/answer/failure-advice.ts';
import { resolved } from '../../support/settings.ts';
import { decodeCatalogue } from '../../../src/apis/openrouter/decode-catalogue.ts';
import { decodeApiError } from '../../../src/apis/wire/errors/decode-error.ts';
import { wireModel } from '../../support/catalogue.ts';

const model = (id: string, parameters: readonly string[], inputs: readonly string[] = ['text']): object =>
  wireModel(
    id,
    {},
    { supported_parameters: parameters, architecture: { input_modalities: inputs, output_modalities: ['text'] } },
  );
const { models } = decodeCatalogue(
  JSON.stringify({
    data: [
      model('a/plain', []),
      model('b/tools', ['tools', 'tool_choice']),
      model('a/tools', ['tools', 'tool_choice']),
      model('a/eyes', ['tools'], ['text', 'image', 'video']),
      model('q/coder', ['tools']),
    ],
  }),
);

function advice(status: number, message: string, asked = 'a/plain', flags: Record<string, unknown> = {}, extra: object = {}) {
  const error = decodeApiError({ status, body: { error: { code: status, message, ...extra } } });
  const settings = resolved({ flags, env: {}, file: {} }).values;
  return { hints: failureAdvice(error, { asked: [asked], models, settings }), isAboutModels: isAboutModels(error), error };
}

describe('features that no endpoint of the model supports', () => {
  test.each([
    ["No endpoints found that support the provided 'tool_choice' value.", 'a/tools, b/tools', '--parameter tool_choice'],
    ['No endpoints found that support tool use', 'a/tools, a/eyes, b/tools', '--tools'],
    ['No endpoints found that support image input', 'a/eyes', '--input image'],
    ['No endpoints found that support input video', 'a/eyes', '--input video'],
  ])('%s', (message, able, filter) => {
    const matches = advice(404, message);
    expect(matches.isAboutModels).toBe(true);
    expect(matches.hints).toEqual([`use a model that supports it: ${able}`, `list all that support it: orx models ${filter}`]);
  });

  test('without a catalogue the command that finds them', () => {
    const error = decodeApiError({
      status: 404,
      body: { error: { code: 404, message: 'No endpoints found that support tool use' } },
    });
    const settings = resolved({ flags: {}, env: {}, file: {} }).values;
    expect(failureAdvice(error, { asked: ['a/plain'], models: [], settings })).toEqual([
      'list all that support it: orx models --tools',
    ]);
  });
});

describe('a prompt that is too long', () => {
  test('names models with room for it; numbers in ids are no lengths', () => {
    const said = 'prompt too long; exceeded max context length by 1046 tokens (ref: 96164522-08b2-4cbf)';
    expect(advice(400, said).hints?.[0]).toMatch(/^use a model with a longer context: a\//);
    const comma = "This model's maximum context length is 8,192 tokens. However, your messages resulted in 9,999,999 tokens.";
    expect(advice(400, comma).hints).toEqual(['shorten the prompt: no model has a context that is long enough']);
  });
});

describe('a removed model', () => {
  test('leads to its successor', () => {
    const error = decodeApiError({ status: 404, body: { error: { code: 404, message: 'No endpoints found for a/old.' } } });
    const settings = resolved({ flags: {}, env: {}, file: {} }).values;
    const hints = failureAdvice(error, { asked: ['a/old'], models, removed: { successor: 'a/tools' }, settings });
    expect(hints?.map(shellHint)).toEqual([
      'use its successor: -m a/tools',
      expect.stringMatching(/^use a newer model of a: /),
      'search the models: orx models WORDS',
    ]);
  });
});

describe('a free variant', () => {
  test.each<[string, number, string, object]>([
    ['that is gone', 404, 'No endpoints found for q/coder:free.', {}],
    ['that has ended', 404, 'ended', { availability: { code: 'free_variant_ended', retryable: false } }],
    ['that never was', 400, 'q/coder:free is not a valid model ID', {}],
    ['whose requests are used up', 429, 'Rate limit exceeded: free-models-per-day', {}],
    ['that too many ask', 429, 'High demand for q/coder:free', {}],
  ])('%s leads to the paid model', (_name, status, message, extra) => {
    expect(advice(status, message, 'q/coder:free', {}, extra).hints?.[0]).toEqual({
      shell: 'use the paid variant, which has no such limit: -m q/coder',
      session: 'use the paid variant, which has no such limit: /model q/coder',
    });
  });

  test('of a model that is not in the catalogue has no advice', () => {
    expect(advice(404, 'No endpoints found for z/none:free.', 'z/none:free').hints).toBeUndefined();
  });
});

describe('a prompt that is too long', () => {
  const tooLong = (tokens: number): string =>
    `This endpoint's maximum context length is 200 tokens. However, you requested about ${tokens} tokens.`;
  const withContexts = decodeCatalogue(
    JSON.stringify({
      data: [
        wireModel('a/short', {}, { context_length: 200 }),
        wireModel('a/long', {}, { context_length: 100_000 }),
        wireModel('b/longer', {}, { context_length: 1_000_000 }),
      ],
    }),
  ).models;
  const hintsOf = (message: string): readonly unknown[] | undefined => {
    const error = decodeApiError({ status: 400, body: { error: { code: 400, message } } });
    expect(isAboutModels(error)).toBe(true);
    const settings = resolved({}).values;
    return failureAdvice(error, { asked: ['a/short'], models: withContexts, settings });
  };

  test.each([
    [5000, 'use a model with a longer context: a/long, b/longer'],
    [500_000, 'use a model with a longer context: b/longer'],
    [5_000_000, 'shorten the prompt: no model has a context that is long enough'],
  ])('of %i tokens leads to the models that fit', (tokens, hint) => {
    expect(hintsOf(tooLong(tokens))?.[0]).toBe(hint);
  });

  test('keeps the general hint if its length is not stated', () => {
    expect(hintsOf('prompt is too long')).toBeUndefined();
  });
});

test('a model that has been removed leads to its successor, then to newer models of its author', () => {
  const removed = { availability: { code: 'model_deprecated', retryable: false, fallback_models: ['q/coder'] } };
  expect(advice(404, 'a/old has been deprecated', 'a/old', {}, removed).hints?.map(shellHint)).toEqual([
    'use a model that can serve this: q/coder',
    'use a newer model of a: a/plain, a/tools, a/eyes',
    'search the models: orx models WORDS',
  ]);
});

test('only limits that are set are suggested for loosening', () => {
  const message = 'No allowed providers are available for the selected model.';
  expect(advice(404, message).hints).toBeUndefined();
  expect(advice(404, message).error.hints.map(shellHint).join()).not.toContain('--only');
  expect(advice(404, message, 'a/plain', { only: 'x', maxPrice: '1,2', 'max-price': '1,2', zdr: true }).hints?.[0]).toBe(
    'relax the limits on providers: --only, --max-price, --zdr',
  );
});

test('an unknown name gets the nearest ones', () => {
  expect(advice(400, 'a/plan is not a valid model ID', 'a/plan').hints).toContain('did you mean a/plain?');
  expect(advice(404, 'The model `a/plan` does not exist', 'a/plan').hints).toContain('did you mean a/plain?');
});

test.each([
  [403, 'Your input was flagged', { metadata: { reasons: ['violence'] } }],
  [500, 'down', {}],
  [401, 'no', {}],
])('%i %s needs no further advice', (status, message, extra) => {
  expect(advice(status, message, 'a/plain', { only: 'x' }, extra).hints).toBeUndefined();
});
