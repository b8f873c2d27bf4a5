import { execFile } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';
import { openPromptFile } from '../../src/storage/prompt-history.ts';
import { bundleWorker } from '../support/bundle-worker.ts';
import { tempFolder } from '../support/temp-home.ts';

test('stores typed prompts with their lines, for this user alone', () => {
  const folder = join(tempFolder(), 'data');
  const file = openPromptFile(folder, 10);
  expect(file.read()).toEqual([]);
  for (const text of ['one', 'two\nlines \u001b[2J', '']) file.add(text);
  expect(openPromptFile(folder, 2).read()).toEqual(['two\nlines \u001b[2J', '']);
  expect(statSync(join(folder, 'prompts.jsonl')).mode & 0o777).toBe(0o600);
});

test('a torn line affects no other, and anything but a prompt is skipped', () => {
  const folder = tempFolder();
  writeFileSync(join(folder, 'prompts.jsonl'), '"whole"\n{"not":"one"}\n"torn by a ki');
  const file = openPromptFile(folder, 10);
  file.add('next');
  expect(file.read()).toEqual(['whole', 'next']);
});

test('a file that grew too long is cut to the newest prompts, and a pasted file is not stored', () => {
  const folder = tempFolder();
  const file = openPromptFile(folder, 3);
  for (let index = 0; index < 7; index += 1) file.add(`prompt ${index}`);
  file.add('x'.repeat(40_000));
  expect(file.read()).toEqual(['prompt 4', 'prompt 5', 'prompt 6']);
  expect(readFileSync(join(folder, 'prompts.jsonl'), 'utf8')).toBe('"prompt 4"\n"prompt 5"\n"prompt 6"\n');
});

test('a read-only location does not stop orx', () => {
  const folder = tempFolder();
  mkdirSync(join(folder, 'prompts.jsonl'));
  const file = openPromptFile(folder, 3);
  file.add('lost');
  expect(file.read()).toEqual([]);
  expect(existsSync(join(folder, 'prompts.jsonl.next'))).toBe(false);
});

test('several processes add to it and shorten it at once, and no new prompt is lost', { timeout: 120_000 }, async () => {
  const [folder, home] = [tempFolder(), tempFolder()];
  const worker = await bundleWorker('prompt-worker', home);
  const names = ['a', 'b', 'c', 'd'];
  // Together they exceed the limit of the file, so it is rewritten repeatedly.
  await Promise.all(names.map((name) => promisify(execFile)(process.execPath, [worker, folder, name, '30', '30000'])));
  const matches = new Set(
    openPromptFile(folder, 10_000)
      .read()
      .map((line) => line.split(' ', 2).join(' ')),
  );
  expect(
    names.flatMap((name) => Array.from({ length: 30 }, (_, index) => `${name} ${index}`)).filter((line) => !matches.has(line)),
  ).toEqual([]);
  expect(readdirSync(folder)).toEqual(['prompts.jsonl']);
});
