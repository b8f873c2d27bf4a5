import {
  existsSync,
  chmodSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  statSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { OrxError, type ErrorKind } from '../../src/errors.ts';
import type { BodyVersion } from '../../src/apis/catalogue.ts';
import { decodeCatalogue } from '../../src/apis/openrouter/decode-catalogue.ts';
import { FRESH_FOR_MS, readCatalogue, type ReadingOptions } from '../../src/storage/catalogue-cache.ts';
import { tempFolder } from '../support/temp-home.ts';

const START = 1_780_000_000_000;
const bodyOf = (id: string): string => `\n  ${JSON.stringify({ data: [{ id, name: 'Möbius 漢字\u2028' }] })}\n`;

/** One API and one cache folder, with a clock that the test controls. */
function cacheOf(folder: string, source = 'https://api.example/v1') {
  const state = {
    now: START,
    body: bodyOf('a/one'),
    version: undefined as BodyVersion | undefined,
    known: undefined as BodyVersion | undefined,
    failure: undefined as unknown,
    fetches: 0,
  };
  const read = (options: ReadingOptions = {}) =>
    readCatalogue({
      folder,
      source,
      now: () => state.now,
      decode: decodeCatalogue,
      async fetch(_, known) {
        state.fetches += 1;
        state.known = known;
        if (state.failure !== undefined) throw state.failure;
        if (known !== undefined && known.etag === state.version?.etag) return undefined;
        return { ...decodeCatalogue(state.body), version: state.version };
      },
      ...options,
    });
  const ids = async (options?: ReadingOptions) => (await read(options)).catalogue.models.map(({ id }) => id);
  return { state, read, ids };
}

const failed = (kind: ErrorKind): OrxError => new OrxError(`no ${kind}`, { kind });
const onlyFile = (folder: string): string => {
  const names = readdirSync(folder);
  expect(names).toHaveLength(1);
  return join(folder, names[0]!);
};

describe('the version of the API', () => {
  test('is stored and sent, and an unchanged copy becomes as new as the answer', async () => {
    const folder = tempFolder();
    const { state, read, ids } = cacheOf(folder);
    state.version = { etag: '"v1"', lastModified: 'Wed, 05 Aug 2026 00:00:00 GMT' };
    await ids();
    expect(state.known).toBeUndefined();
    // The server's body changes but its version does not: a cache that trusts the version keeps the copy.
    state.body = bodyOf('a/two');
    state.now += FRESH_FOR_MS;
    expect(await read()).toMatchObject({ ageMs: 0, catalogue: { models: [{ id: 'a/one' }], version: state.version } });
    expect(state.known).toEqual(state.version);
    state.now += FRESH_FOR_MS - 1;
    expect(await ids()).toEqual(['a/one']);
    expect(state.fetches).toBe(2);
    state.version = { etag: '"v2"' };
    expect(await ids({ refresh: true })).toEqual(['a/two']);
    expect(await ids({ refresh: true })).toEqual(['a/two']);
    expect(state.known).toEqual({ etag: '"v2"', lastModified: undefined });
  });

  test('is not sent if the copy is damaged', async () => {
    const folder = tempFolder();
    const { state, ids } = cacheOf(folder);
    state.version = { etag: '"v1"' };
    await ids();
    const path = onlyFile(folder);
    writeFileSync(path, readFileSync(path, 'utf8').slice(0, -12));
    expect(await ids()).toEqual(['a/one']);
    expect([state.fetches, state.known]).toEqual([2, undefined]);
  });
});

describe('offline', () => {
  test('the copy is used at any age, and no request is sent', async () => {
    const { state, ids, read } = cacheOf(tempFolder());
    await ids();
    state.now += 400 * 86_400_000;
    expect(await ids({ offline: true })).toEqual(['a/one']);
    expect(await read({ offline: true, refresh: true })).toMatchObject({ ageMs: 400 * 86_400_000 });
    expect(state.fetches).toBe(1);
  });

  test('without a copy it is an error that says how to get one', async () => {
    const { state, ids } = cacheOf(tempFolder());
    await expect(ids({ offline: true })).rejects.toMatchObject({
      kind: 'network',
      code: 'no-stored-copy',
      hints: [expect.stringContaining('without --offline')],
    });
    expect(state.fetches).toBe(0);
  });
});

describe('a fresh copy', () => {
  test('is used without a request, with its age, and has the exact body', async () => {
    const { state, read } = cacheOf(join(tempFolder(), 'cache'));
    expect(await read()).toMatchObject({ ageMs: 0 });
    state.now += FRESH_FOR_MS - 1;
    const { catalogue, ageMs, staleBecause } = await read();
    expect({ fetches: state.fetches, ageMs, staleBecause }).toEqual({
      fetches: 1,
      ageMs: FRESH_FOR_MS - 1,
      staleBecause: undefined,
    });
    expect(catalogue.body).toBe(state.body);
  });

  test('is replaced when it is no longer fresh, or on request', async () => {
    const { state, ids } = cacheOf(tempFolder());
    await ids();
    state.body = bodyOf('a/two');
    expect(await ids()).toEqual(['a/one']);
    expect(await ids({ refresh: true })).toEqual(['a/two']);
    state.body = bodyOf('a/three');
    state.now += FRESH_FOR_MS;
    expect(await ids()).toEqual(['a/three']);
  });

  test('is separate for each API', async () => {
    const folder = tempFolder();
    const [first, second] = [cacheOf(folder), cacheOf(folder, 'http://127.0.0.1:8080/api/v1')];
    second.state.body = bodyOf('b/other');
    expect([await first.ids(), await second.ids(), await first.ids()]).toEqual([['a/one'], ['b/other'], ['a/one']]);
  });

  test('is in a folder of mode 0700 as a file of mode 0600', async () => {
    const folder = join(tempFolder(), 'deep', 'cache');
    await cacheOf(folder).read();
    expect(statSync(folder).mode & 0o777).toBe(0o700);
    expect(statSync(onlyFile(folder)).mode & 0o777).toBe(0o600);
  });
});

test('written later: the answer is there before the copy', async () => {
  const folder = join(tempFolder(), 'cache');
  const writes: Promise<void>[] = [];
  const { catalogue } = await readCatalogue({
    folder,
    source: 'https://api.example/v1',
    now: () => START,
    decode: decodeCatalogue,
    fetch: async () => decodeCatalogue(bodyOf(`a/one-${'x'.repeat(1_000_000)}`)),
    writeBehind: (write) => writes.push(write),
  });
  expect(catalogue.models).toHaveLength(1);
  expect(existsSync(folder)).toBe(false);
  await Promise.all(writes);
  expect(writes).toHaveLength(1);
  expect(await cacheOf(folder).ids()).toEqual([expect.stringMatching(/^a\/one-x+$/)]);
});

describe('preferStored', () => {
  test('uses a copy of any age, and sends a request if there is none', async () => {
    const { state, ids, read } = cacheOf(tempFolder());
    expect(await ids({ preferStored: true })).toEqual(['a/one']);
    state.now += 400 * 86_400_000;
    expect((await read({ preferStored: true })).ageMs).toBe(400 * 86_400_000);
    expect(state.fetches).toBe(1);
  });
});

describe('when the API fails', () => {
  test.each(['network', 'provider', 'rate-limit'] as const)('%s: the stored copy is used, with the reason', async (kind) => {
    const { state, read } = cacheOf(tempFolder());
    await read();
    state.failure = failed(kind);
    state.now += 3 * 3_600_000;
    const { catalogue, ageMs, staleBecause } = await read();
    expect(catalogue.models[0]?.id).toBe('a/one');
    expect({ ageMs, staleBecause }).toEqual({ ageMs: 3 * 3_600_000, staleBecause: state.failure });
  });

  test.each(['interrupted', 'usage', 'authentication'] as const)('%s: that is the answer', async (kind) => {
    const { state, read } = cacheOf(tempFolder());
    await read();
    state.failure = failed(kind);
    await expect(read({ refresh: true })).rejects.toBe(state.failure);
  });

  test('without a copy the failure is thrown, and an orx bug always', async () => {
    const { state, read } = cacheOf(tempFolder());
    state.failure = failed('network');
    await expect(read()).rejects.toBe(state.failure);
    state.failure = undefined;
    await read();
    state.failure = new TypeError('mistake');
    await expect(read({ refresh: true })).rejects.toBe(state.failure);
  });
});

describe('a clock that jumps', () => {
  test('back: the copy from the future is not fresh, and its age is 0', async () => {
    const { state, read } = cacheOf(tempFolder());
    await read();
    state.now -= 86_400_000;
    await read();
    expect(state.fetches).toBe(2);
    state.now -= 86_400_000;
    state.failure = failed('network');
    expect(await read()).toMatchObject({ ageMs: 0, staleBecause: state.failure });
    expect((await read({ preferStored: true })).ageMs).toBe(0);
  });
});

describe('a damaged copy counts as absent and is replaced', () => {
  const damages: Record<string, (path: string) => void> = {
    'cut in half': (path) => truncateSync(path, Math.floor(statSync(path).size / 2)),
    'cut by a byte of the JSON': (path) => truncateSync(path, statSync(path).size - 3),
    empty: (path) => truncateSync(path, 0),
    'without its first line': (path) => writeFileSync(path, bodyOf('a/old')),
    'of another version': (path) => writeFileSync(path, readFileSync(path, 'utf8').replace('"version":1', '"version":2')),
    'of another API': (path) => writeFileSync(path, readFileSync(path, 'utf8').replace('api.example', 'evil.example')),
    'without a time': (path) => writeFileSync(path, readFileSync(path, 'utf8').replace(/"fetchedAt":\d+/, '"fetchedAt":null')),
    'not text at all': (path) =>
      writeFileSync(path, Buffer.from(Array.from({ length: 4096 }, (_, index) => (index * 7919) % 256))),
    'null on the first line': (path) => writeFileSync(path, `null\n${bodyOf('a/old')}`),
  };

  test.each(Object.keys(damages))('%s', async (name) => {
    const folder = tempFolder();
    const { state, ids } = cacheOf(folder);
    await ids();
    damages[name]!(onlyFile(folder));
    state.body = bodyOf('a/new');
    expect(await ids()).toEqual(['a/new']);
    expect(await ids()).toEqual(['a/new']);
    expect(state.fetches).toBe(2);
    expect(readdirSync(folder)).toHaveLength(1);
  });

  test('a folder in its place', async () => {
    const folder = tempFolder();
    const { ids } = cacheOf(folder);
    await ids();
    const path = onlyFile(folder);
    const blocked = join(tempFolder(), 'cache');
    mkdirSync(join(blocked, path.slice(folder.length + 1)), { recursive: true });
    expect(await cacheOf(blocked).ids()).toEqual(['a/one']);
    expect(readdirSync(blocked)).toHaveLength(1);
  });

  test('a link in its place is replaced, and its target is unchanged', async () => {
    const folder = tempFolder();
    await cacheOf(folder).ids();
    const other = tempFolder();
    const victim = join(other, 'victim');
    writeFileSync(victim, 'precious');
    const linked = join(other, 'cache');
    mkdirSync(linked);
    symlinkSync(victim, join(linked, readdirSync(folder)[0]!));
    expect(await cacheOf(linked).ids()).toEqual(['a/one']);
    expect(readFileSync(victim, 'utf8')).toBe('precious');
  });
});

describe('a read-only location does not lose the answer', () => {
  test('a file where the folder should be', async () => {
    const path = join(tempFolder(), 'file');
    writeFileSync(path, '');
    expect(await cacheOf(path).ids()).toEqual(['a/one']);
  });

  test('a folder without write permission', async () => {
    const folder = tempFolder();
    chmodSync(folder, 0o500);
    try {
      expect(await cacheOf(join(folder, 'cache')).ids()).toEqual(['a/one']);
    } finally {
      chmodSync(folder, 0o700);
    }
  });

  test('a device', async () => {
    expect(await cacheOf('/dev/null').ids()).toEqual(['a/one']);
  });
});

describe('many at once', () => {
  test('readers and writers in one folder: every answer is complete, and so is the final file', async () => {
    const folder = tempFolder();
    const many = Array.from({ length: 24 }, (_, index) => {
      const { state, ids } = cacheOf(folder);
      state.body = bodyOf(`a/number-${index}-${'x'.repeat(200_000)}`);
      return ids({ refresh: true });
    });
    for (const [index, ids] of (await Promise.all(many)).entries()) expect(ids[0]).toMatch(new RegExp(`^a/number-${index}-x+$`));
    const left = await cacheOf(folder).ids({ preferStored: true });
    expect(left[0]).toMatch(/^a\/number-\d+-x{200000}$/);
    expect(readdirSync(folder)).toHaveLength(1);
  });
});
