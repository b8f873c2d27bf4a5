import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { commandLayers } from '../../../src/core/settings/command-layers.ts';
import { DEFAULTS, templateLayer } from '../../../src/core/settings/layers.ts';
import { selectedProfile, storedProfiles } from '../../../src/core/settings/profiles.ts';
import { resolve } from '../../../src/core/settings/resolve.ts';
import { settingRows } from '../../../src/core/settings/rows.ts';
import type { ResolvedSettings } from '../../../src/core/settings/settings.ts';

interface Given {
  flags?: Record<string, unknown>;
  env?: Record<string, string>;
  file?: Record<string, unknown>;
  template?: Record<string, string>;
  run?: (command: string) => string;
  readKeychain?: (account: string) => string;
}

const noCommand = (command: string): never => {
  throw new Error(`unexpected: ${command}`);
};

function resolved({
  flags = {},
  env = {},
  file = {},
  template,
  run = noCommand,
  readKeychain = noCommand,
}: Given): ResolvedSettings {
  const below = template === undefined ? [] : [templateLayer('t', template)];
  return resolve([...commandLayers({ flags, below, env, file, runKeyCommand: run, readKeychain }), DEFAULTS]);
}

const WORK = { model: 'work/model', 'api-key': 'sk-work', temperature: 0.1 };
const file = { 'api-key': 'sk-stored', model: 'stored/model', 'top-p': 0.5, profiles: { work: WORK, empty: {} } };

describe('the order of the sources', () => {
  test('flag, template, environment, profile, file, default: the first with a value wins', () => {
    fc.assert(
      fc.property(fc.uniqueArray(fc.constantFrom('flag', 'template', 'environment', 'profile', 'file')), (sources) => {
        const has = (source: string): boolean => sources.includes(source as never);
        const { values, sources: of } = resolved({
          flags: { profile: 'work', ...(has('flag') && { model: 'a/flag' }) },
          ...(has('template') && { template: { model: 'a/template' } }),
          env: has('environment') ? { ORX_MODEL: 'a/environment' } : {},
          file: { ...(has('file') && { model: 'a/file' }), profiles: { work: has('profile') ? { model: 'a/profile' } : {} } },
        });
        const first = ['flag', 'template', 'environment', 'profile', 'file'].find(has);
        expect(values.model).toBe(first === undefined ? 'deepseek/deepseek-chat' : `a/${first}`);
        expect(of.model.source).toBe(first ?? 'default');
        expect(of.model.name).toBe(first === 'profile' ? 'work' : first === 'environment' ? 'ORX_MODEL' : undefined);
      }),
    );
  });

  test('what the profile does not hold comes from the settings file', () => {
    const { values, sources } = resolved({ file: { ...file, profile: 'work' } });
    expect([values.model, values.temperature, values['top-p'], values.profile]).toEqual(['work/model', 0.1, 0.5, 'work']);
    expect(sources['top-p']).toEqual({ source: 'file' });
    expect(resolved({ file: { ...file, profile: 'empty' } }).values['api-key']).toBe('sk-stored');
  });

  test('a typed profile brings its key, whatever the environment has; a selected one leaves that key', () => {
    const env = { OPENROUTER_API_KEY: 'sk-env' };
    expect(resolved({ flags: { profile: 'work' }, env, file }).values['api-key']).toBe('sk-work');
    expect(resolved({ flags: { profile: 'work' }, env, file }).sources['api-key']).toEqual({ source: 'profile', name: 'work' });
    expect(resolved({ env: { ...env, ORX_PROFILE: 'work' }, file }).values['api-key']).toBe('sk-env');
    expect(resolved({ flags: { profile: 'empty' }, env, file }).values['api-key']).toBe('sk-env');
    // Only the key: other variables win over the profile.
    expect(resolved({ flags: { profile: 'work' }, env: { ORX_MODEL: 'a/env' }, file }).values.model).toBe('a/env');
  });

  test('the reasoning of a profile replaces the other kind of reasoning in the file', () => {
    const stored = {
      'reasoning-tokens': 5,
      sandbox: true,
      profiles: { work: { effort: 'low', 'base-url': 'https://a.example' } },
    };
    const { values } = resolved({ flags: { profile: 'work' }, file: stored });
    expect([values.effort, values['reasoning-tokens'], values.sandbox]).toEqual(['low', undefined, false]);
  });
});

