import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { commandLayers } from '../../../src/core/settings/command-layers.ts';
import { DEFAULTS } from '../../../src/core/settings/layers.ts';
import { parseProjectFile, type ProjectFile, projectFileError } from '../../../src/core/settings/project-settings.ts';
import { resolve } from '../../../src/core/settings/resolve.ts';
import { SETTING_KEYS, type ResolvedSettings } from '../../../src/core/settings/settings.ts';
import type { OrxError } from '../../../src/errors.ts';

const PATH = '/p/.orx.json';

interface Given {
  flags?: Record<string, unknown>;
  env?: Record<string, string>;
  file?: Record<string, unknown>;
}

/** Resolves the settings of a command in a folder with this project file. */
function resolvedIn(text: string, { flags = {}, env = {}, file = {} }: Given = {}): ResolvedSettings {
  const projectFile = (): ProjectFile => {
    try {
      return { path: PATH, values: parseProjectFile(PATH, text) };
    } catch (error) {
      return { path: PATH, fault: error as OrxError };
    }
  };
  return resolve([
    ...commandLayers({ flags, env, file, runKeyCommand: () => '', readKeychain: () => '', projectFile }),
    DEFAULTS,
  ]);
}

const inProject = (values: Record<string, unknown>, given?: Given): ResolvedSettings => resolvedIn(JSON.stringify(values), given);

const CHOICES =
  'model system temperature top-p top-k min-p top-a frequency-penalty presence-penalty repetition-penalty seed stop'.split(' ');
const LIMITS = ['max-tokens', 'max-price', 'confirm-above'];

describe('what a project file may set', () => {
  test('ranks between the environment and a profile', () => {
    const stored = { profile: 'w', temperature: 0.1, profiles: { w: { model: 'a/profile', temperature: 0.2 } } };
    const { values, sources } = inProject({ model: 'a/project' }, { file: stored });
    expect([values.model, values.temperature]).toEqual(['a/project', 0.2]);
    expect(sources.model).toEqual({ source: 'project', name: PATH });
    expect(inProject({ model: 'a/project' }, { env: { ORX_MODEL: 'a/env' } }).values.model).toBe('a/env');
    expect(inProject({ model: 'a/project' }, { flags: { model: 'a/flag' } }).values.model).toBe('a/flag');
  });

  test('values have the types of the settings file', () => {
    const { values } = inProject({ system: 'Be brief.', temperature: '0.5', seed: 7, stop: ['a', 'b,c'], model: null });
    expect([values.system, values.temperature, values.seed, values.stop]).toEqual(['Be brief.', 0.5, 7, '["a","b,c"]']);
    expect(values.model).toBe('deepseek/deepseek-chat');
  });

  test.each(SETTING_KEYS.filter((key) => !CHOICES.includes(key) && !LIMITS.includes(key)))('not %s', (key) => {
    expect(() => parseProjectFile(PATH, JSON.stringify({ model: 'a/b', [key]: 'x' }))).toThrow(
      expect.objectContaining({ kind: 'usage', why: `it must not have ${key}` }),
    );
  });

  test('an error quotes only some of many names', () => {
    const keys = Array.from({ length: 7 }, (_, index) => [String(index).repeat(index === 1 ? 99 : 1), 0]);
    expect(() => parseProjectFile(PATH, JSON.stringify(Object.fromEntries(keys)))).toThrow(
      /it must not have (?:[\w…]{1,41}, ){4}[\w…]{1,41} and 2 others$/,
    );
  });

  test.each([['[]'], ['null'], ['"a"'], ['{'], ['{"a":1}'], ['{"__proto__":{}}'], ['{"constructor":1}'], ['']])(
    'not %s',
    (text) => {
      expect(() => parseProjectFile(PATH, text)).toThrow(expect.objectContaining({ code: 'project-file' }));
    },
  );

  test.each(['ollama:llama3', 'anthropic:claude-sonnet-4-6', 'a/b:online', 'a/b:free:ONLINE'])('not the model %s', (model) => {
    const { values } = inProject({ model });
    expect(() => values.model).toThrow(expect.objectContaining({ code: 'project-file' }));
    expect(inProject({ model }, { flags: { model: 'a/b' } }).values.model).toBe('a/b');
  });
});

