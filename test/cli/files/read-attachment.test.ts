import { execFileSync } from 'node:child_process';
import { mkdirSync, symlinkSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { beforeEach, describe, expect, test } from 'vitest';
import { imageSize } from '../../../src/cli/files/image-size.ts';
import { readFileText, readImageSize } from '../../../src/cli/files/read-attachment.ts';
import { tempFolder } from '../../support/temp-home.ts';

const hex = (text: string): Buffer => Buffer.from(text.replaceAll(/\s/g, ''), 'hex');
const PNG = Buffer.concat([hex('89504e470d0a1a0a 0000000d 49484452 00000280 000001e0 0802000000'), Buffer.alloc(8)]);
const GIF = Buffer.concat([Buffer.from('GIF89a'), hex('8002 e001 f70000'), Buffer.alloc(8)]);
const webp = (kind: string, rest: string): Buffer =>
  Buffer.concat([Buffer.from('RIFF'), hex('24000000'), Buffer.from(`WEBP${kind}`), hex('18000000'), hex(rest), Buffer.alloc(16)]);
// With a comment, an embedded preview, and a table before the frame.
const JPEG = Buffer.concat([
  hex('ffd8 ffe0 0010 4a46494600010101006000600000'),
  hex('ffe1 0008 ffc000110801'),
  hex('ffff fe 0004 6869 ffc4 0005 010203'),
  hex('ffc2 0011 08 01e0 0280 03 011100 021100 031100'),
]);

describe('imageSize', () => {
  test.each([
    ['PNG', PNG],
    ['GIF', GIF],
    ['JPEG', JPEG],
    ['WebP, extended', webp('VP8X', '00000000 7f0200 df0100')],
    ['WebP, lossless', webp('VP8L', '2f 7fc27700')],
    ['WebP, lossy', webp('VP8 ', '300100 9d012a 8002 e001')],
  ])('%s', (_, bytes) => expect(imageSize(bytes)).toEqual({ width: 640, height: 480 }));

  test.each([
    ['nothing', Buffer.alloc(0)],
    ['text', Buffer.from('a text of some length, and no image at all')],
    ['a PNG of no size', Buffer.concat([PNG.subarray(0, 16), Buffer.alloc(16)])],
    ['a cut JPEG', JPEG.subarray(0, 30)],
    ['a JPEG whose segments have no length', hex('ffd8 ffe0 0000 ffe0 0000')],
    ['a BMP', Buffer.concat([Buffer.from('BM'), Buffer.alloc(60)])],
  ])('%s has none', (_, bytes) => expect(imageSize(bytes)).toBeUndefined());

  test('any bytes, and any cut of an image, are handled without a throw', () => {
    fc.assert(
      fc.property(
        fc.constantFrom(PNG, GIF, JPEG, webp('VP8X', '00')),
        fc.nat(60),
        fc.uint8Array({ maxLength: 60 }),
        (bytes, cut, more) => {
          const size = imageSize(Buffer.concat([bytes.subarray(0, cut), more]));
          expect(size === undefined || (size.width > 0 && size.height > 0)).toBe(true);
        },
      ),
    );
  });
});

describe('files', () => {
  let made = '';
  beforeEach(() => void (made = tempFolder()));
  const folder = (): string => made;
  const file = (name: string, content: Buffer | string): string => {
    writeFileSync(join(folder(), name), content);
    return join(folder(), name);
  };

  test('text is returned unchanged, also through a link', async () => {
    const path = file('text', 'grüße\n');
    symlinkSync(path, join(folder(), 'link'));
    expect(await readFileText(path)).toBe('grüße\n');
    expect(await readFileText(join(folder(), 'link'))).toBe('grüße\n');
    expect(await readFileText(file('empty', ''))).toBe('');
    expect(await readFileText(file('long', 'word '.repeat(400_000)))).toHaveLength(2_000_000);
  });

  test('an image has its size', async () => {
    expect(await readImageSize(file('a.png', PNG))).toEqual({ width: 640, height: 480 });
  });

  test.each<[string, Buffer | string, RegExp]>([
    ['zero bytes', Buffer.from([65, 0, 66]), /is not text: it contains zero bytes/],
    ['a PDF', '%PDF-1.4\nsome', /providers price PDF files differently/],
    ['an image as text', JPEG, /is an image, not text/],
    ['another encoding', Buffer.from('grüße über straßen', 'latin1'), /is not UTF-8 text \(line 1\) but looks like Windows-1252/],
  ])('%s fails with the reason', async (name, content, reason) => {
    await expect(readFileText(file(name.replaceAll(' ', '-'), content))).rejects.toMatchObject({
      kind: 'usage',
      message: expect.stringMatching(reason) as string,
    });
  });

  test('anything but a file is not read: a folder, a device, a pipe without a writer, nothing', async () => {
    mkdirSync(join(folder(), 'dir'));
    execFileSync('sh', ['-c', 'mkfifo "$1"', 'sh', join(folder(), 'fifo')]);
    for (const [path, reason] of [
      [join(folder(), 'dir'), 'is a folder'],
      ['/dev/zero', 'is a device or a pipe, not a file'],
      [join(folder(), 'fifo'), 'is a device or a pipe, not a file'],
      [join(folder(), 'absent'), 'does not exist'],
    ] as const) {
      for (const read of [readFileText, readImageSize]) {
        await expect(read(path)).rejects.toMatchObject({ kind: 'usage', message: `${path} ${reason}` });
      }
    }
  });

  test('a file that is too large fails before it is read', async () => {
    const path = file('huge', '');
    truncateSync(path, 40 * 1024 ** 3);
    await expect(readFileText(path)).rejects.toThrow('is larger than 64 MB');
    await expect(readImageSize(path)).rejects.toThrow('is larger than 64 MB');
  });

  test('no image', async () => {
    await expect(readImageSize(file('notes.txt', 'hello'))).rejects.toThrow('is not a supported image');
  });
});
