import fc from 'fast-check';
import stringWidth from 'string-width';
import { describe, expect, test } from 'vitest';
import { COLOR, NO_COLOR, rowsOfPieces, withoutStyles } from '../../support/markdown-screen.ts';

const shown = async (source: string, width = 40): Promise<string[]> => withoutStyles(await rowsOfPieces([source], width));
const long = 'one two three four five six seven eight nine ten eleven twelve thirteen fourteen';

describe('source and rows', () => {
  test.each<[string, string, string[]]>([
    ['headings', '# A *b*\n### c ###\nText\n===', ['A b', 'c', 'Text']],
    ['emphasis', '**a** *b* ***c*** __d__ _e_ ~~f~~ snake_case 2 * 3 * 4', ['a b c d e f snake_case 2 * 3 * 4']],
    ['emphasis beside ideographs', '日本**「重要」**です。**語**は', ['日本「重要」です。語は']],
    ['emphasis over lines', '**a\nb** c', ['a', 'b c']],
    ['what is no emphasis', '* a*\n\n** b\n\n**c', ['• a*', '', '** b', '', '**c']],
    ['code', '`a*b*` ``c`d`` `open', ['a*b* c`d `open']],
    ['escapes and entities', '\\*a\\* 1\\. &lt;b&gt; &#27; &copy;', ['*a* 1. <b> &#27; &copy;']],
    [
      'links',
      '[text](https://a.example "T") <https://b.example> https://c.example/d_e_f.',
      ['text (https://a.example "T")', 'https://b.example', 'https://c.example/d_e_f.'],
    ],
    [
      'links that lead where they say',
      '[https://a.example](https://a.example) [a@b.example](mailto:a@b.example)',
      ['https://a.example a@b.example'],
    ],
    ['links that do not', '[https://good.example](https://evil.example)', ['https://good.example', '(https://evil.example)']],
    ['what is no link', '[a] [b][c] a[0](x y)', ['[a] [b][c] a[0](x y)']],
    ['images', '![alt *b*](pic.png) [![i](a.png)](b)', ['▣ alt b (pic.png) ▣ i (a.png) (b)']],
    ['mathematics', 'a $x_1*y*$ \\(a*b*c\\) $5 and $6', ['a $x_1*y*$ \\(a*b*c\\) $5 and $6']],
    ['a block of mathematics', '\\[\na_1 * b *\n- c\n\\]\nx', ['\\[', 'a_1 * b *', '- c', '\\]', 'x']],
    ['HTML', '<div>\n*a*\n</div>\n\nx <b>*y*</b>', ['<div>', '*a*', '</div>', '', 'x <b>y</b>']],
    ['rules', 'a\n\n***\n\n- - -', ['a', '', '─'.repeat(24), '', '─'.repeat(24)]],
    ['lists', '- a\n* b\n\n  more\n  - c\n1) d\n10. e\n\nx', ['• a', '• b', '', '  more', '  • c', '1) d', '10. e', '', 'x']],
    ['tasks', '- [ ] a\n- [x] b\n-', ['• [ ] a', '• [x] b', '•']],
    [
      'a wrapped item',
      `1. ${long}`,
      ['1. one two three four five six seven', '   eight nine ten eleven twelve thirteen', '   fourteen'],
    ],
    ['quotes', '> a\n> - b\n>\n>> c\nlazy\n\nd', ['│ a', '│ • b', '│', '│ │ c', '│ │ lazy', '', 'd']],
    ['fenced code', '```py\nif x:\n\n\treturn  "*y*"\n```\nz', ['py', '  if x:', '', '      return  "*y*"', 'z']],
    ['fences in fences', '````\n```\n````\n~~~\n```\n~~~', ['  ```', '  ```']],
    ['code in a list', '- a\n  ```\n    b\n  ```\n- c', ['• a', '      b', '• c']],
    ['an open fence', '```js\nlet a', ['js', '  let a']],
    ['indented code', 'a\n\n    b  *c*\n\n      d\n\ne', ['a', '', '  b  *c*', '', '    d', '', 'e']],
    [
      'code wider than the screen',
      '```\n' + 'x '.repeat(30) + '\n```',
      ['  ' + 'x '.repeat(18) + 'x', '  ' + 'x '.repeat(10) + 'x'],
    ],
    [
      'a table',
      '| a | b | c |\n|:--|--:|:-:|\n| 1 | 2 | 3 |\n| `x` | **long** | m \\| n |\nafter',
      ['a │    b │   c', '──┼──────┼──────', '1 │    2 │   3', 'x │ long │ m | n', 'after'],
    ],
    [
      'a table that is too wide',
      `| a | b |\n|---|---|\n| ${long} | 日本語 |`,
      [
        'a                               │ b',
        '────────────────────────────────┼───────',
        'one two three four five six     │ 日本語',
        'seven eight nine ten eleven     │',
        'twelve thirteen fourteen        │',
      ],
    ],
    ['a table with more cells than its head', '|a|b|\n|-|-|\n|1|2|3|', ['a │ b │', '──┼───┼──', '1 │ 2 │ 3']],
    [
      'a table of more columns than fit',
      `${'|ab'.repeat(12)}|\n${'|-'.repeat(12)}|\n|1|2|`,
      ['ab │ ab │ ab │ ab │ ab │ ab │ ab │ ab │', 'ab │ ab │ ab │ ab', '────────', '1 │ 2'],
    ],
    ['what is no table', 'a | b\nc | d\n\n|-|', ['a | b', 'c | d', '', '|-|']],
    ['blank lines', '\n\na\n\n\n\nb\n\n', ['a', '', 'b']],
  ])('%s', async (_, source, rows) => {
    expect(await shown(source)).toEqual(rows);
  });

  test.each([
    [40, ['a paragraph of words that is', 'wrapped at the width of the screen']],
    [80, ['a paragraph of words that is wrapped at the width of the screen']],
  ])('at %i columns', async (width, rows) => {
    const source = 'a paragraph of words that is wrapped at the width of the screen';
    expect((await shown(source, width)).join(' ')).toBe(rows.join(' '));
  });

  test('styles express the meaning', async () => {
    const row = async (source: string): Promise<string | undefined> => (await rowsOfPieces([source], 80)).at(-1);
    expect(await row('# a')).toBe(COLOR.paint(['heading'], 'a'));
    expect(await row('a **b *c*** `d`')).toBe(
      `a ${COLOR.paint(['strong'], 'b ')}${COLOR.paint(['emphasis', 'strong'], 'c')} ${COLOR.paint(['code'], 'd')}`,
    );
    expect(await row('```js\nreturn 1 // c')).toBe(
      `  ${COLOR.paint(['keyword'], 'return')} ${COLOR.paint(['number'], '1')} ${COLOR.paint(['comment'], '// c')}`,
    );
  });

  test('code colors continue from line to line', async () => {
    const rows = await rowsOfPieces(['```py\n"""a\nreturn 1\n"""\nreturn'], 80);
    expect(rows.slice(1)).toEqual([
      `  ${COLOR.paint(['string'], '"""a')}`,
      `  ${COLOR.paint(['string'], 'return 1')}`,
      `  ${COLOR.paint(['string'], '"""')}`,
      `  ${COLOR.paint(['keyword'], 'return')}`,
    ]);
  });

  test('without color text that would not be readable keeps its markup', async () => {
    const rows = await rowsOfPieces(['## a\n**b** *c* `d` ~~e~~ [f](g)\n```py\nx\n```\nText\n==='], 80, NO_COLOR);
    expect(rows).toEqual(['## a', 'b c `d` ~~e~~ f (g)', '```py', '  x', '```', '# Text']);
  });

  test('an open element looks as it will when it is closed', async () => {
    const tails: string[] = [];
    await rowsOfPieces(['a **b', ' c**'], 80, COLOR, (tail) => tails.push(tail.join('\n')));
    expect(tails).toEqual([`a ${COLOR.paint(['strong'], 'b')}`, `a ${COLOR.paint(['strong'], 'b c')}`]);
  });
});

