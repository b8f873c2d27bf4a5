import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { createSettingsReader } from '../../../src/cli/services/settings-reader.ts';
import { templateLayer } from '../../../src/core/settings/layers.ts';
import { tempFolder } from '../../support/temp-home.ts';

function open() {
  const config = tempFolder();
  const secrets: string[] = [];
  let commands = 0;
  const reader = createSettingsReader({
    place: { config, ownsConfig: true },
    env: { OPENROUTER_MANAGEMENT_KEY: 'sk-or-v1-managing' },
    secrets,
    selection: {},
    projectFile: () => undefined,
    runKeyCommand: () => `sk-or-v1-${(commands += 1)}`,
    readKeychain: () => 'sk-or-v1-keychain',
  });
  return { ...reader, secrets, store: (text: string) => writeFileSync(join(config, 'config.json'), text) };
}

test('the same flags give the same settings, so that a key command runs once', () => {
  const { resolveSettings, store } = open();
  store('{"key-command":"pass show openrouter"}');
  const flags = { model: 'a/b' };
  expect(resolveSettings(flags)).toBe(resolveSettings(flags));
  expect([resolveSettings(flags), resolveSettings(flags)].map(({ values }) => values['api-key'])).toEqual([
    'sk-or-v1-1',
    'sk-or-v1-1',
  ]);
  // Other flags are not the same settings, even if they are equal.
  expect(resolveSettings({ model: 'c/d' }).values.model).toBe('c/d');
});

test('a change of the settings file is seen, also by another program', () => {
  const { file, resolveSettings, store } = open();
  const flags = {};
  store('{"model":"a/b"}');
  expect(resolveSettings(flags).values.model).toBe('a/b');
  store('{"model":"c/d"}');
  expect(file()).toEqual({ model: 'c/d' });
  expect(resolveSettings(flags).values.model).toBe('c/d');
});

test('a template below the flags applies to this call only', () => {
  const { resolveSettings, store } = open();
  store('{"model":"a/b"}');
  const flags = {};
  const model = (...below: Parameters<typeof resolveSettings>[1][]) => resolveSettings(flags, ...below).values.model;
  expect([model(), model(templateLayer('t', { model: 'c/d' })), model()]).toEqual(['a/b', 'c/d', 'a/b']);
});

test('the keys of all sources are secrets', () => {
  const { resolveSettings, secrets, store } = open();
  store(
    '{"api-key":" sk-or-v1-stored ","profiles":{"work":{"api-key":"sk-or-v1-work"}},"vendors":{"x":{"key":"sk-vendor"},"y":1}}',
  );
  resolveSettings({});
  expect(secrets).toEqual(expect.arrayContaining(['sk-or-v1-managing', 'sk-or-v1-stored', 'sk-or-v1-work', 'sk-vendor']));
});
