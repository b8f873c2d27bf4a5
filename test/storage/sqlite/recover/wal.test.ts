import { copyFileSync, existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import Libsql from 'libsql';
import { expect, test } from 'vitest';
import { readWal } from '../../../../src/storage/sqlite/recover/wal.ts';
import { tempFolder } from '../../../support/temp-home.ts';

const FRAME = 24 + 4096;
const HEADER = 32;

/** Returns a log with several transactions, from a database that was never closed. */
function logOf(transactions = 6): { path: string; bytes: Buffer } {
  const folder = tempFolder();
  const database = new Libsql(join(folder, 'x.db'));
  database.pragma('journal_mode = WAL');
  database.exec('CREATE TABLE t (a TEXT)');
  for (let index = 1; index < transactions; index += 1)
    database.prepare('INSERT INTO t VALUES (?)').run(`${index} ${'x'.repeat(3000)}`);
  const path = join(folder, 'copy-wal');
  copyFileSync(join(folder, 'x.db-wal'), path);
  database.close();
  return { path, bytes: readFileSync(path) };
}

function changed(bytes: Buffer, at: number): string {
  const path = join(tempFolder(), 'changed-wal');
  const copy = Buffer.from(bytes);
  copy[at]! ^= 0x10;
  writeFileSync(path, copy);
  return path;
}

test('an intact log has no problem, and the newest content of each page', () => {
  const { path, bytes } = logOf();
  const wal = readWal(path);
  expect(wal.problem).toBeUndefined();
  const last = bytes.subarray(bytes.length - FRAME);
  expect(wal.pages.get(last.readUInt32BE(0))?.bytes.equals(last.subarray(24))).toBe(true);
  expect(wal.pageCount).toBe(last.readUInt32BE(4));
});

test('a damaged frame is reported, and frames after it are still read', () => {
  const { bytes } = logOf();
  const sound = readWal(logOf().path);
  const frames = (bytes.length - HEADER) / FRAME;
  for (let frame = 0; frame < frames; frame += 1) {
    for (const offset of [1, 9, 17, 21, 24 + 2000]) {
      const wal = readWal(changed(bytes, HEADER + frame * FRAME + offset));
      expect([frame, offset, wal.problem]).toEqual([frame, offset, expect.stringContaining('write-ahead log')]);
      // A damaged frame may be all that is left of the newest transaction.
      expect(frame >= frames - 2 || wal.pages.size >= sound.pages.size - 1).toBe(true);
    }
  }
  for (const offset of [1, 5, 17, 25]) expect(readWal(changed(bytes, offset)).problem).toContain('header');
});

test('leftovers of a killed process are no damage: half a frame, or a frame over those of an older log', () => {
  const { path, bytes } = logOf();
  writeFileSync(path, bytes.subarray(0, bytes.length - 100));
  expect(readWal(path).problem).toBeUndefined();
  writeFileSync(path, bytes.subarray(0, 20));
  expect(readWal(path)).toMatchObject({ problem: undefined, pageCount: undefined });
  // A restarted log has different salts.
  const reused = Buffer.from(bytes);
  for (let at = HEADER + 3 * FRAME; at < reused.length; at += FRAME) reused.fill(7, at + 8, at + 16);
  reused[HEADER + 2 * FRAME + 3000]! ^= 0xff;
  writeFileSync(path, reused);
  expect(readWal(path).problem).toBeUndefined();
  expect(existsSync(`${path}-none`)).toBe(false);
  expect(readWal(`${path}-none`)).toMatchObject({ problem: undefined });
});
