import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { openEvaluationFiles } from '../../../src/cli/files/evaluation-files.ts';
import { tempFolder } from '../../support/temp-home.ts';

function files(): string {
  const folder = tempFolder();
  mkdirSync(join(folder, 'set/sub'), { recursive: true });
  writeFileSync(join(folder, 'outside.txt'), 'secret');
  writeFileSync(join(folder, 'set/config.yaml'), 'a');
  writeFileSync(join(folder, 'set/sub/b.txt'), 'b');
  writeFileSync(join(folder, 'set/.hidden.txt'), 'h');
  symlinkSync(join(folder, 'outside.txt'), join(folder, 'set/link.txt'));
  symlinkSync(folder, join(folder, 'set/up'));
  symlinkSync(join(folder, 'set/config.yaml'), join(folder, 'linked.yaml'));
  return folder;
}

test('only files below the folder of the named file are read, links followed', async () => {
  const folder = files();
  const path = join(folder, 'set/config.yaml');
  const source = await openEvaluationFiles({ path });
  expect(await source.readText(path)).toBe('a');
  expect(await source.readText(join(folder, 'set/sub/b.txt'))).toBe('b');
  for (const name of ['set/../outside.txt', 'set/link.txt', 'set/up/outside.txt', '../../../../../../etc/passwd'])
    await expect(source.readText(join(folder, name))).rejects.toMatchObject({
      message: expect.stringContaining('is outside of') as string,
      hints: [expect.stringContaining('--files-below') as string],
    });
  await expect(source.kindOf(join(folder, 'outside.txt'))).rejects.toThrow('outside of');
  await expect(source.glob(folder, '*.txt')).rejects.toThrow('outside of');
  expect(await source.glob(join(folder, 'set'), '**/*.txt')).toEqual([join(folder, 'set/sub/b.txt')]);
  await expect(source.readText(join(folder, 'set/none.txt'))).rejects.toThrow('does not exist');
  await expect(source.readText(join(folder, 'set/sub'))).rejects.toThrow('is a folder');
});

test('a named folder allows more, and a link that the user named is followed', async () => {
  const folder = files();
  const wide = await openEvaluationFiles({ path: join(folder, 'set/config.yaml'), below: folder });
  expect(await wide.readText(join(folder, 'outside.txt'))).toBe('secret');
  const linked = await openEvaluationFiles({ path: join(folder, 'linked.yaml') });
  expect(await linked.readText(join(folder, 'linked.yaml'))).toBe('a');
  await expect(openEvaluationFiles({ path: folder, below: join(folder, 'none') })).rejects.toThrow('does not exist');
});

test('text in UTF-8 and UTF-16 is read without its mark; anything else needs its name', async () => {
  const folder = tempFolder();
  const path = join(folder, 'a.csv');
  const read = async (bytes: Uint8Array, encoding?: string): Promise<string> => {
    writeFileSync(path, bytes);
    return (await openEvaluationFiles({ path, encoding })).readText(path);
  };
  const text = 'fräge,ä\n'.repeat(3);
  expect(await read(Buffer.from(`\uFEFF${text}`))).toBe(text);
  expect(await read(Buffer.from(`\uFEFF${text}`, 'utf16le'))).toBe(text);
  expect(await read(Buffer.from(text, 'utf16le'))).toBe(text);
  expect(await read(Buffer.from(`\uFEFF${text}`, 'utf16le').swap16())).toBe(text);
  expect(await read(Buffer.from(text, 'latin1'), 'latin1')).toBe(text);
  await expect(read(Buffer.from(text, 'latin1'))).rejects.toMatchObject({
    message: expect.stringContaining('line 1') as string,
    hints: [expect.stringContaining('--encoding windows-1252') as string, expect.anything()],
  });
  await expect(read(Buffer.from('a line of text\0 and more of it\n'))).rejects.toThrow('not text');
  await expect(read(Buffer.from(text), 'klingon')).rejects.toThrow('unknown encoding "klingon"');
  await expect(read(Buffer.concat([Buffer.from(text), Buffer.of(0xc3)]))).rejects.toThrow('UTF-8');
});

test('characters that lie across two pieces of a large file stay whole', async () => {
  const path = join(tempFolder(), 'large.txt');
  const text = `x${'ä👍'.repeat(200_000)}`;
  writeFileSync(path, text);
  let read = '';
  for await (const piece of (await openEvaluationFiles({ path })).readPieces(path)) read += piece;
  expect(read).toBe(text);
});
