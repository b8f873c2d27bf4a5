import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { readLines } from '../../../src/storage/files/read-lines.ts';
import { tempFolder } from '../../support/temp-home.ts';

const file = (content: string | Buffer): string => {
  const path = join(tempFolder(), 'lines');
  writeFileSync(path, content);
  return path;
};

test('lines are complete wherever the reads are cut, and without a byte order mark', () => {
  // More than one read of the file, with three-byte characters across every boundary.
  const lines = Array.from({ length: 3000 }, (_, index) => `${index} ${'語'.repeat(index % 90)}`);
  expect([...readLines(file(`\ufeff${lines.join('\n')}\n`))]).toEqual(lines);
});

test('any lines are read as they were written', () => {
  const line = fc.string({ unit: 'grapheme' }).map((text) => text.replaceAll(/[\n\0\ufeff]/g, ''));
  fc.assert(
    fc.property(fc.array(line, { minLength: 1 }), (lines) => {
      const text = lines.join('\n');
      expect([...readLines(file(text))]).toEqual(text === '' ? [] : text.endsWith('\n') ? lines.slice(0, -1) : lines);
    }),
    { numRuns: 30 },
  );
});

test('a line in another encoding is named, whatever precedes it', () => {
  const path = file(Buffer.concat([Buffer.from('plain\n'.repeat(100_000)), Buffer.from('café\n', 'latin1')]));
  expect(() => [...readLines(path)]).toThrow(/is not UTF-8 text \(line 100001\) but looks like Windows-1252/);
});

test('a line that is too long is an error, so that no file of another kind fills the memory', () => {
  expect(() => [...readLines(file('x'.repeat(5 * 1024 * 1024)))]).toThrow(/has a line longer than 4 MB/);
});
