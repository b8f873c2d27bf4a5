import { expect, test } from 'vitest';
import { pageTitle, titleReason } from '../../src/text/page-title.ts';

test.each([
  ['<!doctype html><title>Not found</title>', 'Not found'],
  ['\n<html><head>\n<TITLE lang="en">  502\n Bad   Gateway </TITLE>', '502 Bad Gateway'],
  ['<html><body>no title</body></html>', undefined],
  ['<html><title> </title></html>', undefined],
  ['The tag is written <title>so</title>', undefined],
  ['', undefined],
])('the title of %j', (page, title) => expect(pageTitle(page)).toBe(title));

test('a very long title is cut between characters, and one far down is not searched', () => {
  expect(pageTitle(`<title>${'a'.repeat(199)}😀${'b'.repeat(99)}</title>`)).toBe(`${'a'.repeat(199)}…`);
  expect(pageTitle(`<html>${' '.repeat(20_000)}<title>late</title>`)).toBeUndefined();
});

test('as the reason of an error', () => {
  expect(titleReason('<title>Log in</title>')).toBe('its title is "Log in"');
  expect(titleReason('{"a":1}')).toBeUndefined();
});
