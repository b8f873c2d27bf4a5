import { describe, expect, test } from 'vitest';
import { openEvaluation } from '../../../src/core/evaluation/dataset/open-evaluation.ts';
import type { EvaluationFile } from '../../../src/core/evaluation/test-case.ts';
import { memorySource } from '../../support/memory-source.ts';

async function open(text: string, path = 'set/promptfooconfig.yaml'): Promise<EvaluationFile> {
  return openEvaluation(path, memorySource({ [path]: text }), {});
}

/** A configuration whose parts a test replaces. */
function config(parts: { top?: string; provider?: string; test?: string; assertion?: string; options?: string }): string {
  return `prompts: ['Say {{word}}']
providers:
  - id: openai:gpt-4o-mini
    ${parts.provider ?? 'label: mini'}
tests:
  - vars: { word: hello }
    ${parts.test ?? 'description: greets'}
    options:
      ${parts.options ?? "prefix: ''"}
    assert:
      - type: contains
        value: hello
        ${parts.assertion ?? 'weight: 2'}
${parts.top ?? ''}`;
}

describe('a key of promptfoo that is misspelled is an error of its row', () => {
  test.each<[Parameters<typeof config>[0], number, string]>([
    [{ test: 'asserts: [{ type: contains, value: x }]' }, 6, 'unknown key asserts; did you mean assert?'],
    [{ test: 'assertions: [{ type: contains, value: x }]' }, 6, 'unknown key assertions; did you mean assert?'],
    [{ test: 'var: { word: bye }' }, 6, 'unknown key var; did you mean vars?'],
    [{ test: 'treshold: 0.5' }, 6, 'unknown key treshold; did you mean threshold?'],
    [{ test: 'asertt: [{ type: contains, value: x }]' }, 6, 'unknown key asertt; did you mean assert?'],
    [{ test: 'Description: greets' }, 6, 'unknown key Description; did you mean description?'],
    [{ options: 'tranform: output.trim()' }, 6, 'unknown key tranform of the options; did you mean transform?'],
    [{ assertion: 'treshold: 0.5' }, 6, 'unknown key treshold of an assertion; did you mean threshold?'],
    [{ assertion: 'weigth: 0' }, 6, 'unknown key weigth of an assertion; did you mean weight?'],
    [{ provider: 'lable: mini' }, 3, 'unknown key lable of a provider; did you mean label?'],
    [{ provider: 'config: { temprature: 0 }' }, 3, 'unknown key temprature of a provider; did you mean temperature?'],
    [{ top: 'default_test:\n  assert: [{ type: is-json }]' }, 14, 'unknown key default_test; did you mean defaultTest?'],
    [{ top: 'scenarois:\n  - config: []' }, 14, 'unknown key scenarois; did you mean scenarios?'],
    [{ top: 'defaultTest:\n  asert: [{ type: is-json }]' }, 14, 'unknown key asert; did you mean assert?'],
    [{ top: 'scenarios:\n  - test: []' }, 15, 'unknown key test of a scenario; did you mean tests?'],
  ])('%j', async (parts, line, reason) => {
    const file = await open(config(parts));
    expect(file.unreadable).toEqual([{ origin: { file: 'set/promptfooconfig.yaml', line }, reason }]);
  });

  test('in a prompt, in an assert-set, and in rows of a tests file', async () => {
    await expect(open("prompts: [{ raw: 'Hi', lable: greeting }]\nproviders: [echo]\ntests: [{}]")).rejects.toThrow(
      'unknown key lable of a prompt; did you mean label?',
    );
    const set = await open(config({ assertion: 'weight: 1\n      - { type: assert-set, assert: [{ type: equals, vale: x }] }' }));
    expect(set.unreadable).toMatchObject([{ reason: 'unknown key vale of an assertion; did you mean value?' }]);
    const rows = [
      { vars: { prompt: 'one' }, assert: [{ type: 'is-json' }] },
      { vars: { prompt: 'two' }, asert: [] },
    ];
    const file = await open(rows.map((row) => JSON.stringify(row)).join('\n'), 'set/tests.jsonl');
    expect(file.unreadable).toEqual([
      { origin: { file: 'set/tests.jsonl', line: 2 }, reason: 'unknown key asert; did you mean assert?' },
    ]);
  });

  test('the misspelled key is named, not the one that is missing', async () => {
    const typed = await open('prompts: [Hi]\nproviders: [echo]\ntests:\n  - assert: [{ tpye: contains, value: x }]');
    expect(typed.unreadable).toMatchObject([{ reason: 'unknown key tpye of an assertion; did you mean type?' }]);
    const named = await open('prompts: [Hi]\nproviders:\n  - { config: { temperature: 1 }, Id: echo }\ntests: [{}]');
    expect(named.unreadable).toMatchObject([{ origin: { line: 3 }, reason: 'unknown key Id of a provider; did you mean id?' }]);
    const prompts = await open('promts: [Hi]\nproviders: [echo]\ntests: [{}]');
    expect(prompts.unreadable).toMatchObject([{ origin: { line: 1 }, reason: 'unknown key promts; did you mean prompts?' }]);
  });
});

test('other unknown keys are named, and those of promptfoo are not', async () => {
  const file = await open(
    config({
      top: 'models: [a]\nenv: { A: b }\nsharing: false\nassertionTemplates: {}',
      provider:
        'temperature: 0\n    delay: 100\n    config: { apiKeyEnvar: A, maxTokens: 3, min_tokens: 1, reasoning_format: raw, top_a: 1, top_logprobs: 2 }',
      test: 'uid: 7\n    actions: [a]\n    providerOutput: x',
      assertion: 'because: it must\n        rubricPrompt: x',
      options: 'response_format: { type: json }',
    }),
  );
  expect(file.unreadable).toEqual([]);
  const reason = 'orx does not know this field';
  expect(file.notRun.filter((one) => one.reason === reason).map(({ what, reference }) => `${what} ${reference}`)).toEqual([
    'field models',
    'field providers.temperature',
    'field tests.uid',
    'field tests.actions',
    'field options.response_format',
    'field assert.because',
  ]);
});

test('keys of an assertion that orx does not use are named', async () => {
  const file = await open(
    config({ assertion: 'rubricPrompt: x\n        provider: openai:gpt-4.1\n        contextTransform: output' }),
  );
  expect(file.unreadable).toEqual([]);
  const reason = 'orx does not use this field';
  expect(file.notRun.filter((one) => one.reason === reason).map(({ reference }) => reference)).toEqual([
    'assert.provider',
    'assert.rubricPrompt',
    'assert.contextTransform',
  ]);
});
