import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { openEvaluationFiles } from '../../src/cli/files/evaluation-files.ts';
import { openEvaluation } from '../../src/core/evaluation/dataset/open-evaluation.ts';
import type { ReadingChoices } from '../../src/core/evaluation/dataset/source.ts';
import type { EvaluationFile, Expectation, TestCase } from '../../src/core/evaluation/test-case.ts';

/** Real configurations and data sets, with counts of an independent script. */
const FOLDER = join(fileURLToPath(new URL('../../../shared/fixtures', import.meta.url)), 'evaluation');
const isPresent = existsSync(FOLDER);
if (!isPresent) console.warn('skipped: the evaluation files are not beside this project (../shared/fixtures/evaluation)');

interface Counts {
  prompts: number;
  prompt_kinds: Record<string, number>;
  providers: number;
  tests_after_list_expansion: number;
  cells: number;
  assertions_per_run_of_all_tests: Record<string, number>;
  code_references: string[];
}

const CONFIGS = isPresent
  ? Object.entries(
      (JSON.parse(readFileSync(join(FOLDER, 'promptfoo/expected.json'), 'utf8')) as { configs: Record<string, Counts> }).configs,
    )
  : [];

async function open(
  path: string,
  choices: ReadingChoices = {},
  options: { below?: string; encoding?: string } = {},
): Promise<EvaluationFile> {
  const whole = join(FOLDER, path);
  return openEvaluation(whole, await openEvaluationFiles({ path: whole, ...options }), choices);
}

async function casesOf(file: EvaluationFile): Promise<TestCase[]> {
  const cases: TestCase[] = [];
  for await (const one of file.cases()) cases.push(one);
  return cases;
}

function typeCounts(expectations: readonly Expectation[]): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const { type, isNegated } of expectations) {
    const name = `${isNegated ? 'not-' : ''}${type}`;
    counts[name] = (counts[name] ?? 0) + 1;
  }
  return counts;
}

describe.skipIf(!isPresent)('a real configuration', () => {
  test.each(CONFIGS)('%s', async (path, expected) => {
    const below = join(FOLDER, 'promptfoo', path.split('/')[0]!);
    const file = await open(`promptfoo/${path}`, {}, { below });
    expect(file.unreadable).toEqual([]);
    const code = expected.prompt_kinds['code'] ?? 0;
    expect({ prompts: file.prompts.length + code, tests: file.testCount, lanes: file.lanes!.length }).toEqual({
      prompts: expected.prompts,
      tests: expected.tests_after_list_expansion,
      lanes: expected.providers,
    });
    expect(file.caseCount * file.lanes!.length).toBe(code > 0 ? 0 : expected.cells);
    expect((await casesOf(file)).length).toBe(file.caseCount);
    // Prompts that are code are replaced, so that their tests are read.
    const own = code > 0 ? await open(`promptfoo/${path}`, { prompts: ['Hello'] }, { below }) : file;
    const cases = await casesOf(own);
    const perTest = cases.filter(({ testId }, index) => cases.findIndex((one) => one.testId === testId) === index);
    expect(typeCounts(perTest.flatMap(({ expectations }) => expectations))).toEqual(expected.assertions_per_run_of_all_tests);
    const references = file.notRun.filter(({ what }) => what !== 'field').map(({ reference }) => reference);
    expect(references.filter((reference) => expected.code_references.includes(reference)).toSorted()).toEqual(
      expected.code_references,
    );
    expect(
      references
        .filter((reference) => /\.(?:[cm]?[jt]s|py)\b/.test(reference))
        .every((one) => expected.code_references.includes(one)),
    ).toBe(true);
  });

  test('keeps to its folder', async () => {
    const file = await open('promptfoo/code-assertions/cover-letter/promptfooconfig.yaml', { prompts: ['{{ resumeText }}'] });
    expect(file.caseCount).toBe(0);
    expect(file.unreadable[0]!.reason).toContain('outside of');
  });

  test('becomes the requests that promptfoo would send', async () => {
    const [chat] = await casesOf(await open('promptfoo/chat-history-template/promptfooconfig.yaml'));
    expect(chat!.prompt.map(({ role }) => role)).toEqual(['system', 'user', 'assistant', 'user', 'assistant', 'user']);
    expect(chat!.prompt.slice(1).map(({ text }) => text)).toEqual([
      'Who founded Facebook?',
      'Mark Zuckerberg',
      "What's his favorite food?",
      'Pizza',
      'Did he create any other companies?',
    ]);
    const csv = await casesOf(await open('promptfoo/simple-csv/promptfooconfig.yaml'));
    expect(csv[0]!.prompt[0]!.text).toContain('- Tone: formal\n- Length: brief');
    expect(csv[0]!.expectations).toEqual([expect.objectContaining({ type: 'icontains', value: 'bonjour' })]);
    const metadata = await casesOf(await open('promptfoo/csv-metadata/promptfooconfig.yaml'));
    expect(metadata[1]!.tags).toEqual(['physics', 'advanced,theory', 'quantum']);
    expect(metadata[1]!.expectations.map(({ threshold }) => threshold)).toEqual([0.85, 0.75]);
    const metrics = await casesOf(await open('promptfoo/named-metrics/promptfooconfig.yaml'));
    expect(metrics[0]!.expectations[0]).toMatchObject({
      metric: 'pirateStyle',
      value: 'The response uses pirate speech patterns',
    });
    const lanes = (await open('promptfoo/temperature-lanes/promptfooconfig.hyperparameters.yaml')).lanes!;
    expect(lanes.map(({ model, label, parameters }) => [model, label, parameters['temperature']])).toEqual([
      ['openai/gpt-4o-mini', 'GPT-4o-mini (T=0.2)', 0.2],
      ['openai/gpt-4o-mini', 'GPT-4o-mini (T=0.7)', 0.7],
    ]);
    const russian = await casesOf(await open('promptfoo/raw-chat-russian/promptfooconfig.yaml'));
    expect(russian[0]!.prompt.map(({ role }) => role)).toEqual(['system', 'user']);
    expect(russian[0]!.prompt[1]!.text).not.toContain('{{');
  });
});

