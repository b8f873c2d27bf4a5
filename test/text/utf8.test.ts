import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { likelyEncoding, wideEncoding } from '../../src/text/likely-encoding.ts';
import { notUtf8, utf8Text } from '../../src/text/utf8.ts';

const hex = (text: string): Buffer => Buffer.from(text, 'hex');
const latin1 = (text: string): Buffer => Buffer.from(text, 'latin1');
const utf16 = (text: string): Buffer => Buffer.from(text, 'utf16le');
const FILE = { name: 'notes.txt', path: 'notes.txt' };

test('any UTF-8 text is read unchanged, without a leading byte order mark', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'grapheme' }), fc.boolean(), (given, isMarked) => {
      const text = given.replaceAll(/\0|^\ufeff+/g, '');
      expect(utf8Text(FILE, Buffer.from((isMarked ? '\ufeff' : '') + text))).toBe(text);
    }),
  );
});

describe('the likely encoding', () => {
  test.each([
    ['WINDOWS-1252', latin1('café naïve')],
    ['WINDOWS-1252', latin1('Grüße')],
    ['WINDOWS-1252', latin1(`${'a long page of plain words '.repeat(100)} and one é in it`)],
    ['WINDOWS-1252', hex('69749273')],
    ['MACINTOSH', hex('636166 8e206e6195 7665'.replaceAll(' ', ''))],
    ['SHIFT_JIS', hex('82b182f182c982bf82cd90a28a45')],
    ['EUC-JP', hex('c6fccbdcb8eca4cea5c6a5ada5b9a5c8')],
    ['GB18030', hex('b4edcef3a3bacec4bcfeb2bbb4e6d4da')],
    ['BIG5', hex('b36fac4fa440add3b4fab8d5')],
    ['EUC-KR', hex('bec8b3e7c7cfbcbcbfe4')],
    ['WINDOWS-1251', hex('cff0e8e2e5f22c20ece8f0')],
    ['KOI8-R', hex('efdbc9c2cbc1')],
    ['WINDOWS-1250', hex('5a61bff3b3e62067ea9c6cb9206a619ff1')],
    ['WINDOWS-1253', hex('cae1ebe7ecddf1e120eafcf3ece5')],
  ])('%s', (iconv, bytes) => expect(likelyEncoding(bytes)?.iconv).toBe(iconv));

  test.each([
    ['UTF-16', utf16('\ufeffhello')],
    ['UTF-16', utf16('\ufeffhello').swap16()],
    ['UTF-16LE', utf16('hello, world')],
    ['UTF-16BE', utf16('hello, world').swap16()],
    ['UTF-16LE', utf16('Привет, мир. 2026')],
    ['UTF-32', hex('fffe00006800000069000000')],
    ['UTF-32LE', hex('68000000690000000a000000')],
  ])('%s by its mark or its zero bytes', (name, bytes) => expect(wideEncoding(bytes)?.name).toBe(name));

  test('words between zero bytes are not UTF-16', () => {
    expect(wideEncoding(Buffer.from('a\0list\0of\0file\0names\0'))).toBeUndefined();
  });
});

describe('text that is not UTF-8 is an error', () => {
  test.each<[string, Buffer, string, string]>([
    [
      'another encoding, with the line and a command for the file',
      latin1('one\ntwo\ncafé\n'),
      'notes.txt is not UTF-8 text (line 3) but looks like Windows-1252 (Western European)',
      'convert it: iconv -f WINDOWS-1252 -t UTF-8 notes.txt > converted.txt',
    ],
    [
      'UTF-16',
      utf16('\ufeffhello'),
      'notes.txt is not UTF-8 text but looks like UTF-16',
      'convert it: iconv -f UTF-16 -t UTF-8 notes.txt > converted.txt',
    ],
    [
      'a character that was cut at the end',
      Buffer.from('naïve café').subarray(0, -1),
      'notes.txt contains invalid UTF-8 (line 1)',
      'drop the invalid bytes: iconv -c -f UTF-8 -t UTF-8 notes.txt > converted.txt',
    ],
    ['zero bytes', hex('41004242430044'), 'notes.txt is not text: it contains zero bytes', 'convert it to text first'],
  ])('%s', (_name, bytes, message, hint) => {
    expect(() => utf8Text(FILE, bytes)).toThrow(expect.objectContaining({ kind: 'usage', message, hints: [hint] }) as Error);
  });

  test('a name with special characters is quoted for the shell, and a pipe gets a command for a pipe', () => {
    const path = "it's here.txt";
    expect(notUtf8({ name: path, path }, latin1('é')).hints[0]).toContain(String.raw`UTF-8 'it'\''s here.txt' >`);
    expect(notUtf8({ name: 'standard input' }, latin1('é')).hints[0]).toContain(
      'cat FILE | iconv -f WINDOWS-1252 -t UTF-8 | orx chat',
    );
  });
});
