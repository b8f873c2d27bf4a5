import fc from 'fast-check';
import { expect, test } from 'vitest';
import { HtmlRenderer, Parser } from 'commonmark';
import { codeBlocks, openBlock } from '../../../src/core/answer/code-blocks.ts';

test.each<[string, string, readonly string[]]>([
  ['none', 'a `b` c', []],
  ['two of either kind', '```sh\na\n```\nx\n~~~\nb\n~~~', ['a\n', 'b\n']],
  ['a longer fence holds shorter ones', '````md\n```\nin\n```\n````', ['```\nin\n```\n']],
  ['a fence of the other kind holds one', '~~~\n```\nin\n```\n~~~', ['```\nin\n```\n']],
  ['one that is not closed', '```\na\nb', ['a\nb\n']],
  ['one that is set in', '  ```\n  a\n    b\n  ```', ['a\n  b\n']],
  ['an empty one', '```\n```', ['']],
  ['line breaks of Windows', '```\r\na\r\n```\r\n', ['a\n']],
  ['code in a line is no fence', '```a``` b\n', []],
  ['a fence with a word of its own in it', '``` `x`\na\n\n', []],
  ['right behind a bullet', '- ```js\n  let a;\n  ```', ['let a;\n']],
  [
    'in a numbered list',
    '1. Install it:\n\n   ```sh\n   npm i\n     --save\n   ```\n2. Run it:\n\n   ~~~\n   go\n   ~~~',
    ['npm i\n  --save\n', 'go\n'],
  ],
  ['in a list within a list', '- a\n  - b\n\n    ```\n    deep\n    ```', ['deep\n']],
  ['the end of a list ends it', '- ```\n  in\nout', ['in\n']],
  ['in a quote', '> ```\n> quoted\n> ```', ['quoted\n']],
  ['by indentation', 'Run this:\n\n    npm test\n\nand that', ['npm test\n']],
  ['an indented line of a paragraph is none', 'Run this:\n    npm test', []],
  ['a fence that is set in by four is its text', 'So:\n\n    ```\n    a\n    ```', ['```\na\n```\n']],
  ['inside of HTML there is none', '<pre>\n```\na\n```\n</pre>', []],
])('code blocks: %s', (_name, text, expected) => {
  expect(codeBlocks(text)).toEqual(expected);
});

test('any code is extracted from its fence unchanged, in a list and in a quote too', () => {
  const code = fc
    .array(fc.string({ unit: fc.constantFrom('a', ' ', '`', '~', '-', '>', '#', '<', '\t') }))
    .map((lines) => lines.join('\n'));
  fc.assert(
    fc.property(code, fc.constantFrom('', '> '), (text, prefix) => {
      const fence = '`'.repeat(3 + Math.max(0, ...[...text.matchAll(/`+/g)].map(([run]) => run.length)));
      const lines = [`${fence}x`, ...text.split('\n'), fence].map((line) => prefix + line);
      // A tab after a quote marker counts from the left edge.
      fc.pre(prefix === '' || !text.includes('\t'));
      expect(codeBlocks(lines.join('\n'))).toEqual([`${text}\n`]);
    }),
  );
});

test.each([
  ['```\nopen', '\n```'],
  ['~~~~js\na\n~~~', '\n~~~~'],
  ['```\nclosed\n```', ''],
  ['- ```\n  ended by its list', ''],
  ['text', ''],
  ['    indented', ''],
])('the closing fence of %j', (text, expected) => {
  expect(openBlock(text)).toBe(expected);
  expect(codeBlocks(`${text}${openBlock(text)}\n# heading`).join('')).not.toContain('heading');
});

test.each([
  ['a comment', 'text\n\n<!-- hides\n\nthe rest', '\n-->'],
  ['a script', '<script>\nalert(1)\n\nmore', '\n</script>'],
  ['a style', '<style>\nbody {}\n\n', '\n</style>'],
  ['text as it is', '<pre>\n\nmore', '\n</pre>'],
  ['an instruction', '<?php\n\nmore', '\n?>'],
  ['a declaration', '<!DOCTYPE\n\nmore', '\n>'],
  ['data', '<![CDATA[\n\nmore', '\n]]>'],
  ['a fence behind what is none', 'no fence: ```a`b\n\n```a`b\n```\ncode', '\n```'],
  ['what a blank line ends', '<div>\nmore', ''],
  ['what is closed', '<!-- a --> text\n\n~~~\ncode\n~~~', ''],
])('%s that is open at the end swallows nothing that follows', (_name, text, expected) => {
  expect(openBlock(text)).toBe(expected);
  const html = new HtmlRenderer().render(new Parser().parse(`${text}${openBlock(text)}\n\n## heading`));
  expect(html).toContain('<h2>heading</h2>');
});
