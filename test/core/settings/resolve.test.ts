import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { settingText } from '../../../src/core/settings/setting-text.ts';
import { resolved } from '../../support/settings.ts';
import {
  DEFAULTS,
  environmentLayer,
  fileLayer,
  flagLayer,
  type SettingLayer,
  templateLayer,
} from '../../../src/core/settings/layers.ts';
import { checkSettings, resolve } from '../../../src/core/settings/resolve.ts';
import { SETTING_KEYS, SETTINGS, type SettingKey } from '../../../src/core/settings/settings.ts';
import type { SettingSpec } from '../../../src/core/settings/spec.ts';

/** Two different valid texts for each setting; the third is a list or pair as in the file. */
const SAMPLES: Partial<Record<SettingKey, readonly [string, string, string]>> = {
  'base-url': ['https://a.example/v1', 'https://b.example/v1', 'https://c.example/v1'],
  proxy: ['http://a:1', 'http://b:1', 'socks5://c:1'],
  temperature: ['0.1', '0.2', '0.3'],
  'max-tokens': ['1', '2', '3'],
  'route-by': ['price', 'latency', 'throughput'],
  'min-throughput': ['1', '2', '3'],
  'max-latency': ['1', '2', '3'],
  'max-price': ['1,2', '3,4', '5,6'],
  'data-policy': ['strict', 'standard', 'strict'],
  'top-p': ['0.1', '0.2', '0.3'],
  'top-k': ['1', '2', '3'],
  'min-p': ['0.1', '0.2', '0.3'],
  'top-a': ['0.1', '0.2', '0.3'],
  'frequency-penalty': ['1', '-1', '2'],
  'presence-penalty': ['1', '-1', '2'],
  'repetition-penalty': ['1', '0', '2'],
  seed: ['1', '2', '3'],
  effort: ['low', 'high', 'max'],
  verbosity: ['low', 'medium', 'high'],
  modalities: ['text', 'image', 'text,audio'],
  'audio-format': ['wav', 'mp3', 'flac'],
  'service-tier': ['auto', 'flex', 'fast'],
  quantization: ['fp8', 'bf16', 'int4'],
  'logit-bias': ['1=2', '3=4', '5=6,7=8'],
  'reasoning-tokens': ['1', '2', '3'],
  blend: ['1:1', '2:1', '4:1'],
  'confirm-above': ['2', '3', '0.5'],
  aliases: ['a=b/c', 'd=e/f', 'g=h/i,j=k/l'],
  'connect-timeout': ['1', '2', '3'],
  'first-byte-timeout': ['1', '2', '3'],
  'idle-timeout': ['1', '2', '3'],
  'stall-timeout': ['1', '2', '3'],
  'retry-max-time': ['1', '2', '3'],
  retries: ['1', '3', '4'],
  theme: ['dark', 'light', 'none'],
  'max-steps': ['1', '3', '4'],
  'tool-timeout': ['1', '2', '3'],
  'tool-output': ['10000', '20000', '30000'],
  width: ['80', '90', '100'],
};
const isSwitch = (key: SettingKey): boolean => typeof (SETTINGS[key] as SettingSpec<unknown>).default === 'boolean';
const samples = (key: SettingKey): readonly [string, string, string] =>
  SAMPLES[key] ?? (isSwitch(key) ? ['true', 'false', 'true'] : ['one', 'two', 'three']);

/** Those of which the highest layer with a value wins. The headers of all layers apply: headers.test.ts. */
const KEYS = SETTING_KEYS.filter((key) => key !== 'headers');

test.each(KEYS)('the samples of %s are valid values', (key) => {
  const [one, other, stored] = samples(key).map((text) => settingText((SETTINGS[key] as SettingSpec<unknown>).parse(text)));
  expect([one, stored]).not.toContain(other);
});

const arbitrarySetting = fc.record({
  key: fc.constantFrom(...KEYS),
  hasFlag: fc.boolean(),
  variables: fc.array(fc.constantFrom('set', 'empty', 'unset'), { minLength: 2, maxLength: 2 }),
  stored: fc.constantFrom('parsed', 'text', 'null', 'unset'),
});