// Text of the kind that models write, and worse.
const fragments = [
  [
    '# ',
    '## h',
    '- ',
    '  - ',
    '1. ',
    '> ',
    '>> ',
    '    ',
    '\t',
    '```',
    '```js\n',
    '~~~',
    '---\n',
    '===\n',
    '\n',
    '\n\n',
    '|',
    '| a ',
    '|-|-|\n',
  ],
  [
    '|---|\n',
    '**',
    '*',
    '_',
    '__',
    '~~',
    '`',
    '``',
    '[',
    '](',
    ')',
    '![',
    '<',
    '>',
    '<div>',
    '$$',
    '\\[',
    '\\]',
    '\\(',
    '\\',
    '&lt;',
    '$',
  ],
  [
    'word ',
    'a',
    'ab cd ',
    '日本語',
    '。',
    '「',
    '한국어 ',
    '👩‍🔬',
    '🇦🇹',
    'e\u0301',
    'https://x.example/a_b ',
    '\u001b[31m',
    '\u0007',
    '\r',
    'const x = "',
  ],
  ['lorem ipsum dolor sit amet '.repeat(14), 'x'.repeat(300), '長'.repeat(150)],
];
const fragment = fc.constantFrom(...fragments.flat());
const document = fc.array(fragment, { maxLength: 60 }).map((parts) => parts.join(''));

/** Cuts between characters as the stream does: visibleTextStream joins halves of surrogate pairs. */
const cutAt = (text: string, places: readonly number[]): string[] => {
  const cuts = [0, ...places.map((place) => place % (text.length + 1)), text.length].sort((one, other) => one - other);
  return cuts.slice(1).map((end, index) => text.slice(cuts[index], end));
};