describe('limits', () => {
  test.each<[Record<string, unknown>, Record<string, unknown>, unknown]>([
    [{ 'max-tokens': 100 }, {}, 100],
    [{ 'max-tokens': 100 }, { 'max-tokens': 200 }, 100],
    [{ 'max-tokens': 300 }, { 'max-tokens': 200 }, 200],
    [{ 'max-price': '1,9' }, {}, { prompt: '1', completion: '9' }],
    [{ 'max-price': '1,9' }, { 'max-price': '2,3' }, { prompt: '1', completion: '3' }],
    [
      { 'max-price': { prompt: '5', completion: '9' } },
      { 'max-price': { prompt: '2', completion: '3' } },
      { prompt: '2', completion: '3' },
    ],
    [{ 'confirm-above': '0.5' }, {}, '0.5'],
    [{ 'confirm-above': '5' }, {}, '1'],
    [{ 'confirm-above': 5 }, { 'confirm-above': '10' }, '5'],
  ])('%j with the stored %j is %j', (project, file, expected) => {
    const [key] = Object.keys(project) as ['max-tokens'];
    expect(inProject(project, { file }).values[key]).toEqual(expected);
    // The limit of a profile counts like a stored one.
    expect(inProject(project, { flags: { profile: 'p' }, file: { profiles: { p: file } } }).values[key]).toEqual(expected);
  });

  test('a limit that is not lower has the source of the one that applies', () => {
    expect(inProject({ 'max-tokens': 300 }, { file: { 'max-tokens': 200 } }).sources['max-tokens']).toEqual({ source: 'file' });
    expect(inProject({ 'confirm-above': 2 }).sources['confirm-above']).toEqual({ source: 'default' });
  });

  test('a flag may exceed it, because the user typed the flag', () => {
    expect(inProject({ 'max-tokens': 100 }, { flags: { 'max-tokens': '500' } }).values['max-tokens']).toBe(500);
  });

  test('an invalid one is an error when it is read', () => {
    const { values } = inProject({ 'max-tokens': 'many' });
    expect(() => values['max-tokens']).toThrow(`(project file ${PATH})`);
    const stored = inProject({ 'max-tokens': 5 }, { file: { 'max-tokens': 'many' } });
    expect(() => stored.values['max-tokens']).toThrow('(stored setting max-tokens)');
  });
});

describe('a file that cannot be used', () => {
  test('fails when a setting is read that it might have, so that no limit is lost, and nowhere else', () => {
    const projectFile = (): ProjectFile => ({ path: PATH, fault: projectFileError(PATH, 'it is a symbolic link') });
    const { values } = resolve([
      ...commandLayers({ flags: {}, env: {}, file: {}, runKeyCommand: () => '', readKeychain: () => '', projectFile }),
      DEFAULTS,
    ]);
    for (const key of [...CHOICES, ...LIMITS] as 'model'[]) expect(() => values[key]).toThrow('it is a symbolic link');
    expect([values.theme, values['base-url'], values.retries]).toEqual(['auto', 'https://openrouter.ai/api/v1', 2]);
  });

  test('is ignored with the flag, the variable, or a stored setting', () => {
    for (const given of [
      { flags: { 'project-file': false } },
      { env: { ORX_PROJECT_FILE: '0' } },
      { file: { 'project-file': false } },
      { flags: { profile: 'p' }, file: { profiles: { p: { 'project-file': false } } } },
    ]) {
      expect(resolvedIn('{', given).values.model).toBe('deepseek/deepseek-chat');
    }
    const { values } = resolvedIn('{', { flags: { 'project-file': true }, env: { ORX_PROJECT_FILE: '0' } });
    expect(() => values.model).toThrow('not a JSON object');
  });
});

test('whatever the file contains, it changes no other setting and raises no limit', () => {
  const value = fc.oneof(
    fc.string(),
    fc.integer({ min: -5, max: 5000 }),
    fc.boolean(),
    fc.constantFrom('a/b', '1,2', 'strict', 'http://x'),
  );
  const key = fc.oneof(fc.constantFrom(...SETTING_KEYS), fc.string(), fc.constantFrom(...LIMITS));
  const user: Given = {
    file: {
      'api-key': 'sk-user',
      'data-policy': 'strict',
      'max-tokens': 1000,
      'max-price': '2,3',
      'base-url': 'https://a.example',
    },
  };
  const plain = resolvedIn('{}', user).values;
  fc.assert(
    fc.property(fc.dictionary(key, value, { maxKeys: 4 }), (project) => {
      const { values } = inProject(project, user);
      for (const other of SETTING_KEYS.filter((one) => !CHOICES.includes(one) && !LIMITS.includes(one)))
        expect(values[other]).toEqual(plain[other]);
      const limits = LIMITS.map((limit) => readable(() => values[limit as 'max-tokens'] as unknown));
      const [tokens, price, confirm] = limits as [number?, { prompt: string; completion: string }?, string?];
      expect(tokens ?? 0).toBeLessThanOrEqual(1000);
      expect(Number(price?.prompt ?? 0)).toBeLessThanOrEqual(2);
      expect(Number(price?.completion ?? 0)).toBeLessThanOrEqual(3);
      expect(Number(confirm ?? 0)).toBeLessThanOrEqual(1);
    }),
  );
});

function readable(read: () => unknown): unknown {
  try {
    return read();
  } catch {
    return undefined;
  }
}
