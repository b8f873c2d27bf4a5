import { describe, expect, test } from 'vitest';
import { mentionsOf, mentionText, openMention } from '../../../src/core/session/mentions.ts';
import { pathCandidates, splitPath } from '../../../src/core/session/path-candidates.ts';

describe('mentions in a message', () => {
  test.each<[string, readonly (readonly string[])[]]>([
    ['read @a.txt', [['a.txt']]],
    [
      '(see @src/b.ts), and @a.txt.',
      [
        ['src/b.ts),', 'src/b.ts)', 'src/b.ts'],
        ['a.txt.', 'a.txt'],
      ],
    ],
    ['@app/[id]/page.tsx?', [['app/[id]/page.tsx?', 'app/[id]/page.tsx']]],
    [
      "@notes.md's and @todo.md，",
      [
        ["notes.md's", 'notes.md'],
        ['todo.md，', 'todo.md'],
      ],
    ],
    ['@"with blanks.md" twice @"with blanks.md"', [['with blanks.md'], ['with blanks.md']]],
    ['me@mail.example and @ alone', []],
    ['line\n@~/x', [['~/x']]],
    [`@${'x'.repeat(5000)}`, []],
    ['@https://host.example/a?b=1', [['https://host.example/a?b=1']]],
  ])('%j', (text, expected) => {
    const mentions = mentionsOf(text);
    expect(mentions.map(({ names }) => names)).toEqual(expected);
    for (const { start, end } of mentions) expect(text.slice(start, end)).toMatch(/^@\S|^@"[^"]+"$/);
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

describe('suggested paths', () => {
  const PATHS = [
    '.env',
    'notes/',
    'notes/.hidden',
    'notes/deep/',
    'notes/deep/pool.md',
    'Notes.md',
    'my notes',
    'other',
    'a"b',
    'src/task-attach.ts',
  ];
  const inserts = (typed: string): string[] => pathCandidates(typed, PATHS).map(({ insert }) => insert);

  test('begin like the typed text, then contain it; hidden ones after a dot; none that would not read back', () => {
    expect(inserts('no')).toEqual(['@Notes.md ', '@notes/', '@"my notes" ', '@notes/deep/', '@notes/deep/pool.md ']);
    expect(inserts('.')).toEqual(['@.env ', '@notes/.hidden ', '@Notes.md ', '@src/task-attach.ts ', '@notes/deep/pool.md ']);
    expect(inserts('notes/.')).toEqual(['@notes/.hidden ', '@notes/deep/pool.md ']);
    expect(inserts('')).toEqual(['@Notes.md ', '@"my notes" ', '@notes/', '@other ']);
  });

  test('resemble the typed text, anywhere in the project; the end of a sentence resembles nothing', () => {
    expect(inserts('tatt')).toEqual(['@src/task-attach.ts ']);
    expect(inserts('pool')).toEqual(['@notes/deep/pool.md ']);
    expect(inserts('notes/')).toEqual(['@notes/deep/']);
    for (const nothing of ['nobody', 'nobody?', 'Notes.md,', 'Notes.md?', 'pool)', 'zz']) {
      expect(inserts(nothing)).toEqual([]);
    }
  });

  test('a complete path is recognized', () => {
    expect(pathCandidates('notes', ['notes/', 'Notes.md', 'my notes']).map(({ label, isTyped }) => [label, isTyped])).toEqual([
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