type Dataset = readonly [
  path: string,
  cases: number,
  types: Record<string, number>,
  references: number,
  choices?: ReadingChoices,
];

/** Cases, expectations by type, and how many have a reference. */
const DATASETS: readonly Dataset[] = [
  ['openai-evals-match.jsonl', 3, { 'contains-any': 3 }, 3],
  ['openai-evals-fuzzy-match.jsonl', 4, { 'contains-any': 4 }, 4],
  ['openai-evals-model-graded.jsonl', 3, { 'contains-any': 3 }, 3],
  ['inspect/samples.csv', 1, { 'contains-word': 1 }, 1],
  ['inspect/samples.json', 1, { 'contains-word': 1 }, 1],
  ['inspect/samples.jsonl', 1, { 'contains-word': 1 }, 1],
  ['inspect/samples-md.csv', 1, { 'contains-word': 1 }, 1],
  ['inspect/samples-md.json', 1, { 'contains-word': 1 }, 1],
  ['inspect/samples-md.jsonl', 1, { 'contains-word': 1 }, 1],
  ['inspect/samples-mcq.csv', 1, { choice: 1 }, 1],
  ['inspect/samples-mcq.json', 1, { choice: 1 }, 1],
  ['inspect/samples-mcq.jsonl', 1, { choice: 1 }, 1],
  ['inspect/chat-input.jsonl', 10, { 'contains-word': 10 }, 10],
  ['inspect/biology_qa.jsonl', 20, { 'contains-word': 20 }, 20],
  ['inspect/theory_of_mind.jsonl', 25, { 'contains-word': 25 }, 25],
  ['gsm8k-test-0-59.jsonl', 60, { 'contains-word': 60 }, 60],
  ['self-instruct-seed-tasks-0-39.jsonl', 40, {}, 40],
  ['plain-one-per-line.txt', 20, {}, 0],
  ['imdb-sentiment-25.csv', 25, {}, 0],
  ['imdb-sentiment-25.csv', 25, { 'contains-word': 25 }, 25, { map: { expected: 'sentiment' } }],
  ['prompts-with-labels.csv', 4, {}, 0],
  ['chat-lines.jsonl', 1, {}, 0],
  ['custom-grader-tests.csv', 4, { javascript: 4 }, 0, { prompts: ['Translate to {{language}}: {{body}}'] }],
  ['simple-test.csv', 3, { javascript: 2, 'is-json': 1 }, 0, { prompts: ['{{body}}'] }],
  ['sharegpt-conversations-12.json', 12, {}, 12],
  ['llm-comparator-tiny.json', 5, {}, 0],
  ['prompt-folder', 5, {}, 0],
  ['DERIVED-odd-csv/bom.csv', 4, { icontains: 4 }, 0, { prompts: ['{{language}}: {{body}} {{(style_config | load).tone}}'] }],
  ['DERIVED-odd-csv/crlf.csv', 4, { icontains: 4 }, 0, { prompts: ['{{language}}: {{body}} {{(style_config | load).tone}}'] }],
  [
    'DERIVED-odd-csv/semicolon.csv',
    4,
    { icontains: 4 },
    0,
    { prompts: ['{{language}}: {{body}} {{(style_config | load).tone}}'] },
  ],
  ['DERIVED-odd-csv/tab.tsv', 4, { icontains: 4 }, 0, { prompts: ['{{language}}: {{body}} {{(style_config | load).tone}}'] }],
  ['DERIVED-odd-csv/utf16le.csv', 4, { icontains: 4 }, 0, { prompts: ['{{language}}: {{body}} {{(style_config | load).tone}}'] }],
  ['DERIVED-odd-csv/bare-quotes.csv', 2, { contains: 1, icontains: 1 }, 0, { prompts: ['{{query}} {{expected_json}}'] }],
  ['DERIVED-odd-csv/spaces-in-header.csv', 1, { equals: 1 }, 0],
];