test('flag, then environment, then file, then default, with the source', () => {
  fc.assert(
    fc.property(arbitrarySetting, ({ key, hasFlag, variables, stored }) => {
      const spec = SETTINGS[key] as SettingSpec<unknown>;
      const [flagText, envText, fileText] = samples(key);
      const flags = hasFlag ? { [key]: isSwitch(key) ? flagText === 'true' : flagText } : {};
      const names = (spec.env ?? []).map((name, index) => ({ name, state: variables[index] }));
      const env = Object.fromEntries(
        names.filter(({ state }) => state !== 'unset').map(({ name, state }) => [name, state === 'set' ? envText : '']),
      );
      const file = { unset: {}, null: { [key]: null }, text: { [key]: fileText }, parsed: { [key]: spec.parse(fileText) } }[
        stored
      ];

      const { values, sources } = resolved({ flags, env, file });

      const variable = names.find(({ state }) => state === 'set')?.name;
      const byStrength = [
        hasFlag && spec.flags !== undefined && [spec.parse(flagText), { source: 'flag' }],
        variable !== undefined && [spec.parse(envText), { source: 'environment', name: variable }],
        (stored === 'text' || stored === 'parsed') && [spec.parse(fileText), { source: 'file' }],
        [spec.default, { source: 'default' }],
      ];
      expect([values[key], sources[key]]).toEqual(byStrength.find((expected) => expected !== false));
    }),
    { numRuns: 1000 },
  );
});

test('a key is never read from a flag', () => {
  const { values, sources } = resolved({ flags: { 'api-key': 'sk-or-v1-typed' }, env: {}, file: {} });
  expect(values['api-key']).toBeUndefined();
  expect(sources['api-key']).toEqual({ source: 'default' });
});

test('an invalid value is an error that names its source, and how to fix a stored one', () => {
  expect(() => resolved({ flags: { temperature: 'hot' }, env: {}, file: {} })).toThrow(/"hot" \(flag --temperature\)/);
  const { values } = resolved({ flags: {}, env: { ORX_RETRIES: 'x' }, file: { temperature: 9 } });
  expect(() => values.retries).toThrow(/"x" \(environment variable ORX_RETRIES\)/);
  expect(() => values.temperature).toThrow(
    expect.objectContaining({ kind: 'usage', hints: [expect.stringContaining('orx config unset temperature')] }),
  );
});

test('an invalid value that is not read is ignored, but an invalid flag is an immediate error', () => {
  const inputs = { env: { ORX_RETRIES: 'x' }, file: { temperature: 9, model: 'a/b' } };
  const { values, sources, unparsed } = resolved({ flags: { 'max-tokens': '5' }, ...inputs });
  expect([values.model, values['max-tokens'], values.zdr]).toEqual(['a/b', 5, false]);
  expect([sources.retries, sources.temperature]).toEqual([{ source: 'environment', name: 'ORX_RETRIES' }, { source: 'file' }]);
  expect(unparsed).toEqual({ retries: 'x', temperature: 9, model: 'a/b' });
  expect(() => checkSettings(values, ['model', 'zdr'])).not.toThrow();
  expect(() => checkSettings(values, ['model', 'temperature'])).toThrow(/temperature must be/);
  expect(() => resolved({ flags: { 'max-tokens': 'many' }, ...inputs })).toThrow(/flag --max-tokens/);
});

test('a value is parsed once, however often it is read', () => {
  const { values } = resolved({ flags: {}, env: {}, file: { fallback: ['a', 'b'] } });
  expect(values.fallback).toBe(values.fallback);
  expect(Object.keys(values)).toEqual(SETTING_KEYS);
});

test.each([
  ['an object where a word belongs', 'model', { a: 1 }],
  ['objects in a list', 'fallback', [{ a: 1 }]],
  ['a list in a list', 'only', [['a']]],
  ['prices that are objects', 'max-price', { prompt: {}, completion: 1 }],
])('a file edited by hand with %s is an error', (_, key, value) => {
  const { values } = resolved({ flags: {}, env: {}, file: { [key]: value } });
  expect(() => values[key as SettingKey]).toThrow(/stored setting/);
});

test('a file edited by hand may have a list as comma-separated text, a number as text, prices as numbers', () => {
  const { values } = resolved({
    flags: {},
    env: {},
    file: { fallback: 'a, b', 'max-tokens': '12', 'max-price': { prompt: 0.5, completion: 1.5 }, zdr: 'yes' },
  });
  expect(values).toMatchObject({
    fallback: ['a', 'b'],
    'max-tokens': 12,
    'max-price': { prompt: '0.5', completion: '1.5' },
    zdr: true,
  });
});

