import {
  chmodSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  truncateSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { Script } from 'node:vm';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type CodeCacheOptions, openCodeCache } from '../../../src/cli/start/code-cache.ts';
import { tempFolder } from '../../support/temp-home.ts';

const SOURCE = '(function add(one, other) { return one + other; })';
const uid = process.getuid?.();

function optionsIn(folder: string, more: Partial<CodeCacheOptions> = {}): CodeCacheOptions {
  return { folder, target: 'v20 linux x64', command: 'chat', profile: '', uid, ...more };
}

/** Runs a pack as a process does: reads its code, compiles it, writes. Returns whether there was code, and whether V8 accepted it. */
function run(options: CodeCacheOptions, { file = 'chat-1.js', source = SOURCE } = {}): 'none' | 'accepted' | 'rejected' {
  const cache = openCodeCache(options);
  const cachedData = cache.read('chat', file);
  const script = new Script(source, cachedData === undefined ? {} : { cachedData });
  cache.add('chat', script);
  expect((script.runInThisContext() as (one: number, other: number) => number)(1, 2)).toBe(3);
  cache.write();
  return cachedData === undefined ? 'none' : script.cachedDataRejected === true ? 'rejected' : 'accepted';
}

function written(folder: string): string {
  return join(
    folder,
    readdirSync(folder).find((name) => name.endsWith('.bin'))!,
  );
}