describe('any model output', () => {
  test('any cut of the stream gives the rows of the whole', async () => {
    const places = fc.array(fc.nat(20_000), { maxLength: 30 });
    await fc.assert(
      fc.asyncProperty(document, places, fc.integer({ min: 9, max: 120 }), async (text, cuts, width) => {
        expect(await rowsOfPieces(cutAt(text, cuts), width)).toEqual(await rowsOfPieces([text], width));
      }),
      { numRuns: 300 },
    );
  });

  test('no row is wider than the screen, only styles are written, no letter is lost or added', async () => {
    await fc.assert(
      fc.asyncProperty(document, fc.integer({ min: 9, max: 120 }), async (text, width) => {
        const seen: string[] = [];
        const rows = await rowsOfPieces([text], width, COLOR, (tail) => seen.push(...tail));
        for (const row of withoutStyles([...seen, ...rows])) {
          expect(stringWidth(row)).toBeLessThanOrEqual(width);
          expect(row).not.toMatch(/[\u0000-\u001f\u007f-\u009f]/);
        }
        // In order, except for tables, whose cells are side by side. Entities are the only markup made of letters.
        const letters = (part: string): string =>
          // A row may end within one.
          Array.from(
            part
              .replaceAll(/[\s─│┼▣]/gu, '')
              .replaceAll('&lt;', '')
              .replaceAll(/[^\p{L}\p{So}]/gu, ''),
          )
            .sort()
            .join('');
        const screen = withoutStyles(rows).join('');
        const source = text
          .replaceAll('\u001b', '␛')
          .replaceAll('\u0007', '␇')
          .replaceAll(/\r(?!\n)/g, '␍');
        // A link whose text is its URL is shown once; this property generates none.
        expect(letters(screen)).toBe(letters(source));
      }),
      { numRuns: 300 },
    );
  });

  test.each([
    '*a ',
    '**',
    '[',
    '![a](',
    '`',
    '``a`',
    '<a',
    '\\(',
    '$$',
    '> ',
    '- ',
    '|a',
    '_a_',
    'https://',
    '~~',
    '\n|-',
    '#',
    '\t',
  ])('a lot of %j terminates', async (part) => {
    const text = part.repeat(Math.ceil(200_000 / part.length));
    const rows = await rowsOfPieces([text, '\n\nend'], 80);
    expect(withoutStyles(rows).join('\n')).toContain('end');
  });

  test('a long open block is released row by row', async () => {
    for (const text of ['word '.repeat(2000), '語'.repeat(5000), `**${'word '.repeat(2000)}`, `- ${'word '.repeat(2000)}`]) {
      let most = 0;
      await rowsOfPieces(text.match(/[\s\S]{1,100}/g)!, 80, COLOR, (tail) => (most = Math.max(most, tail.length)));
      expect(most).toBeLessThan(64);
    }
    const table = `| a | b |\n|---|---|\n${'| 1 | 2 |\n'.repeat(500)}`;
    let most = 0;
    await rowsOfPieces(table.match(/[\s\S]{1,100}/g)!, 80, COLOR, (tail) => (most = Math.max(most, tail.length)));
    expect(most).toBeLessThan(30);
    const code = `\`\`\`js\n${'let a = 1;\n'.repeat(500)}`;
    most = 0;
    await rowsOfPieces(code.match(/[\s\S]{1,100}/g)!, 80, COLOR, (tail) => (most = Math.max(most, tail.length)));
    expect(most).toBeLessThan(3);
  });
});

describe('text on a wide screen', () => {
  const address = `https://host.example/${'path/'.repeat(20)}`;
  const code = `const wide = ${'"x", '.repeat(30)};`;
  const source = [
    long.repeat(3),
    `see ${address} there`,
    `> - ${long.repeat(3)}`,
    `\`\`\`js\n${code}\n\`\`\``,
    `| ${'a'.repeat(60)} | ${'b'.repeat(60)} |\n| --- | --- |\n| 1 | 2 |`,
    `# ${long.repeat(2)}`,
  ].join('\n\n');

  test('wraps where rows become hard to read; code, tables and URLs use the full width', async () => {
    const rows = withoutStyles(await rowsOfPieces([source], 190, COLOR, undefined, 70));
    const isProse = (row: string): boolean => row.includes('three') || row.includes('twelve');
    expect(Math.max(...rows.filter(isProse).map((row) => row.length))).toBeLessThanOrEqual(70);
    expect(Math.max(...rows.filter((row) => row.startsWith('│')).map((row) => row.length))).toBeGreaterThan(60);
    expect(rows).toContain(address);
    expect(rows).toContain(`  ${code}`);
    expect(rows.some((row) => row.includes(`${'a'.repeat(60)} │ ${'b'.repeat(60)}`))).toBe(true);
    // Unchanged unless something else is requested.
    expect(await rowsOfPieces([source], 190)).toEqual(await rowsOfPieces([source], 190, COLOR, undefined, 190));
  });

  test('is the same however it arrives', async () => {
    const whole = await rowsOfPieces([source], 120, COLOR, undefined, 60);
    expect(await rowsOfPieces([...source], 120, COLOR, undefined, 60)).toEqual(whole);
  });
});
