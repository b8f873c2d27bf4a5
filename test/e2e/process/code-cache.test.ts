import { chmodSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { ORX, runOrx, type RunResult } from '../../support/run-orx.ts';
import { tempFolder } from '../../support/temp-home.ts';

/** The default: a folder in the home. */
const env = { ORX_SANDBOX_SPEED: '100000', ORX_CODE_CACHE: '' };
const chat = (home: string, more: Record<string, string> = {}): Promise<RunResult> =>
  runOrx(['--sandbox', 'chat', '-q', 'hi'], { home, isAlone: true, env: { ...env, ...more } });
/** The outcome of a run without compiled code. */
let first: Promise<RunResult> | undefined;
const expected = (): Promise<RunResult> => (first ??= chat(tempFolder()));

const folderOf = (home: string): string => join(home, 'cache/code');
const filesIn = (home: string): string[] => readdirSync(folderOf(home)).toSorted();

describe('the built program', () => {
  test('contains only ASCII in the files that it reads as Latin-1', () => {
    const folder = join(dirname(ORX), '../dist');
    const packs = readdirSync(folder).filter((name) => /^[\w]+-[\da-f]{16}\.js$/.test(name));
    expect(packs.length).toBeGreaterThan(5);
    expect(packs.filter((name) => /[^\0-\x7f]/.test(readFileSync(join(folder, name), 'utf8')))).toEqual([]);
  });

  test('keeps its compiled code, and runs the same with it', async () => {
    expect(await expected()).toMatchObject({ code: 0, signal: null, stderr: '' });
    const home = tempFolder();
    expect(await chat(home)).toEqual(await expected());
    const files = filesIn(home);
    expect(files.some((name) => /^chat-[\da-f]{8}\.bin$/.test(name))).toBe(true);
    const before = files.map((name) => readFileSync(join(folderOf(home), name)));
    expect(await chat(home)).toEqual(await expected());
    expect(files.map((name, index) => before[index]!.equals(readFileSync(join(folderOf(home), name))))).toEqual(
      files.map(() => true),
    );
  });

  test('runs the same with damaged, short and foreign files', async () => {
    const home = tempFolder();
    await chat(home);
    const paths = filesIn(home).map((name) => join(folderOf(home), name));
    const damages: ((bytes: Buffer) => Buffer)[] = [
      (bytes) => bytes.subarray(0, bytes.length / 2),
      (bytes) => Buffer.from(bytes.map((byte, at) => (at > 1000 && at % 1000 === 0 ? byte ^ 0xff : byte))),
      () => Buffer.alloc(0),
      () => readFileSync(process.execPath).subarray(0, 100_000),
    ];
    for (const damage of damages) {
      for (const path of paths) writeFileSync(path, damage(readFileSync(path)));
      expect(await chat(home)).toEqual(await expected());
    }
    // The code of one pack under the name of another.
    const [first = '', second = ''] = paths;
    writeFileSync(first, readFileSync(second));
    expect(await chat(home)).toEqual(await expected());
  });

  test('with other flags of V8 has other files', async () => {
    const home = tempFolder();
    await chat(home);
    const before = filesIn(home);
    const flags = { NODE_OPTIONS: '--max-old-space-size=300' };
    expect(await chat(home, flags)).toEqual(await expected());
    expect(await chat(home, flags)).toEqual(await expected());
    expect(filesIn(home)).toHaveLength(2 * before.length);
  });

  test('runs the same where the folder belongs to everybody, is a file, or cannot be written', async () => {
    const home = tempFolder();
    mkdirSync(folderOf(home), { recursive: true });
    chmodSync(folderOf(home), 0o777);
    expect(await chat(home)).toEqual(await expected());
    expect(filesIn(home)).toEqual([]);
    rmSync(folderOf(home), { recursive: true });
    writeFileSync(folderOf(home), '');
    expect(await chat(home)).toEqual(await expected());
    rmSync(folderOf(home));
    mkdirSync(folderOf(home), { mode: 0o500 });
    expect(await chat(home)).toEqual(await expected());
  });

  test('several at once leave complete files', async () => {
    const home = tempFolder();
    const runs = await Promise.all(Array.from({ length: 4 }, () => chat(home)));
    for (const run of runs) expect(run).toEqual(await expected());
    expect(filesIn(home).filter((name) => !name.endsWith('.bin'))).toEqual([]);
    expect(await chat(home)).toEqual(await expected());
  });

  test('keeps nothing of a command that failed', async () => {
    const home = tempFolder();
    const { code } = await runOrx(['chat', '--no-such-flag'], { home, isAlone: true, env });
    expect(code).toBe(2);
    expect(readdirSync(home)).not.toContain('cache');
  });

  test('keeps it in the folder of ORX_CODE_CACHE, in none of the home', async () => {
    const home = tempFolder();
    const folder = join(tempFolder(), 'code');
    expect(await chat(home, { ORX_CODE_CACHE: folder })).toEqual(await expected());
    expect(readdirSync(folder).length).toBeGreaterThan(0);
    expect(existsSync(folderOf(home))).toBe(false);
  });
});
