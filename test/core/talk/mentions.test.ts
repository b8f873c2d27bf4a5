import { describe, expect, test } from 'vitest';
import { mentionsOf, mentionText, openMention } from '../../../src/core/talk/mentions.ts';
import { pathCandidates, splitPath } from '../../../src/core/talk/path-candidates.ts';

describe('what a message mentions', () => {
  test.each<[string, readonly [path: string, bare: string][]]>([
    ['read @a.txt', [['a.txt', 'a.txt']]],
    [
      '(see @src/b.ts), and @a.txt.',
      [
        ['src/b.ts),', 'src/b.ts'],
        ['a.txt.', 'a.txt'],
      ],
    ],
    ['@"with blanks.md" twice @"with blanks.md"', [['with blanks.md', 'with blanks.md']]],
    ['me@mail.example and @ alone', []],
    ['line\n@~/x', [['~/x', '~/x']]],
    ['@https://host.example/a?b=1', [['https://host.example/a?b=1', 'https://host.example/a?b=1']]],
  ])('%j', (text, expected) => {
    expect(mentionsOf(text)).toEqual(expected.map(([path, bare]) => ({ path, bare })));
  });

  test.each([
    ['look at @src/c', { start: 8, typed: 'src/c' }],
    ['@', { start: 0, typed: '' }],
    ['@"a b', { start: 0, typed: 'a b' }],
    ['@done ', undefined],
    ['me@mail', undefined],
  ])('%j is being typed', (text, expected) => expect(openMention(text)).toEqual(expected));

  test.each([
    ['a/b.ts', '@a/b.ts'],
    ['a b', '@"a b"'],
    ['end.', '@"end."'],
    ['a"b', undefined],
    ['a\nb', undefined],
    ['\u001b[2J', undefined],
  ])('%j as a mention', (path, expected) => expect(mentionText(path)).toBe(expected));
});

describe('paths that may be meant', () => {
  const ENTRIES = ['.git', 'notes', 'Notes.md', 'my notes', 'other', 'a"b'].map((name) => ({ name, isFolder: name === 'notes' }));
  const inserts = (typed: string): string[] => pathCandidates(typed, ENTRIES).map(({ insert }) => insert);

  test('begin like what is typed, then hold it; hidden ones behind a dot; none that would not read back', () => {
    expect(inserts('no')).toEqual(['@notes/', '@Notes.md ', '@"my notes" ']);
    expect(inserts('x/.')).toEqual(['@x/.git ', '@x/Notes.md ']);
    expect(inserts('')).toEqual(['@notes/', '@Notes.md ', '@"my notes" ', '@other ']);
  });

  test('one that stands there in full is known for it', () => {
    expect(pathCandidates('notes', ENTRIES).map(({ label, isTyped }) => [label, isTyped])).toEqual([
      ['notes/', true],
      ['Notes.md', false],
      ['my notes', false],
    ]);
  });

  test.each([
    ['a/b/c', { folder: 'a/b/', base: 'c' }],
    ['c', { folder: '', base: 'c' }],
    ['~/', { folder: '~/', base: '' }],
  ])('%j', (typed, expected) => expect(splitPath(typed)).toEqual(expected));
});
