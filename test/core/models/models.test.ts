import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { filterModels } from '../../../src/core/models/filter-models.ts';
import { isFree, priceKind } from '../../../src/core/price/kind.ts';
import { MODEL_SORTS } from '../../../src/core/models/sorts.ts';
import { sortModels } from '../../../src/core/models/sort-models.ts';
import { makeModel, outputs } from '../../support/catalogue.ts';

const free = { in: '0', out: '0' };

describe('priceKind', () => {
  test.each([
    ['text with prices', makeModel('a/b'), 'per-token'],
    ['text, output alone costs', makeModel('a/b', { in: '0', out: '0.1' }), 'per-token'],
    ['text for nothing', makeModel('a/b', free), 'free'],
    ['text for nothing, output not said', makeModel('a/b', free, { architecture: null }), 'free'],
    [
      'text for nothing but a fee each time',
      makeModel('a/b', {}, { pricing: { prompt: '0', completion: '0', request: '0.01' } }),
      'other',
    ],
    ['video at "0"', makeModel('a/b', free, outputs('video')), 'other'],
    ['images at "0"', makeModel('a/b', free, outputs('image')), 'other'],
    ['songs: text and audio at "0"', makeModel('a/b', free, outputs('text', 'audio')), 'other'],
    ['rerank at "0"', makeModel('a/b', free, outputs('rerank')), 'other'],
    ['images, free by name', makeModel('a/b:free', free, outputs('image')), 'free'],
    ['a router', makeModel('openrouter/auto', { in: '-1', out: '-1' }), 'varies'],
    ['half a router', makeModel('a/b', { out: '-1' }), 'varies'],
    ['no prices', makeModel('a/b', {}, { pricing: null }), 'other'],
    [
      'a direct model of which nobody knows the price',
      makeModel('openai:x', {}, { pricing: {}, price_source: 'unknown' }),
      'unknown',
    ],
    ['a model on a server of the user', makeModel('ollama:x', free, { price_source: 'local' }), 'free'],
    ['half a price', makeModel('a/b', {}, { pricing: { prompt: '0.1' } }), 'other'],
    [
      'embeddings, which have no output to pay',
      makeModel('a/b', { in: '0.00000002', out: '0' }, outputs('embeddings')),
      'per-token',
    ],
    ['transcription by the minute', makeModel('openai/whisper-1', { in: '0.006', out: '0' }, outputs('transcription')), 'other'],
    ['transcription by the token', makeModel('a/b', {}, outputs('transcription')), 'per-token'],
    ['speech by the character', makeModel('a/b', { in: '0.000015', out: '0' }, outputs('speech')), 'other'],
  ] as const)('%s', (_, model, kind) => {
    expect(priceKind(model)).toBe(kind);
    expect(isFree(model)).toBe(kind === 'free');
  });
});

describe('filterModels', () => {
  const models = [
    makeModel('anthropic/claude-sonnet-4.5', {}, { name: 'Anthropic: Claude Sonnet 4.5' }),
    makeModel('openai/gpt-4o', {}, { name: 'OpenAI: GPT-4o' }),
    makeModel('qwen/qwen3-coder:free', free, { name: 'Qwen: Qwen3 Coder (free)' }),
  ];

  test.each([
    ['', ['anthropic/claude-sonnet-4.5', 'openai/gpt-4o', 'qwen/qwen3-coder:free']],
    ['CLAUDE', ['anthropic/claude-sonnet-4.5']],
    ['  4o \t gpt ', ['openai/gpt-4o']],
    ['o 4', ['anthropic/claude-sonnet-4.5', 'openai/gpt-4o']],
    ['claude gpt', []],
    ['(free)', ['qwen/qwen3-coder:free']],
    ['.*', []],
  ])('%j', (search, ids) => {
    expect(filterModels(models, { search }).map(({ id }) => id)).toEqual(ids);
  });

  test('free and search combine', () => {
    expect(filterModels(models, { free: true }).map(({ id }) => id)).toEqual(['qwen/qwen3-coder:free']);
    expect(filterModels(models, { free: true, search: 'claude' })).toEqual([]);
  });
});