test('keys of a newer orx in the file are ignored', () => {
  const { values } = resolved({ flags: {}, env: {}, file: { 'from-the-future': { deep: [1] }, __proto__: 1 } });
  expect(() => checkSettings(values, SETTING_KEYS)).not.toThrow();
});

test('a value as text is what `config set` accepts', () => {
  expect(settingText(['a', 'b'])).toBe('a,b');
  expect(settingText({ prompt: '0.5', completion: '1.5' })).toBe('0.5,1.5');
  expect(settingText(false)).toBe('false');
  expect(settingText(0.7)).toBe('0.7');
});

test('layers of any number and order: the first with a value wins', () => {
  const project: SettingLayer = {
    source: 'file',
    find: (key) => (key === 'model' || key === 'effort' ? { value: `project ${key}` } : undefined),
  };
  const { values, sources } = resolve([
    flagLayer({ 'top-k': '5' }),
    templateLayer('review', { model: 'a/template', stream: 'false', 'top-k': '7' }),
    project,
    environmentLayer({ ORX_MODEL: 'a/environment' }),
    DEFAULTS,
  ]);
  expect([values.model, values.effort, values['top-k'], values.stream, values.retries]).toEqual([
    'a/template',
    'project effort',
    5,
    false,
    2,
  ]);
  expect([sources.model, sources.effort, sources['top-k'], sources.retries]).toEqual(
    ['template', 'file', 'flag', 'default'].map((source) => ({ source })),
  );
});

test('an invalid value of a template is an immediate error with its name', () => {
  expect(() => resolve([flagLayer({}), templateLayer('review', { 'top-k': 'many' }), DEFAULTS])).toThrow(
    /"many" \(template review\)/,
  );
});

test.each([
  ['a flag excludes what is stored', { effort: 'high' }, {}, ['high', undefined]],
  ['a template excludes what is stored', {}, { effort: 'low' }, ['low', undefined]],
  ['a flag excludes what its template says', { 'reasoning-tokens': '5' }, { effort: 'low' }, [undefined, 5]],
  ['what is stored excludes nothing', {}, {}, ['max', 100]],
])('%s', (_, flags, template, expected) => {
  const stored = fileLayer({ effort: 'max', 'reasoning-tokens': 100 });
  const { values } = resolve([flagLayer(flags), templateLayer('one', template), stored, DEFAULTS]);
  expect([values.effort, values['reasoning-tokens']]).toEqual(expected);
});

describe('the stored data policy is the least protection', () => {
  const file = { 'data-policy': 'strict', zdr: true };
  const policyOf = (flags: Readonly<Record<string, unknown>>, stored: Readonly<Record<string, unknown>> = file) => {
    const { values } = resolved({ flags, env: {}, file: stored });
    return [values['data-policy'], values.zdr];
  };

  test('a flag raises it, and lowers it only with --allow-data-collection', () => {
    expect(policyOf({ 'data-policy': 'strict', zdr: true }, {})).toEqual(['strict', true]);
    expect(policyOf({})).toEqual(['strict', true]);
    expect(() => policyOf({ 'data-policy': 'standard' })).toThrow(/the stored data-policy is strict/);
    expect(() => policyOf({ zdr: false })).toThrow(/the stored zdr is true/);
    expect(policyOf({ 'data-policy': 'standard', 'allow-data-collection': true })).toEqual(['standard', false]);
    expect(policyOf({ 'allow-data-collection': true })).toEqual(['standard', false]);
    expect(policyOf({ 'data-policy': 'strict', 'allow-data-collection': true })).toEqual(['strict', false]);
  });

  test('a stored permission lets flags lower it, and lowers nothing by itself', () => {
    const permitted = { ...file, 'allow-data-collection': true };
    expect(policyOf({}, permitted)).toEqual(['strict', true]);
    expect(policyOf({ 'data-policy': 'standard', zdr: false }, permitted)).toEqual(['standard', false]);
    expect(() => policyOf({ zdr: false, 'allow-data-collection': false }, permitted)).toThrow(/the stored zdr/);
  });

  test('a template neither lowers it nor permits that', () => {
    const layersWith = (template: Record<string, string>): SettingLayer[] => [
      flagLayer({}),
      templateLayer('review', template),
      fileLayer(file),
      DEFAULTS,
    ];
    expect(() => resolve(layersWith({ 'data-policy': 'standard', 'allow-data-collection': 'true' }))).toThrow(
      /the stored data-policy/,
    );
    expect(resolve(layersWith({ 'allow-data-collection': 'true' })).values['data-policy']).toBe('strict');
  });
});
