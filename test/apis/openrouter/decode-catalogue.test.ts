import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { decimalText } from '../../../src/decimal.ts';
import { OrxError } from '../../../src/errors.ts';
import type { Catalogue } from '../../../src/apis/catalogue.ts';
import { decodeCatalogue, decodeEndpoint, decodeModel } from '../../../src/apis/openrouter/decode-catalogue.ts';
import { decodePricing } from '../../../src/apis/openrouter/decode-pricing.ts';
import { wireModel } from '../../support/catalogue.ts';

const body = (...data: unknown[]): string => JSON.stringify({ data });

function attempt(text: string): unknown {
  try {
    return decodeCatalogue(text);
  } catch (error) {
    return error;
  }
}

function failure(text: string): OrxError {
  const error = attempt(text);
  if (error instanceof OrxError) return error;
  throw new Error('no OrxError', { cause: error });
}

describe('decodeCatalogue', () => {
  test('keeps the body unchanged, including white space and the byte order mark', () => {
    const text = `\ufeff\n  ${body(wireModel('a/b'))}\n`;
    const catalogue = decodeCatalogue(text);
    expect(catalogue.body).toBe(text);
    expect(catalogue.models.map(({ id }) => id)).toEqual(['a/b']);
  });

  test('skips entries without an id and keeps the others', () => {
    const { models } = decodeCatalogue(
      body(null, 7, 'x', [], {}, { id: null }, { id: '' }, { id: 5 }, wireModel('a/b'), { id: 'c' }),
    );
    expect(models.map(({ id }) => id)).toEqual(['a/b', 'c']);
  });

  test.each([
    ['', 'provider'],
    ['{"data":{}}', 'provider'],
    ['{"data":[', 'provider'],
    ['[]', 'provider'],
    ['null', 'provider'],
    ['not json', 'provider'],
    ['<!doctype html><html><body>Sign in to the hotel network</body></html>', 'network'],
    ['\n\n<html></html>', 'network'],
  ])('%j is not a catalogue: kind %s', (text, kind) => {
    const error = failure(text);
    expect(error.kind).toBe(kind);
    expect(error.hints.join()).toContain('base-url');
  });

  test('an error object instead of a catalogue is reported', () => {
    expect(failure('{"error":{"message":"Internal Server Error","code":500}}').message).toContain('Internal Server Error');
  });

  test('never throws anything but an OrxError, for any JSON', () => {
    fc.assert(
      fc.property(
        fc.oneof(
          fc.json(),
          fc.array(fc.jsonValue()).map((data) => JSON.stringify({ data })),
        ),
        (text) => {
          expect(attempt(text)).toSatisfy(
            (outcome) =>
              outcome instanceof OrxError || (outcome as Catalogue).models.every(({ id, name }) => id !== '' && name !== ''),
          );
        },
      ),
    );
  });
});

describe('decodeModel', () => {
  test('reads every field', () => {
    const wire = wireModel(
      'a/b',
      {},
      {
        canonical_slug: 'a/b-2026',
        description: 'says much',
        alias_target: { slug: 'a/c', name: 'C' },
        expiration_date: '2026-12-31',
      },
    );
    expect(decodeModel(wire)).toMatchObject({
      id: 'a/b',
      canonicalSlug: 'a/b-2026',
      name: 'Author: a/b',
      description: 'says much',
      created: 1_780_000_000,
      contextLength: 131_072,
      maxCompletionTokens: 16_384,
      inputModalities: ['text'],
      outputModalities: ['text'],
      supportedParameters: ['temperature'],
      aliasTarget: 'a/c',
      expirationDate: '2026-12-31',
    });
    expect(decodeModel(wire)?.wire).toBe(wire);
  });

  test('an id alone is enough', () => {
    expect(decodeModel({ id: 'a/b' })).toMatchObject({ name: 'a/b', inputModalities: [], pricing: { overrides: [] } });
  });

  test.each([
    ['context_length', 0, 'contextLength'],
    ['context_length', null, 'contextLength'],
    ['context_length', '131072', 'contextLength'],
    ['created', -1, 'created'],
    ['created', 1e300, 'created'],
    ['created', '2026-01-01', 'created'],
    ['expiration_date', 'soon', 'expirationDate'],
    ['canonical_slug', 5, 'canonicalSlug'],
  ] as const)('%s %j counts as absent', (key, value, name) => {
    expect(decodeModel({ ...wireModel('a/b'), top_provider: null, [key]: value })?.[name]).toBeUndefined();
  });

  test('the context of the top provider replaces a missing one', () => {
    expect(decodeModel(wireModel('a/b', {}, { context_length: 0 }))?.contextLength).toBe(131_072);
  });

  test('modalities come from the lists, otherwise from the short form', () => {
    const short = { architecture: { modality: 'text+image->text', input_modalities: null } };
    expect(decodeModel(wireModel('a/b', {}, short))).toMatchObject({
      inputModalities: ['text', 'image'],
      outputModalities: ['text'],
    });
  });

  test('texts stay exact: nothing is escaped here', () => {
    const name = '\u001b]0;owned\u0007\u202e';
    expect(decodeModel(wireModel('a/b', {}, { name }))?.name).toBe(name);
  });
});