describe('sortModels', () => {
  const models = [
    makeModel('z/router', { in: '-1', out: '-1' }, { created: 5, context_length: 2_000_000 }),
    makeModel('c/video', free, { ...outputs('video'), created: 50, context_length: 0, top_provider: null }),
    makeModel('b/costly', { in: '0.00001', out: '0.00003' }, { created: 30, context_length: 8000 }),
    makeModel('d/output-costly', { in: '0.000001', out: '0.000009' }, { created: 20, context_length: 1_000_000 }),
    makeModel('A/input-costly', { in: '0.000004', out: '0' }, { created: 40, context_length: 8000 }),
    makeModel('a/free', free, { created: null, context_length: 64_000 }),
    makeModel('a/unpriced', {}, { pricing: {}, created: 10, context_length: 64_001 }),
  ];
  const sorted = (...args: [sort: (typeof MODEL_SORTS)[number], reverse?: boolean]): string[] =>
    sortModels(models, args[0], { reverse: args[1] }).map(({ id }) => id);

  test('price: 3 parts input and 1 part output; models without a price per token come after, variable ones last', () => {
    // Blended per million: input-costly 3.00, output-costly 3.00 (a tie: by id), costly 15.00.
    expect(sorted('price')).toEqual([
      'a/free',
      'A/input-costly',
      'd/output-costly',
      'b/costly',
      'a/unpriced',
      'c/video',
      'z/router',
    ]);
    expect(sorted('price', true)).toEqual([
      'b/costly',
      'A/input-costly',
      'd/output-costly',
      'a/free',
      'a/unpriced',
      'c/video',
      'z/router',
    ]);
  });

  test('context: longest first, unknown last in both directions', () => {
    expect(sorted('context')).toEqual([
      'z/router',
      'd/output-costly',
      'a/unpriced',
      'a/free',
      'A/input-costly',
      'b/costly',
      'c/video',
    ]);
    expect(sorted('context', true).at(-1)).toBe('c/video');
  });

  test('newest first, without a date last in both directions', () => {
    expect(sorted('newest')).toEqual([
      'c/video',
      'A/input-costly',
      'b/costly',
      'd/output-costly',
      'a/unpriced',
      'z/router',
      'a/free',
    ]);
    expect(sorted('newest', true)).toEqual([
      'z/router',
      'a/unpriced',
      'd/output-costly',
      'b/costly',
      'A/input-costly',
      'c/video',
      'a/free',
    ]);
  });

  test('name: by id, ignoring case', () => {
    expect(sorted('name')).toEqual([
      'a/free',
      'A/input-costly',
      'a/unpriced',
      'b/costly',
      'c/video',
      'd/output-costly',
      'z/router',
    ]);
    expect(sorted('name', true)).toEqual(sorted('name').toReversed());
  });

  const anyPrice = fc.constantFrom('-1', '0', '0.0000001', '0.00000010000000000000001', '0.00001', 'x', undefined);
  const anyModel = fc
    .record({
      id: fc.constantFrom('a/a', 'a/b', 'B/c', 'b/C', 'd/d:free', 'é/ü', '~x/y'),
      prompt: anyPrice,
      completion: anyPrice,
      output: fc.constantFrom('text', 'video', 'embeddings'),
      created: fc.constantFrom(1, 2, 2.5, null),
      context: fc.constantFrom(0, 1, 4096, null),
    })
    .map(({ id, prompt, completion, output, created, context }) =>
      makeModel(
        id,
        {},
        { pricing: { prompt, completion }, created, context_length: context, top_provider: null, ...outputs(output) },
      ),
    );

  test.each(MODEL_SORTS)('%s: a permutation, a total order, the same for any initial order', (sort) => {
    fc.assert(
      fc.property(
        fc.uniqueArray(anyModel, { selector: ({ id }) => id }),
        fc.boolean(),
        fc.infiniteStream(fc.nat()),
        (list, reverse, dice) => {
          const once = sortModels(list, sort, { reverse });
          expect(new Set(once)).toEqual(new Set(list));
          expect(once).toHaveLength(list.length);
          expect(sortModels(once, sort, { reverse })).toEqual(once);
          const shuffled = list
            .map((model) => ({ model, at: dice.next().value }))
            .sort((a, b) => a.at - b.at)
            .map(({ model }) => model);
          expect(sortModels(shuffled, sort, { reverse })).toEqual(once);
          // Any two models have the same order as when they are sorted alone.
          for (const [index, model] of once.slice(1).entries())
            expect(sortModels([model, once[index]!], sort, { reverse })).toEqual([once[index], model]);
        },
      ),
      { numRuns: 200 },
    );
  });
});