describe.skipIf(!isPresent)('a real data set', () => {
  test.each(DATASETS.map((one) => ({ path: one[0], one })))('$path', async ({ path, one }) => {
    const [, count, types, references, choices] = one;
    const file = await open(`datasets/${path}`, choices);
    expect(file.unreadable).toEqual([]);
    const cases = await casesOf(file);
    expect([file.caseCount, file.testCount, cases.length]).toEqual([count, count, count]);
    const all: Record<string, number> = {};
    for (const { expectations } of cases) for (const { type } of expectations) all[type] = (all[type] ?? 0) + 1;
    expect(all).toEqual(types);
    expect(cases.filter(({ reference }) => reference !== undefined)).toHaveLength(references);
    expect(new Set(cases.map(({ id }) => id)).size).toBe(count);
    expect(file.summary.length).toBeGreaterThan(0);
  });

  test('rows that cannot be read have their lines', async () => {
    const ragged = await open('datasets/DERIVED-odd-csv/ragged.csv');
    expect(ragged.unreadable.map(({ origin, reason }) => [origin.line, reason])).toEqual([
      [3, '1 field, but the header has 2'],
      [4, '3 fields, but the header has 2'],
    ]);
    const multiline = await open('datasets/DERIVED-odd-csv/multiline.csv');
    expect(multiline.unreadable.map(({ origin }) => origin.line)).toEqual([7]);
    expect((await casesOf(multiline)).map(({ prompt }) => prompt[0]!.text)).toEqual([
      'line one\nline two, with a comma\n\nline four',
      'say "hi"',
    ]);
  });

  test('another encoding is named, and read when it is chosen', async () => {
    const choices = { map: { prompt: 'frage' } };
    await expect(open('datasets/DERIVED-odd-csv/latin1.csv', choices)).rejects.toMatchObject({
      hints: expect.arrayContaining(['name its encoding: --encoding windows-1252']) as string[],
    });
    const [one] = await casesOf(await open('datasets/DERIVED-odd-csv/latin1.csv', choices, { encoding: 'latin1' }));
    expect(one!.prompt[0]!.text).toBe('Grüße?');
    expect(one!.expectations[0]!.value).toBe('grüß');
  });

  test('what orx does not use is said', async () => {
    const sandbox = await open('datasets/inspect/samples.json');
    expect(sandbox.notRun).toMatchObject([{ what: 'field', reference: 'sandbox', count: 1 }]);
    const code = await open('datasets/custom-grader-tests.csv', { prompts: ['{{body}}'] });
    expect(code.notRun).toMatchObject([{ what: 'expectation', reference: 'file://customAssertion.ts', count: 4 }]);
    const spaces = await open('datasets/DERIVED-odd-csv/spaces-in-header.csv');
    expect(spaces.warnings).toEqual([expect.stringContaining('_description')]);
  });
});