describe('decodePricing', () => {
  test.each([
    ['0.00000027', '0.00000027'],
    ['0.00000008333333333333334', '0.00000008333333333333334'],
    ['0.0000006000000000000001', '0.0000006000000000000001'],
    ['1e-7', '0.0000001'],
    [1e-7, '0.0000001'],
    [0, '0'],
    ['0', '0'],
    [' 0.5 ', '0.5'],
  ])('%j is exactly %s', (price, text) => {
    const { prompt } = decodePricing({ prompt: price });
    expect(typeof prompt === 'object' ? decimalText(prompt) : prompt).toBe(text);
  });

  test.each(['-1', -1, '-0.5'])('%j varies', (price) => {
    expect(decodePricing({ completion: price }).completion).toBe('varies');
  });

  test.each(['', 'free', '0x10', 'NaN', 'Infinity', null, true, [], {}, '1e999999', `0.${'1'.repeat(80)}`])(
    '%j is not a price',
    (price) => {
      expect(decodePricing({ prompt: price })).toEqual({ overrides: [] });
    },
  );

  test('every exact decimal text is preserved', () => {
    fc.assert(
      fc.property(fc.bigInt({ min: 1n, max: 10n ** 20n }), fc.integer({ min: 0, max: 25 }), (digits, places) => {
        const padded = digits.toString().padStart(places + 1, '0');
        const whole = padded.slice(0, padded.length - places);
        const fraction = padded.slice(padded.length - places).replace(/0+$/, '');
        const text = fraction === '' ? whole : `${whole}.${fraction}`;
        const { prompt } = decodePricing({ prompt: text });
        expect(typeof prompt === 'object' && decimalText(prompt)).toBe(text);
      }),
    );
  });

  const overrides = (...list: unknown[]): readonly unknown[] => decodePricing({ prompt: '1', overrides: list }).overrides;

  test('reads the conditions of an override and its prices', () => {
    const [one] = overrides({
      min_prompt_tokens: 200_000,
      utc_start: 930,
      utc_end: 2400,
      utc_days: ['Monday', 'friday'],
      prompt: '2',
      input_cache_write_1h: '3',
    });
    expect(one).toMatchObject({
      minPromptTokens: 200_000,
      utcStartMinute: 570,
      utcEndMinute: 1440,
      utcDays: ['monday', 'friday'],
    });
    expect(one).toHaveProperty('prices.prompt');
  });

  test.each([
    [{ region: 'eu', prompt: '2' }],
    [{ max_prompt_tokens: 5, prompt: '2' }],
    [{ weekdays: ['monday'], prompt: '2' }],
    [{ min_prompt_tokens: 'many', prompt: '2' }],
    [{ min_prompt_tokens: -1, prompt: '2' }],
    [{ utc_start: 2460, prompt: '2' }],
    [{ utc_end: 2401, prompt: '2' }],
    [{ utc_days: ['someday'], prompt: '2' }],
    [{ utc_days: 'monday', prompt: '2' }],
    [null],
    ['2'],
  ])('%j is skipped: its condition cannot be evaluated', (override) => {
    expect(overrides(override)).toEqual([]);
  });

  test('an unknown price and a null condition are no reason to skip it', () => {
    expect(overrides({ min_prompt_tokens: 5, utc_start: null, thinking_tokens: '0.5', prompt: '2' })).toHaveLength(1);
  });
});

describe('decodeEndpoint', () => {
  test('reads the available fields', () => {
    const wire = {
      provider_name: 'Novita',
      tag: 'novita/fp8',
      context_length: 64_000,
      quantization: 'fp8',
      uptime_last_30m: 99.8,
      pricing: { prompt: '1' },
    };
    expect(decodeEndpoint(wire)).toMatchObject({
      providerName: 'Novita',
      tag: 'novita/fp8',
      contextLength: 64_000,
      uptimeLast30m: 99.8,
      wire,
    });
    expect(decodeEndpoint({ provider_name: 'Novita', tag: null, uptime_last_30m: null })).toMatchObject({
      tag: 'Novita',
      uptimeLast30m: undefined,
    });
  });

  test.each([null, 'x', {}, { pricing: {} }])('%j is not an endpoint', (wire) => {
    expect(decodeEndpoint(wire)).toBeUndefined();
  });
});
