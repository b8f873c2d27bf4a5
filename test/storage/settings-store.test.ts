import { chmodSync, existsSync, mkdirSync, readdirSync, readFileSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { readSettingsFile, type SettingsPlace } from '../../src/storage/settings-file.ts';
import { openSettingsStore } from '../../src/storage/settings-store.ts';
import { tempFolder } from '../support/temp-home.ts';

/** The platform's folder, which belongs to orx alone, and a folder named by ORX_HOME, which may belong to anyone. */
const own = (config: string): SettingsPlace => ({ config, ownsConfig: true });
const foreign = (config: string): SettingsPlace => ({ config, ownsConfig: false });

const modeOf = (path: string): string => (statSync(path).mode & 0o7777).toString(8);
const contents = (folder: string): unknown => JSON.parse(readFileSync(join(folder, 'config.json'), 'utf8'));

test('creates the file for this user alone, in a folder for this user alone, at the first change and not before', async () => {
  const folder = join(tempFolder(), 'deep', 'orx');
  const store = openSettingsStore(own(folder));
  expect(store.get('model')).toBeUndefined();
  expect(existsSync(join(folder, '..'))).toBe(false);
  await store.set('model', 'a/b');
  expect(store.path).toBe(join(folder, 'config.json'));
  expect([modeOf(folder), modeOf(join(folder, '..')), modeOf(store.path)]).toEqual(['700', '700', '600']);
  expect(readdirSync(folder)).toEqual(['config.json']);
});

test('a change makes a file and a folder private that others may read', async () => {
  const folder = tempFolder();
  writeFileSync(join(folder, 'config.json'), '{"model":"a/b"}');
  chmodSync(join(folder, 'config.json'), 0o666);
  chmodSync(folder, 0o777);
  await openSettingsStore(own(folder)).set('zdr', true);
  expect([modeOf(folder), modeOf(join(folder, 'config.json'))]).toEqual(['700', '600']);
  expect(contents(folder)).toEqual({ model: 'a/b', zdr: true });
});

describe('in a folder with a config.json of mode 0644 and 0755', () => {
  const KEY = '{"api-key":"sk-or-v1-x"}';
  const NO_KEY = '{"model":"a/b"}';
  const inFolder = (text: string): string => {
    const folder = tempFolder();
    writeFileSync(join(folder, 'config.json'), text);
    chmodSync(join(folder, 'config.json'), 0o644);
    chmodSync(folder, 0o755);
    return folder;
  };

  test.each([
    ['orx’s own, with a key', own, KEY, ['700', '600']],
    ['orx’s own, without one', own, NO_KEY, ['700', '644']],
    ['anybody’s, with a key', foreign, KEY, ['755', '600']],
    ['anybody’s, without one', foreign, NO_KEY, ['755', '644']],
  ])('%s: reading makes orx’s own files private', (_, place, text, modes) => {
    const folder = inFolder(text);
    expect(readSettingsFile(place(folder))).toEqual(JSON.parse(text));
    expect([modeOf(folder), modeOf(join(folder, 'config.json'))]).toEqual(modes);
  });

  test('a damaged file with a key in it is made private as well', () => {
    const folder = inFolder(`${KEY},`);
    expect(() => readSettingsFile(foreign(folder))).toThrow();
    expect(modeOf(join(folder, 'config.json'))).toBe('600');
  });

  test('in a shared folder, a change keeps the modes until a key is stored', async () => {
    const folder = inFolder(NO_KEY);
    const store = openSettingsStore(foreign(folder));
    await store.set('zdr', true);
    expect([modeOf(folder), modeOf(store.path)]).toEqual(['755', '644']);
    await store.set('api-key', 'sk-or-v1-x');
    expect([modeOf(folder), modeOf(store.path)]).toEqual(['755', '600']);
    await store.delete('api-key');
    expect(modeOf(store.path)).toBe('600');
  });
});

test('a folder that ORX_HOME names and that does not exist is created as private', async () => {
  const folder = join(tempFolder(), 'deep', 'orx');
  await openSettingsStore(foreign(folder)).set('model', 'a/b');
  expect([modeOf(folder), modeOf(join(folder, '..')), modeOf(join(folder, 'config.json'))]).toEqual(['700', '700', '600']);
});

test('a folder that is shared on purpose stays shared, the file in it private', async () => {
  const folder = tempFolder();
  chmodSync(folder, 0o1777);
  await openSettingsStore(own(folder)).set('api-key', 'sk-or-v1-x');
  expect([modeOf(folder), modeOf(join(folder, 'config.json'))]).toEqual(['1777', '600']);
});

test('unknown keys are unchanged', async () => {
  const folder = tempFolder();
  const newer = { 'from-the-future': { deep: [1, null, 'x'] }, __internal__: { a: 1 }, 'a.b': 2, model: 'old' };
  writeFileSync(join(folder, 'config.json'), JSON.stringify(newer));
  const store = openSettingsStore(own(folder));
  await store.set('model', 'new');
  await store.delete('zdr');
  expect(contents(folder)).toEqual({ ...newer, model: 'new' });
});

test.each(['', '{', 'null', '[]', '"text"', '{"model":"a"} trailing', '\u0000\u0000\u0000'])(
  'a file that contains %j is neither read nor overwritten',
  async (text) => {
    const folder = tempFolder();
    const path = join(folder, 'config.json');
    writeFileSync(path, text);
    const refused = expect.objectContaining({
      kind: 'usage',
      message: expect.stringContaining(path),
      hints: [expect.stringContaining('move it away')],
    });
    expect(() => readSettingsFile(own(folder))).toThrow(refused);
    await expect(openSettingsStore(own(folder)).set('model', 'a/b')).rejects.toThrow(refused);
    await expect(openSettingsStore(own(folder)).delete('model')).rejects.toThrow(refused);
    expect(readFileSync(path, 'utf8')).toBe(text);
    expect(readdirSync(folder)).toEqual(['config.json']);
  },
);

test('a byte order mark, as some editors write it, does no harm', async () => {
  const folder = tempFolder();
  writeFileSync(join(folder, 'config.json'), '\ufeff{"model":"a/b"}');
  expect(readSettingsFile(own(folder))).toEqual({ model: 'a/b' });
  await openSettingsStore(own(folder)).set('zdr', true);
  expect(contents(folder)).toEqual({ model: 'a/b', zdr: true });
});

test('removing returns the old value', async () => {
  const folder = tempFolder();
  const store = openSettingsStore(own(folder));
  await store.set('model', 'a/b');
  expect(await store.delete('zdr', 'model')).toEqual(['model']);
  expect(await store.delete('model')).toEqual([]);
  expect(contents(folder)).toEqual({});
});

test('what one process writes the other reads', async () => {
  const folder = tempFolder();
  const store = openSettingsStore(own(folder));
  const key = fc.stringMatching(/^[a-z][a-z.-]{0,12}$/);
  await fc.assert(
    fc.asyncProperty(fc.dictionary(key, fc.jsonValue({ maxDepth: 2 }), { maxKeys: 4, noNullPrototype: true }), async (values) => {
      await store.delete(...Object.keys(readSettingsFile(own(folder))));
      for (const [name, value] of Object.entries(values)) await store.set(name, value);
      // JSON has only one zero.
      const expected = JSON.parse(JSON.stringify(values)) as unknown;
      expect(readSettingsFile(own(folder))).toEqual(expected);
      for (const name of Object.keys(values)) expect(store.get(name)).toEqual((expected as Record<string, unknown>)[name]);
    }),
    { numRuns: 30 },
  );
});

test('many concurrent changes are all stored', async () => {
  const folder = tempFolder();
  const names = Array.from({ length: 40 }, (_, index) => `key-${index}`);
  await Promise.all(names.map((name, index) => openSettingsStore(own(folder)).set(name, index)));
  expect(contents(folder)).toEqual(Object.fromEntries(names.map((name, index) => [name, index])));
});

test('files that a killed process has left next to it are removed: they may contain the key', async () => {
  const folder = tempFolder();
  writeFileSync(join(folder, 'config.json.tmp-1234567890abcdef'), '{"api-key":"sk-or-v1-half');
  await openSettingsStore(own(folder)).delete('api-key');
  expect(readdirSync(folder)).toEqual([]);
});

test('a file that is a link stays one', async () => {
  const folder = tempFolder();
  const stored = join(tempFolder(), 'stored.json');
  writeFileSync(stored, '{}');
  symlinkSync(stored, join(folder, 'config.json'));
  await openSettingsStore(own(folder)).set('model', 'a/b');
  expect(JSON.parse(readFileSync(stored, 'utf8'))).toEqual({ model: 'a/b' });
  expect(modeOf(stored)).toBe('600');
});

test('a file that cannot be read is an error', () => {
  const folder = tempFolder();
  mkdirSync(join(folder, 'config.json'));
  expect(() => readSettingsFile(own(folder))).toThrow(expect.objectContaining({ code: 'settings-unreadable' }));
});

test('a file that cannot be written names the reason, and another way to give a key only for a key', async () => {
  const file = join(tempFolder(), 'file');
  writeFileSync(file, '');
  const folder = join(file, 'orx');
  expect(readSettingsFile(own(folder))).toEqual({});
  const store = openSettingsStore(own(folder));
  const failed = async (key: 'model' | 'api-key'): Promise<unknown> => store.set(key, 'x').catch((error: unknown) => error);
  const message = expect.stringMatching(/cannot write the settings file .*config\.json \(a part of the path is not a folder\)/);
  const folderHint = 'change its permissions, or use another folder: export ORX_HOME=FOLDER';
  expect(await failed('model')).toMatchObject({ kind: 'unexpected', message, code: 'settings-unwritable', hints: [folderHint] });
  expect(await failed('api-key')).toMatchObject({
    message,
    hints: [folderHint, 'use a key without storing it: export OPENROUTER_API_KEY=KEY'],
  });
});
