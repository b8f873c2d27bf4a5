import { readdirSync, readFileSync, statSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { decodeCatalogue } from '../../src/apis/openrouter/decode-catalogue.ts';
import { FRESH_FOR_MS, freshCopyOf, readCatalogue } from '../../src/storage/catalogue-cache.ts';
import { readKeptList, writeKeptList } from '../../src/storage/kept-list.ts';
import { tempFolder } from '../support/temp-home.ts';

const ORIGIN = { source: 'https://api.example/v1', fetchedAt: 1_780_000_000_000, maker: '1.0.0 0 0' };
const LIST = { text: 'model  in $/M\nmöbius/漢字  0.27\n', count: 1, total: 2 };

test('a list is read with exactly the origin with which it was written, and is private', () => {
  const folder = join(tempFolder(), 'cache');
  expect(readKeptList(folder, ORIGIN)).toBe(undefined);
  writeKeptList(folder, ORIGIN, LIST);
  expect(readKeptList(folder, ORIGIN)).toEqual(LIST);
  for (const other of [{ source: 'https://other.example/v1' }, { fetchedAt: ORIGIN.fetchedAt + 1 }, { maker: '1.0.1 0 0' }])
    expect(readKeptList(folder, { ...ORIGIN, ...other })).toBe(undefined);
  const [name = ''] = readdirSync(folder);
  expect(statSync(join(folder, name)).mode & 0o777).toBe(0o600);
  writeKeptList(folder, { ...ORIGIN, fetchedAt: 2 }, LIST);
  expect(readdirSync(folder)).toEqual([name]);
});

test('a file that is cut or changed in its length at any place, or is not one, counts as missing', () => {
  const folder = tempFolder();
  writeKeptList(folder, ORIGIN, LIST);
  const path = join(folder, readdirSync(folder)[0]!);
  const whole = readFileSync(path);
  for (let length = 0; length < whole.length; length += 1) {
    writeFileSync(path, whole);
    truncateSync(path, length);
    expect(readKeptList(folder, ORIGIN)).toBe(undefined);
  }
  for (const content of ['', 'null\n', '[]\n', '{}\ntext', `${whole.toString()}x`]) {
    writeFileSync(path, content);
    expect(readKeptList(folder, ORIGIN)).toBe(undefined);
  }
});

test('the time of a fresh copy comes from its first line, and identifies the copy', async () => {
  const folder = tempFolder();
  const { source } = ORIGIN;
  let now = ORIGIN.fetchedAt;
  const copy = { folder, source, now: () => now };
  expect(freshCopyOf(copy)).toBe(undefined);
  const body = JSON.stringify({ data: [{ id: 'a/one' }] });
  const read = () => readCatalogue({ ...copy, decode: decodeCatalogue, fetch: async () => decodeCatalogue(body) });
  expect((await read()).fetchedAt).toBe(undefined);
  now += FRESH_FOR_MS - 1;
  expect(freshCopyOf(copy)).toBe(ORIGIN.fetchedAt);
  expect((await read()).fetchedAt).toBe(ORIGIN.fetchedAt);
  expect(freshCopyOf({ ...copy, source: 'https://other.example/v1' })).toBe(undefined);
  now += 1;
  expect(freshCopyOf(copy)).toBe(undefined);
  now = ORIGIN.fetchedAt - 1;
  expect(freshCopyOf(copy)).toBe(undefined);
});