describe('the code cache', () => {
  test('has the code of an earlier run', () => {
    const options = optionsIn(join(tempFolder(), 'cache/code'));
    expect(run(options)).toBe('none');
    expect(run(options)).toBe('accepted');
  });

  test('is private', () => {
    const folder = join(tempFolder(), 'code');
    run(optionsIn(folder));
    expect(statSync(folder).mode & 0o777).toBe(0o700);
    expect(statSync(written(folder)).mode & 0o777).toBe(0o600);
  });

  test.each([
    ['another pack', {}, { file: 'chat-2.js' }],
    ['another Node or other flags', { target: 'v24 linux x64' }, {}],
    ['another command', { command: 'usage' }, {}],
  ])('has nothing for %s', (_, more, pack) => {
    const folder = tempFolder();
    run(optionsIn(folder));
    expect(run(optionsIn(folder, more), pack)).toBe('none');
    expect(run(optionsIn(folder, more), pack)).toBe('accepted');
  });

  test('ignores a file of another target that has the name of this one', () => {
    const folder = tempFolder();
    run(optionsIn(folder));
    const path = written(folder);
    writeFileSync(path, readFileSync(path, 'latin1').replace('v20 linux', 'v21 linux'), 'latin1');
    expect(run(optionsIn(folder))).toBe('none');
  });

  test('ignores a file with any changed, missing or added byte', () => {
    const folder = tempFolder();
    run(optionsIn(folder));
    const path = written(folder);
    const bytes = readFileSync(path);
    const damage = fc.oneof(
      fc.record({ at: fc.nat(bytes.length - 1), by: fc.integer({ min: 1, max: 255 }) }).map(({ at, by }) => {
        const changed = Buffer.from(bytes);
        changed[at]! ^= by;
        return changed;
      }),
      fc.nat(bytes.length - 1).map((length) => bytes.subarray(0, length)),
      fc.uint8Array({ minLength: 1, maxLength: 9 }).map((more) => Buffer.concat([bytes, more])),
      fc.uint8Array({ maxLength: 100 }).map((other) => Buffer.from(other)),
      fc.constant(Buffer.alloc(bytes.length)),
    );
    fc.assert(
      fc.property(damage, (damaged) => {
        writeFileSync(path, damaged);
        const code = openCodeCache(optionsIn(folder)).read('chat', 'chat-1.js');
        // A changed byte in the list of profiles changes no code.
        expect(code === undefined || bytes.includes(code)).toBe(true);
      }),
      { numRuns: 500 },
    );
    writeFileSync(path, bytes.subarray(0, 100));
    expect(run(optionsIn(folder))).toBe('none');
    expect(run(optionsIn(folder))).toBe('accepted');
  });

  test('ignores and keeps files of other users, and files and folders that others can write', () => {
    const folder = tempFolder();
    chmodSync(folder, 0o700);
    run(optionsIn(folder));
    const other = uid === undefined ? undefined : uid + 1;
    expect(run(optionsIn(folder, { uid: other }))).toBe(other === undefined ? 'accepted' : 'none');
    if (uid === undefined) return;
    chmodSync(written(folder), 0o620);
    expect(openCodeCache(optionsIn(folder)).read('chat', 'chat-1.js')).toBeUndefined();
    expect(run(optionsIn(folder))).toBe('none');
    expect(run(optionsIn(folder))).toBe('accepted');
    chmodSync(folder, 0o770);
    expect(run(optionsIn(folder))).toBe('none');
    expect(run(optionsIn(folder))).toBe('none');
  });

  test.runIf(process.platform === 'linux')('a folder that cannot exist changes nothing', () => {
    const options = optionsIn('/proc/nothing/cache/code');
    expect(run(options)).toBe('none');
    expect(run(options)).toBe('none');
  });

  test('does not follow a link to a folder', () => {
    const [target, home] = [tempFolder(), tempFolder()];
    chmodSync(target, 0o700);
    const folder = join(home, 'code');
    symlinkSync(target, folder);
    expect(run(optionsIn(folder))).toBe('none');
    expect(run(optionsIn(folder))).toBe('none');
    expect(readdirSync(target)).toEqual([]);
  });

  test('a file or a folder in its place changes nothing', () => {
    const home = tempFolder();
    writeFileSync(join(home, 'code'), 'x');
    expect(run(optionsIn(join(home, 'code')))).toBe('none');
    expect(run(optionsIn(join(home, 'code')))).toBe('none');
    const folder = join(home, 'other');
    run(optionsIn(folder));
    const path = written(folder);
    rmSync(path);
    mkdirSync(path);
    expect(run(optionsIn(folder))).toBe('none');
    expect(readdirSync(folder)).toHaveLength(1);
  });

  test('stops writing code that V8 rejects every time', () => {
    const folder = tempFolder();
    const options = optionsIn(folder);
    // V8 rejects the code of a source of another length.
    const results = Array.from({ length: 8 }, (_, at) => run(options, { source: `${SOURCE}${' '.repeat(at)}` }));
    expect(results.slice(0, 4)).toEqual(['none', 'rejected', 'rejected', 'rejected']);
    expect(results.slice(4)).toEqual(['none', 'none', 'none', 'none']);
  });

  test('adds the functions of each profile once', () => {
    const folder = tempFolder();
    run(optionsIn(folder));
    const first = statSync(written(folder)).ino;
    run(optionsIn(folder));
    expect(statSync(written(folder)).ino).toBe(first);
    run(optionsIn(folder, { profile: '--json' }));
    const bytes = readFileSync(written(folder));
    run(optionsIn(folder));
    run(optionsIn(folder, { profile: '--json' }));
    expect(readFileSync(written(folder)).equals(bytes)).toBe(true);
    for (let count = 0; count < 40; count += 1) run(optionsIn(folder, { profile: `${count}` }));
    expect(/"profiles":(\[.*?\])/.exec(readFileSync(written(folder), 'latin1'))![1]!.split(',')).toHaveLength(8);
  });

  test('keeps at most 80 MB: the files that were written last', () => {
    const folder = tempFolder();
    chmodSync(folder, 0o700);
    for (const [index, name] of ['first', 'second', 'third', 'fourth'].entries()) {
      const path = join(folder, `${name}.bin`);
      writeFileSync(path, '');
      truncateSync(path, 30_000_000);
      utimesSync(path, new Date(), new Date(Date.now() - (10 - index) * 60_000));
    }
    run(optionsIn(folder));
    expect(readdirSync(folder).toSorted()).toEqual([expect.stringMatching(/^chat-/), 'fourth.bin', 'third.bin']);
  });

  test('removes old files of other versions and of killed processes', () => {
    const folder = tempFolder();
    chmodSync(folder, 0o700);
    const days = (count: number): Date => new Date(Date.now() - count * 24 * 60 * 60 * 1000);
    for (const [name, age] of [
      ['old.bin', 40],
      ['new.bin', 10],
      ['killed.tmp', 2],
      ['running.tmp', 0],
    ] as const) {
      writeFileSync(join(folder, name), '');
      utimesSync(join(folder, name), days(age), days(age));
    }
    run(optionsIn(folder));
    expect(
      readdirSync(folder)
        .filter((name) => !name.startsWith('chat-'))
        .toSorted(),
    ).toEqual(['new.bin', 'running.tmp']);
  });
});