describe('the selected profile', () => {
  test.each([
    [
      { typed: 'a', env: { ORX_PROFILE: 'b' }, stored: 'c' },
      { name: 'a', source: 'flag' },
    ],
    [
      { typed: undefined, env: { ORX_PROFILE: 'b' }, stored: 'c' },
      { name: 'b', source: 'environment' },
    ],
    [
      { typed: undefined, env: { ORX_PROFILE: ' ' }, stored: 'c' },
      { name: 'c', source: 'file' },
    ],
    [
      { typed: undefined, env: {}, stored: 7 },
      { name: 'default', source: 'default' },
    ],
  ])('%j: %j', ({ typed, env, stored }, expected) => {
    expect(selectedProfile(typed, env, { profile: stored })).toEqual(expected);
  });

  test('default is the stored settings alone', () => {
    const { values, sources } = resolved({ flags: { profile: 'default' }, file: { ...file, profile: 'work' } });
    expect([values.model, values.profile, sources.model.source]).toEqual(['stored/model', 'default', 'file']);
  });

  test('an unknown one is an error with the known names', () => {
    expect(() => resolved({ flags: { profile: 'wrok' }, file })).toThrow(
      expect.objectContaining({
        kind: 'usage',
        message: 'unknown profile "wrok"',
        hints: [
          'did you mean work? There is default, empty, work',
          'create it: orx profile set NAME',
          'use none: orx profile use default',
        ],
      }),
    );
    expect(() => resolved({ env: { ORX_PROFILE: '__proto__' }, file })).toThrow('unknown profile');
    expect(() => resolved({ file: { profile: 'x' } })).toThrow(
      expect.objectContaining({ hints: ['create it: orx profile set NAME', 'use none: orx profile use default'] }),
    );
  });

  test.each([[undefined], [null], ['text'], [['a']], [{ work: 'text', other: null }]])('%j has no profiles', (profiles) => {
    expect(storedProfiles({ profiles }).size).toBe(0);
  });
});

describe('values of a profile', () => {
  test('an invalid one fails when it is read, and the error names the profile and the fix', () => {
    const { values } = resolved({ flags: { profile: 'p' }, file: { profiles: { p: { temperature: 9, 'api-key': 'a b' } } } });
    expect(values.model).toBe('deepseek/deepseek-chat');
    expect(() => values.temperature).toThrow(
      expect.objectContaining({
        message: expect.stringContaining('(profile p)'),
        hints: ['remove it: orx profile unset p temperature'],
      }),
    );
    expect(() => values['api-key']).toThrow(expect.objectContaining({ message: expect.not.stringContaining('a b') }));
  });

  test('no profile chooses a profile, permits to lower the policy, or has its own aliases', () => {
    const own = { profile: 'other', 'allow-data-collection': true, aliases: { a: 'b/c' }, favorites: ['a/b'] };
    const { values } = resolved({ flags: { profile: 'p' }, file: { profiles: { p: own } } });
    expect([values.profile, values['allow-data-collection'], values.aliases, values.favorites]).toEqual([
      'p',
      false,
      undefined,
      undefined,
    ]);
  });
});

describe('the data policy', () => {
  const of = (given: Given): unknown => resolved(given).values['data-policy'];

  test('a profile raises the stored one and does not lower it', () => {
    const strict = { profiles: { p: { 'data-policy': 'strict', zdr: true } } };
    expect(of({ flags: { profile: 'p' }, file: strict })).toBe('strict');
    const lax = { 'data-policy': 'strict', zdr: true, profiles: { p: { 'data-policy': 'standard', zdr: false } } };
    const { values } = resolved({ flags: { profile: 'p' }, file: lax });
    const error = (key: string, value: string) =>
      expect.objectContaining({
        kind: 'usage',
        message: `the stored ${key} is ${value}, and a profile can only raise it`,
        hints: [`remove it from the profile: orx profile unset p ${key}`, `lower it for all commands: orx config unset ${key}`],
      });
    expect(() => values['data-policy']).toThrow(error('data-policy', 'strict'));
    expect(() => values.zdr).toThrow(error('zdr', 'true'));
    // Even if the file permits flags to lower it.
    expect(() => of({ flags: { profile: 'p' }, file: { ...lax, 'allow-data-collection': true } })).toThrow('only raise it');
  });

  test('what a profile raises, a flag only lowers with --allow-data-collection', () => {
    const file = { profiles: { p: { 'data-policy': 'strict' } } };
    const flags = { profile: 'p', 'data-policy': 'standard' };
    expect(() => resolved({ flags, file })).toThrow('a flag or template can only raise it');
    expect(of({ flags: { ...flags, 'allow-data-collection': true }, file })).toBe('standard');
  });
});

