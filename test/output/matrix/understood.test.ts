import { describe, expect, test } from 'vitest';
import { openEvaluation } from '../../../src/core/evaluation/dataset/open-evaluation.ts';
import type { ReadingChoices } from '../../../src/core/evaluation/dataset/source.ts';
import { understoodLines } from '../../../src/output/matrix/understood.ts';
import { memorySource } from '../../support/memory-source.ts';

async function linesOf(text: string, path = 'set/promptfooconfig.yaml', choices: ReadingChoices = {}): Promise<string[]> {
  return understoodLines(await openEvaluation(path, memorySource({ [path]: text }), choices));
}

const notRun = (lines: readonly string[]): string[] =>
  lines.filter((line) => line.startsWith('  not run: ')).map((line) => line.slice('  not run: '.length));

describe('what is not run is counted in cases', () => {
  test('a test is a case for each prompt, and an expectation that occurs twice in it counts once', async () => {
    const lines = await linesOf(`prompts: [one, two]
providers: [openai:gpt-4o, 'file://provider.js']
extensions: [file://hook.js]
author: me
tests:
  - assert: [{ type: python, value: a }, { type: python, value: b }]
    category: easy
  - assert: [{ type: python, value: a }]
    options: { runSerially: true }
`);
    expect(lines[0]).toBe('set/promptfooconfig.yaml: promptfoo configuration, 4 cases from 2 tests and 2 prompts');
    expect(notRun(lines)).toEqual([
      'field author (orx does not know this field)',
      'provider file://provider.js (orx does not run code from files)',
      'field extensions (orx does not use this field)',
      'field tests.category (orx does not know this field), 2 cases',
      'expectation python (orx does not run python), 4 cases',
      'field options.runSerially (orx does not use this field), 2 cases',
    ]);
  });

  test('lists multiply a test, one prompt is singular, and a test without cases is a test', async () => {
    const lists = await linesOf(
      "prompts: ['{{a}}']\nproviders: [x]\ntests:\n  - vars: { a: [one, two, three] }\n    provider: y\n  - vars: { a: one }\n    assert: [{ type: ruby, value: x }]\n",
    );
    expect(lists[0]).toContain(', 4 cases');
    expect(lists[0]).not.toContain('from');
    expect(notRun(lists)).toEqual([
      'provider x (orx does not know this provider)',
      'field provider (orx does not use this field), 3 cases',
      'expectation ruby (orx does not run ruby), 1 case',
    ]);
    const code = await linesOf(
      "prompts: ['{{a}}']\nproviders: [x]\ntests:\n  - vars: { a: 'file://a.py' }\n  - vars: { a: b }\n",
    );
    expect(code[0]).toContain('1 case from 2 tests and 1 prompt');
    expect(notRun(code)[1]).toBe('variable file://a.py (orx does not run code from files), 1 test');
  });
});

test('a model of OpenRouter without its provider is told how to write it', async () => {
  const lines = await linesOf("prompts: [hi]\nproviders: [deepseek/deepseek-chat, 'a/b:free', 'x:a/b']\ntests: [{}]\n");
  expect(notRun(lines)).toEqual([
    'provider deepseek/deepseek-chat (orx does not know this provider; a model of OpenRouter is openrouter:deepseek/deepseek-chat)',
    'provider a/b:free (orx does not know this provider; a model of OpenRouter is openrouter:a/b:free)',
    'provider x:a/b (orx does not know this provider)',
  ]);
});

test('rows of other files have no tests and prompts', async () => {
  const cut = JSON.stringify({ messages: [{ role: 'user', content: [{ type: 'image_url', image_url: { url: 'x' } }] }] });
  const chat = JSON.stringify({ messages: [{ role: 'user', content: 'hello' }] });
  expect((await linesOf(`${chat}\n${chat}\n`, 'chat.jsonl'))[0]).toMatch(/, 2 cases$/);
  expect((await linesOf(`prompt,expected\none,1\n,2\n`, 'cases.csv'))[0]).toBe('cases.csv: questions, 1 case from 2 rows');
  expect((await linesOf(`${chat}\n${cut}\n`, 'chat.jsonl'))[0]).toMatch(/, 1 case$/);
  expect((await linesOf('word\none\ntwo\n', 'words.csv', { prompts: ['Say {{word}}', 'Sing {{word}}'] }))[0]).toMatch(
    /, 4 cases from 2 rows and 2 prompts$/,
  );
});