describe('a key in the system keychain', () => {
  const read: string[] = [];
  const readKeychain = (account: string): string => {
    read.push(account);
    return `sk-of-${account}`;
  };
  const stored = { 'api-key': { keychain: 'main' }, 'key-command': 'x', profiles: { p: { 'api-key': { keychain: 'own' } } } };

  test('is read when it is used, once, and only if no better source has a key', () => {
    read.length = 0;
    const main = resolved({ file: stored, readKeychain });
    expect(main.sources['api-key']).toEqual({ source: 'keychain' });
    const rows = settingRows(main, () => 'masked');
    expect(rows.find(({ key }) => key === 'api-key')).toEqual({
      key: 'api-key',
      value: '(in the system keychain)',
      source: 'keychain',
    });
    expect(resolved({ file: stored, env: { OPENROUTER_API_KEY: 'sk-env' }, readKeychain }).values['api-key']).toBe('sk-env');
    expect(read).toEqual([]);
    expect([main.values['api-key'], main.values['api-key']]).toEqual(['sk-of-main', 'sk-of-main']);
    expect(resolved({ flags: { profile: 'p' }, file: stored, readKeychain }).values['api-key']).toBe('sk-of-own');
    expect(read).toEqual(['main', 'own']);
  });

  test.each([{}, { keychain: '' }, { keychain: 7 }, { other: 'main' }])('%j is not one', (key) => {
    const { values } = resolved({ file: { 'api-key': key }, readKeychain });
    expect(() => values['api-key']).toThrow(expect.objectContaining({ kind: 'usage' }));
  });
});

describe('key-command', () => {
  const commands: string[] = [];
  const run = (command: string): string => {
    commands.push(command);
    return `sk-of-${command}\n`;
  };

  test('runs when the key is read, and only if no better source has one', () => {
    const stored = { 'key-command': 'stored', profiles: { p: { 'key-command': 'own' }, q: { 'api-key': 'sk-q' } } };
    commands.length = 0;
    const { values, sources } = resolved({ file: stored, run });
    expect([values.model, commands]).toEqual(['deepseek/deepseek-chat', []]);
    expect([values['api-key'], commands]).toEqual(['sk-of-stored', ['stored']]);
    expect(sources['api-key']).toEqual({ source: 'command' });
    expect(resolved({ flags: { profile: 'p' }, file: stored, run }).values['api-key']).toBe('sk-of-own');
    expect(resolved({ flags: { profile: 'q' }, file: stored }).values['api-key']).toBe('sk-q');
    expect(resolved({ file: { ...stored, 'api-key': 'sk-stored' } }).values['api-key']).toBe('sk-stored');
    expect(resolved({ env: { OPENROUTER_KEY: 'sk-env' }, file: stored }).values['api-key']).toBe('sk-env');
  });

  test('a listing of the settings does not run it', () => {
    const rows = settingRows(resolved({ file: { 'key-command': 'pass x' } }), () => '…');
    expect(rows.find(({ key }) => key === 'api-key')).toEqual({
      key: 'api-key',
      value: '(printed by key-command)',
      source: 'command',
    });
  });

  test('an output that cannot be a key is an error without the output', () => {
    const { values } = resolved({ file: { 'key-command': 'x' }, run: () => 'two words' });
    expect(() => values['api-key']).toThrow(expect.objectContaining({ message: expect.not.stringContaining('two words') }));
  });
});
