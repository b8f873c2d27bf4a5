import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { openEvaluation } from '../../../src/core/evaluation/dataset/open-evaluation.ts';
import { csvRows, jsonRows, type DataRow } from '../../../src/core/evaluation/dataset/rows.ts';
import type { EvaluationSource, ReadingChoices } from '../../../src/core/evaluation/dataset/source.ts';
import type { EvaluationFile, TestCase } from '../../../src/core/evaluation/test-case.ts';
import { memorySource } from '../../support/memory-source.ts';

async function open(
  files: Readonly<Record<string, string>> | string,
  choices: ReadingChoices = {},
  path?: string,
): Promise<EvaluationFile> {
  const all = typeof files === 'string' ? { 'set/promptfooconfig.yaml': files } : files;
  return openEvaluation(path ?? Object.keys(all)[0]!, memorySource(all), choices);
}

/** Opens a file and reads its cases twice. Returns how often it was read for that. */
async function readsOf(text: string): Promise<number> {
  let reads = 0;
  const source = memorySource({});
  const counting: EvaluationSource = {
    ...source,
    kindOf: async () => 'file',
    async *readPieces() {
      reads += 1;
      yield text;
    },
  };
  const file = await openEvaluation('data.jsonl', counting);
  const before = reads;
  const [first, second] = [await casesOf(file), await casesOf(file)];
  expect(second).toEqual(first);
  expect(first).toHaveLength(file.caseCount);
  return reads - before;
}

async function casesOf(file: EvaluationFile): Promise<TestCase[]> {
  const cases: TestCase[] = [];
  for await (const one of file.cases()) cases.push(one);
  return cases;
}

const cases = async (...words: Parameters<typeof open>): Promise<TestCase[]> => {
  const file = await open(...words);
  expect(file.unreadable).toEqual([]);
  return casesOf(file);
};
const texts = (list: readonly TestCase[]): string[] => list.map(({ prompt }) => prompt.map(({ text }) => text).join('|'));

describe('a configuration of promptfoo', () => {
  test('is prompts times tests, with lists that multiply', async () => {
    const list = await cases(`
prompts: ['{{a}}{{b}}', 'x{{a}}']
providers: [openai:gpt-4]
tests:
  - vars: { a: ['1', '2'], b: [p, q] }
  - vars: { a: ['1', '2'], b: [] }
    options: { disableVarExpansion: true }
  - vars: { a: [1, 2], b: '{{a}}' }
`);
    const expanded = ['1p', 'x1', '1q', 'x1', '2p', 'x2', '2q', 'x2'];
    expect(texts(list)).toEqual(expanded.concat(['["1","2"][]', 'x["1","2"]'], ['[1,2][1,2]', 'x[1,2]']));
    expect(new Set(list.map(({ id }) => id)).size).toBe(12);
    expect(list[0]!.testId).toBe(list[1]!.testId);
    expect(list[0]!.promptName).toBe('1');
  });

  test('adds the default test: assertions first, the test wins', async () => {
    const [one] = await cases(`
prompts: ['{{a}} {{b}}']
defaultTest:
  vars: { a: default, b: default }
  threshold: 0.5
  metadata: { tags: [x], level: 1 }
  options: { prefix: 'Hi ', suffix: '!' }
  assert: [{ type: contains, value: '{{a}}' }]
tests:
  - description: one
    vars: { b: own }
    metadata: { level: 2 }
    assert: [{ type: not-icontains, value: B, weight: 0, metric: 'm-{{b}}' }]
`);
    expect(one).toMatchObject({
      label: 'one',
      threshold: 0.5,
      tags: ['x'],
      metadata: { level: 2 },
      prompt: [{ role: 'user', text: 'Hi default own!' }],
      expectations: [
        { type: 'contains', isNegated: false, value: 'default', weight: 1 },
        { type: 'icontains', isNegated: true, value: 'B', weight: 0, metric: 'm-own' },
      ],
      origin: { file: 'set/promptfooconfig.yaml', line: 10 },
    });
  });

  test('reads files relative to the file that names them', async () => {
    const list = await cases({
      'set/promptfooconfig.yaml':
        'prompts: [file://p/*.txt]\ndefaultTest: file://defaults.yaml\nproviders: [echo]\ntests: [file://t/a.yaml, t/b.csv, "t/*.jsonl"]',
      'set/p/one.txt': 'A {{v}}\n---\nB {{v}}\n',
      'set/p/two.txt': 'C {{v}} {{w}}',
      'set/defaults.yaml': 'vars: { w: file://w.txt }\nassert: [{ type: is-json, value: file://schema.json }]',
      'set/w.txt': 'W\n',
      'set/schema.json': '{"type":"object"}',
      'set/t/a.yaml': '- vars: { v: file://own/*.txt }\n- vars: own/vars.yaml',
      'set/t/own/1.txt': 'v1',
      'set/t/own/2.txt': 'v2',
      'set/t/own/vars.yaml': 'v: v3',
      'set/t/b.csv': 'v,__expected\nv4,contains: x\n',
      'set/t/c.jsonl': '{"vars":{"v":"v5"}}\n',
    });
    expect(texts(list)).toEqual(['v1', 'v2', 'v3', 'v4', 'v5'].flatMap((v) => [`A ${v}`, `B ${v}`, `C ${v} W`]));
    expect(list[0]!.promptName).toBe('set/p/one.txt #1');
    expect(list[0]!.expectations).toMatchObject([{ type: 'is-json', value: { type: 'object' } }]);
    expect(list.find(({ origin }) => origin.file === 'set/t/b.csv')!.origin.line).toBe(2);
  });

  test('reads scenarios, prompts as a map, lanes as a map, and filters', async () => {
    const file = await open({
      'set/c.yaml': `
prompts: { a.txt: first, b.txt: second }
providers:
  - openai:chat:gpt-4
  - { id: anthropic:messages:claude-x, label: c, config: { temperature: 0, apiKey: secret, max_tokens: 5 }, prompts: [first] }
  - 'openrouter:qwen/qwen3:free': { config: { top_p: 0.5 } }
  - file://more.yaml
  - exec:./run.sh
  - bam:thing
scenarios:
  - config: [{ vars: { x: '1' } }, { vars: { x: '2' } }]
    tests: [{ vars: { y: a }, prompts: [first], providers: [c], assert: [{ type: contains, value: '{{x}}{{y}}' }] }]
`,
      'set/a.txt': '{{x}}{{y}}',
      'set/b.txt': 'b',
      'set/more.yaml': '- ollama:chat:llama3',
    });
    expect(file.lanes!.map(({ id, model }) => model ?? id)).toEqual([
      'openai/gpt-4',
      'anthropic/claude-x',
      'qwen/qwen3:free',
      'ollama:llama3',
      'exec:./run.sh',
      'bam:thing',
    ]);
    expect(file.lanes![1]).toMatchObject({ label: 'c', parameters: { temperature: 0, max_tokens: 5 }, prompts: ['first'] });
    expect(JSON.stringify(file.lanes)).not.toContain('secret');
    expect(file.notRun.map(({ what, reference }) => [what, reference])).toEqual([
      ['provider', 'exec:./run.sh'],
      ['provider', 'bam:thing'],
    ]);
    const list = await casesOf(file);
    expect(list.map(({ prompt, expectations, lanes }) => [prompt[0]!.text, expectations[0]!.value, lanes])).toEqual([
      ['1a', '1a', ['c']],
      ['2a', '2a', ['c']],
    ]);
  });

  test('renders each string of a chat, so that quotes stay valid', async () => {
    const value = 'say "hi"\n';
    const chat = '[{"role":"system","content":"{{q}}"},{"role":"user","content":[{"type":"text","text":"{{q}}"}]}]';
    const yaml = '- role: developer\n  content: "{{q}}"\n- role: user\n  content: |-\n    {{q}}';
    const config = JSON.stringify({
      prompts: [chat, yaml, 'JSON {"a":{"b":1}} {{q}}'],
      providers: ['echo'],
      tests: [{ vars: { q: value } }],
    });
    const list = await cases({ 'set/c.json': config });
    expect(list.map(({ prompt }) => prompt)).toEqual([
      [
        { role: 'system', text: value },
        { role: 'user', text: value },
      ],
      [
        { role: 'system', text: value },
        { role: 'user', text: value },
      ],
      [{ role: 'user', text: `JSON {"a":{"b":1}} ${value}` }],
    ]);
  });

  test('never loads code, and reports it as not run', async () => {
    const file = await open(`
prompts: [file://prompt.js, '{{a}}']
providers: [file://provider.py]
tests:
  - vars: { a: b }
    options: { transform: file://transform.js }
    assert:
      - { type: javascript, value: file://assert.js }
      - { type: python, value: 'len(output) > 3' }
      - { type: perplexity, threshold: 5 }
      - { type: contains, value: a, transform: file://t.mjs:name }
      - { type: assert-set, assert: [{ type: javascript, value: file://inner.ts }] }
  - vars: { a: file://make.py }
  - python:tests.py
`);
    expect(file.notRun.map(({ what, reference }) => `${what} ${reference}`)).toEqual([
      'prompt file://prompt.js',
      'provider file://provider.py',
      'expectation file://assert.js',
      'expectation python',
      'expectation perplexity',
      'expectation file://t.mjs:name',
      'expectation file://inner.ts',
      'transform file://transform.js',
      'variable file://make.py',
      'tests python:tests.py',
    ]);
    expect(file.unreadable).toEqual([]);
    expect([file.testCount, file.caseCount]).toEqual([2, 1]);
    const [one] = await casesOf(file);
    expect(one!.expectations.every(({ notRun }) => notRun !== undefined)).toBe(true);
  });

  test.each([
    ['{ threshold: half, assert: [{ type: equals, value: x }] }', 'threshold is not a number: "half"'],
    ['{ threshold: .nan, assert: [{ type: equals, value: x }] }', 'threshold is not a number: NaN'],
    ['{ assert: [{ type: latency, threshold: 2s }] }', 'threshold is not a number: "2s"'],
    ['{ assert: [{ type: equals, value: x, weight: heavy }] }', 'weight is not a number: "heavy"'],
    ['{ assert: [{ type: equals, value: x, weight: -1 }] }', 'weight is negative: -1'],
    [
      '{ assert: [{ type: assert-set, threshold: [1], assert: [{ type: equals, value: x }] }] }',
      'threshold is not a number: [1]',
    ],
    ['{ assert: [{ type: assert-set, assert: [] }] }', 'an assert-set has no assertions'],
  ])('does not ignore a number that decides what passes: %s', async (written, reason) => {
    const file = await open(`prompts: [hi]\nproviders: [echo]\ntests:\n  - ${written}\n`);
    expect(file.unreadable.map((row) => row.reason)).toEqual([reason]);
  });

  test('reads numbers that are written as text', async () => {
    const [one] = await casesOf(
      await open(`prompts: [hi]
providers: [echo]
tests: [{ threshold: '0.5', assert: [{ type: equals, value: x, weight: '2', threshold: }] }]`),
    );
    expect(one).toMatchObject({ threshold: 0.5, expectations: [{ weight: 2, threshold: undefined }] });
  });

  test('collects every test that cannot be read, with its line', async () => {
    const file = await open(`
prompts: ['{{a}}']
providers: [echo]
tests:
  - vars: { a: fine }
  - vars: { b: no }
  - 5
  - vars: { a: x }
    assert: [{ value: no type }]
  - vars: { a: x }
    assert: [{ type: regex, value: '(' }]
  - vars: { a: x }
    assert: [{ type: is-json, value: { type: nothing } }]
  - vars: { a: x }
    assert: [{ type: contains }]
  - vars: { a: '' }
  - file://missing.yaml
  - vars: { a: x }
    assert: [{ type: contains, value: '{{ missing }}' }]
  - vars: { a: x }
    prompts: [other]
`);
    expect(file.unreadable.map(({ origin }) => origin.line)).toEqual([6, 7, 8, 10, 12, 14, 16, 17, 18, 20]);
    expect(file.unreadable.every(({ reason }) => reason !== '')).toBe(true);
    expect(file.unreadable.map(({ reason }) => reason)).toContain('contains has no value');
    expect(file.unreadable.filter(({ reason }) => reason.includes(', line'))).toEqual([]);
    expect(file.caseCount).toBe(1);
    await expect(open('prompts: [a')).rejects.toThrow('not valid YAML (line');
    await expect(open('providers: [echo]\ntests: [{ vars: { a: b } }]')).rejects.toThrow('has no prompts');
    await expect(open('a: 1')).rejects.toThrow('orx does not recognize the contents');
  });

  test('is bounded where a small file could fill the memory', async () => {
    const lists = Array.from(
      { length: 6 },
      (_, index) => `v${index}: [${Array.from({ length: 10 }, (_, n) => `'${n}'`).join()}]`,
    );
    const file = await open(`prompts: ['{{v0}}']\nproviders: [echo]\ntests: [{ vars: { ${lists.join(', ')} } }]`);
    expect(file.unreadable[0]!.reason).toContain('1000000 tests');
    const bomb = [
      'a: &a [x,x,x,x,x,x,x,x,x,x]',
      ...'bcdefgh'.split('').map((name, index) => `${name}: &${name} [${`*${'abcdefg'[index]},`.repeat(10)}]`),
    ];
    await expect(open(`${bomb.join('\n')}\nprompts: *h\ntests: []`)).rejects.toThrow('not usable YAML');
  });
});

test('data that is nested too deeply is unreadable', async () => {
  const deep = '['.repeat(20_000) + ']'.repeat(20_000);
  const row = `{"vars":{"input":"hi","x":${deep}},"assert":[{"type":"equals","value":"{{ x }}"}]}`;
  expect((await open({ 't.jsonl': row })).unreadable).toMatchObject([{ reason: 'it is nested too deeply' }]);
  expect((await open({ 't.json': `[${row}]` })).unreadable).toHaveLength(1);
  await expect(open(`prompts: ${deep}`)).rejects.toThrow('set/promptfooconfig.yaml is not usable YAML');
});

describe('references ($ref) in promptfoo files', () => {
  const opened = async (more: string, files: Readonly<Record<string, string>> = {}): Promise<EvaluationFile> =>
    open({ 'set/promptfooconfig.yaml': `prompts: ['{{a}}']\nproviders: [echo]\n${more}`, ...files });

  test('are replaced by what they name in the same file or another one', async () => {
    const file = await opened(
      `
templates: { short: { type: max-length, value: 9 }, 'a/b': { $ref: '#/templates/short' } }
defaultTest: { $ref: 'parts/default.yaml' }
tests:
  - vars: { a: x }
    assert: [{ $ref: '#/templates/short' }, { $ref: '#/templates/a~1b' }, { $ref: 'parts/more.yaml#/list/0' }]
  - parts/tests.yaml
`,
      {
        'set/parts/default.yaml': `assert: [{ $ref: '#/own' }]\nown: { type: contains, value: d }`,
        'set/parts/more.yaml': `list: [{ $ref: '#/kept' }]\nkept: { type: contains, value: m }`,
        'set/parts/tests.yaml': `shared: { type: contains, value: t }\ntests: [{ vars: { a: y }, assert: [{ $ref: 'more.yaml#/kept' }] }]`,
      },
    );
    expect(file.unreadable).toEqual([]);
    const values = (await casesOf(file)).map(({ expectations }) => expectations.map(({ value }) => value));
    expect(values).toEqual([
      ['d', 9, 9, 'm'],
      ['d', 'm'],
    ]);
  });

  test('of a JSON Schema into itself stay', async () => {
    const schema = { $defs: { n: { type: 'object', properties: { next: { $ref: '#/$defs/n' } } } }, $ref: '#/$defs/n' };
    const file = await opened(`tests: [{ vars: { a: x }, assert: [{ type: is-json, value: ${JSON.stringify(schema)} }] }]`);
    expect((await casesOf(file))[0]!.expectations[0]!.value).toEqual(schema);
  });

  test('that name nothing or each other are refused', async () => {
    const nothing = await opened(`tests:\n  - vars: { a: x }\n    assert: [{ $ref: '#/no/such' }]`);
    expect(nothing.unreadable).toMatchObject([{ reason: '$ref #/no/such names nothing', origin: { line: 4 } }]);
    await expect(opened(`x: { $ref: '#/y' }\ny: { $ref: '#/x' }\ntests: []`)).rejects.toThrow('contains itself');
    await expect(opened(`tests: [{ $ref: 'no.yaml' }]`)).rejects.toThrow('set/no.yaml does not exist');
    const bomb = 'abcdef'.split('').map((name, at) => `${name}: [${`{ $ref: '#/${'bcdefg'[at]}' },`.repeat(10)}]`);
    await expect(opened(`${bomb.join('\n')}\ng: [x]\ntests: []`)).rejects.toThrow('more than 200000 values');
  });
});

describe('a tests file of promptfoo', () => {
  test.each([
    ['t.yaml', '- vars: { question: "2+2?" }\n  assert: [{ type: equals, value: 4 }]'],
    ['t.json', '[{"vars":{"question":"2+2?"},"assert":[{"type":"equals","value":4}]}]'],
    ['t.jsonl', '{"vars":{"question":"2+2?"},"assert":[{"type":"equals","value":4}]}'],
    ['t.csv', 'question,__expected\n2+2?,4'],
  ])('%s has its prompt in a variable, or gets one', async (name, text) => {
    expect(texts(await cases({ [name]: text }))).toEqual(['2+2?']);
    const [one] = await cases({ [name]: text }, { prompts: ['Q: {{question}}'] });
    expect([one!.prompt[0]!.text, String(one!.expectations[0]!.value)]).toEqual(['Q: 2+2?', '4']);
    const file = await open({ [name]: text.replaceAll('question', 'q') });
    expect(file.unreadable[0]!.reason).toContain('no prompt');
    expect(texts(await cases({ [name]: text.replaceAll('question', 'q') }, { map: { prompt: 'q' } }))).toEqual(['2+2?']);
  });

  test('may have columns with any name', async () => {
    const [one] = await cases({ 't.csv': 'input,__proto__,constructor,__metadata:__proto__[],__expected\nhi,x,y,z,a' });
    expect(Object.entries(one!.vars)).toEqual([
      ['input', 'hi'],
      ['__proto__', 'x'],
      ['constructor', 'y'],
    ]);
    expect(Object.entries(one!.metadata)).toEqual([['__proto__', ['z']]]);
    expect(Object.getPrototypeOf(one!.metadata)).toBe(Object.prototype);
  });

  test('cells of a CSV file', async () => {
    const cells = [
      'contains: a',
      'not-contains:b',
      'icontains-any: a, b',
      'similar(0.9):text',
      'similar: text',
      'grade: be kind ',
      'fn:output.length > 1',
      'is-json',
      'latency(500)',
      'cost:0.1',
      'A: B',
      'file://check.js',
      'json:$.a = 1',
      '',
    ];
    const quoted = cells.map((cell) => `"${cell}"`).join(',');
    const columns = cells.map((_, index) => `__expected${index + 1}`).join(',');
    const text = `input,${columns},__description,__threshold,__metadata:tags[],__prefix,__metric,__config:__expected1:threshold\nhi,${quoted},d,0.5,"a,b\\,c",P:,M,0.3`;
    const [one] = await cases({ 't.csv': text });
    expect(
      one!.expectations.map(({ type, isNegated, value, threshold, notRun }) => [
        type,
        isNegated,
        value,
        threshold,
        notRun !== undefined,
      ]),
    ).toEqual([
      ['contains', false, 'a', 0.3, false],
      ['contains', true, 'b', undefined, false],
      ['icontains-any', false, ['a', 'b'], undefined, false],
      ['similar', false, 'text', 0.9, false],
      ['similar', false, 'text', 0.8, false],
      ['llm-rubric', false, ' be kind ', undefined, false],
      ['javascript', false, 'output.length > 1', undefined, false],
      ['is-json', false, undefined, undefined, false],
      ['latency', false, undefined, 500, false],
      ['cost', false, '0.1', 0.1, false],
      ['equals', false, 'A: B', undefined, false],
      ['javascript', false, 'file://check.js', undefined, true],
      ['json', false, '$.a = 1', undefined, false],
    ]);
    expect(one).toMatchObject({ label: 'd', threshold: 0.5, tags: ['a', 'b,c'], prompt: [{ text: 'P:hi' }] });
    expect(one!.expectations.every(({ metric }) => metric === 'M')).toBe(true);
  });
});

describe('rows', () => {
  const row = async (fields: unknown, choices: ReadingChoices = {}): Promise<TestCase> =>
    (await cases({ 'data.jsonl': JSON.stringify(fields) }, choices))[0]!;

  test('of questions and answers take the first column that has a known name', async () => {
    expect(await row({ ID: 'x', Question: 'Q', extra: 1, Answer: ' 4 ' })).toMatchObject({
      id: 'x',
      vars: { extra: 1 },
      prompt: [{ role: 'user', text: 'Q' }],
      expectations: [{ type: 'contains-word', value: '4' }],
      reference: '4',
    });
    expect(await row({ question: 'Q', answer: 'some steps\n#### 1,200' })).toMatchObject({ reference: '1,200' });
    expect(await row({ instruction: 'Sum', input: '1 2', output: 'x'.repeat(200) })).toMatchObject({
      prompt: [{ text: 'Sum\n\n1 2' }],
      expectations: [],
      reference: 'x'.repeat(200),
    });
    expect(await row({ question: 'Q', answer_matching_behavior: ' Yes' })).toMatchObject({ reference: 'Yes' });
    expect(await row({ prompt: 'P', label: 'name' })).toMatchObject({ label: 'name', expectations: [] });
    expect(await row({ text: 'T', label: 1 })).toMatchObject({ reference: '1' });
  });

  test('take other columns, and another comparison, when they are chosen', async () => {
    const map = { prompt: 'b', expected: 'c', system: 's', id: 'n', label: 'l' };
    const fields = { question: 'a', b: 'B', c: 'C', s: 'S', n: 7, l: 'L' };
    expect(await row(fields, { map, expect: 'equals' })).toMatchObject({
      id: '7',
      label: 'L',
      vars: { question: 'a' },
      prompt: [
        { role: 'system', text: 'S' },
        { role: 'user', text: 'B' },
      ],
      expectations: [{ type: 'equals', value: 'C' }],
    });
    await expect(row(fields, { map: { prompt: 'none' } })).rejects.toThrow('data.jsonl has no column none');
    await expect(row(fields, { map: { answer: 'b' } })).rejects.toThrow('--map cannot set answer');
    await expect(row(fields, { expect: 'latency' })).rejects.toThrow('latency cannot compare an expected text');
    await expect(row({ a: 1 })).rejects.toThrow('data.jsonl has no column with a prompt');
  });

  test('with a given prompt are variables, and their own placeholders stay', async () => {
    expect(await row({ question: 'What is {{x}}?', answer: '4' }, { prompts: ['Short: {{question}}'] })).toMatchObject({
      prompt: [{ text: 'Short: What is {{x}}?' }],
      reference: '4',
    });
    expect(await row({ question: '{{ constructor }} {% if %}' })).toMatchObject({
      prompt: [{ text: '{{ constructor }} {% if %}' }],
    });
  });

  test('of the data set viewer of Hugging Face are read as the rows that they contain', async () => {
    const rows = ['one', 'two'].map((question, index) => ({
      row_idx: index,
      row: { question, answer: String(index), source: 's' },
      truncated_cells: [],
    }));
    const viewed = { features: [{ feature_idx: 0, name: 'question' }], rows, num_rows_total: 2 };
    const list = await cases({ 'rows.json': JSON.stringify(viewed) });
    expect(texts(list)).toEqual(['one', 'two']);
    expect(list[1]).toMatchObject({ reference: '1', vars: { source: 's' } });
    expect(Object.keys(list[1]!.vars)).toEqual(['source']);
    expect(texts(await cases({ 'row.json': JSON.stringify([{ question: 'q', row: { question: 'other' } }]) }))).toEqual(['q']);
  });

  test('that cannot be read have a reason without their place, which is shown beside it', async () => {
    const image = [{ role: 'user', content: [{ type: 'image_url', image_url: { url: 'x' } }] }];
    const rows = await open({ 'data.jsonl': JSON.stringify({ messages: image }) });
    expect(rows.unreadable).toEqual([
      { origin: { file: 'data.jsonl', line: 1 }, reason: 'a message has a part that is not text' },
    ]);
    const config = await open(`prompts: [x]\nproviders: [echo]\ntests:\n  - assert: [{ value: 1 }]\n`);
    expect(config.unreadable).toMatchObject([{ origin: { line: 4 }, reason: 'an assertion has no type' }]);
  });

  test('of MT-Bench are conversations asked in sequence', async () => {
    expect(await row({ question_id: 81, category: 'writing', turns: ['one', 'two'], reference: ['r1', 'r2'] })).toMatchObject({
      id: '81',
      tags: ['writing'],
      prompt: [{ text: 'one' }],
      followUps: ['two'],
      reference: 'r2',
    });
  });

  test('of conversations do not send a last answer', async () => {
    const messages = [
      { role: 'user', content: 'hi' },
      { role: 'assistant', content: 'hello' },
    ];
    expect(await row({ messages })).toMatchObject({
      prompt: [{ role: 'user', text: 'hi' }],
      reference: 'hello',
      expectations: [],
    });
    expect(await row(messages)).toMatchObject({ prompt: [{ text: 'hi' }, { role: 'assistant' }] });
    const conversations = [
      { from: 'system', value: 's' },
      { from: 'human', value: 'hi' },
      { from: 'gpt', value: 'hello' },
    ];
    expect((await row({ conversations })).prompt.map(({ role }) => role)).toEqual(['system', 'user']);
    const image = [{ role: 'user', content: [{ type: 'image_url', image_url: { url: 'x' } }] }];
    const unreadable = [{ origin: { line: 1 }, reason: 'a message has a part that is not text' }];
    expect(await open({ 'data.jsonl': JSON.stringify({ messages: image }) })).toMatchObject({ unreadable });
  });

  test('with choices have letters', async () => {
    const one = await row({ input: 'Smallest?', target: 'A', choices: ['1', '2'] });
    expect(one.prompt[0]!.text).toBe('Smallest?\n\nA) 1\nB) 2\n\nAnswer with one letter.');
    expect(one.expectations).toMatchObject([{ type: 'choice', value: 'A' }]);
  });

  test('that cannot be read are all named', async () => {
    const file = await open({ 'data.jsonl': '{"question":"a"}\n\n{"question":\n{"answer":"b"}\n[1]\n7\n{"question":""}\n' });
    expect(file.unreadable.map(({ origin }) => origin.line)).toEqual([3, 4, 5, 6, 7]);
    expect(file.caseCount).toBe(1);
  });

  test.each([
    ['data.csv', 'prompt,expected\n"a,4\n', 'no row of data.csv can be read: line 2: not valid CSV'],
    ['data.csv', 'prompt,expected\n\na,b,c\na\n', 'no row of data.csv can be read: line 3: 3 fields, but the header has 2'],
    ['data.jsonl', '\n{"prompt":\n', 'no row of data.jsonl can be read: line 2: not valid JSON'],
    ['data.csv', 'prompt,expected\n', 'data.csv has no rows'],
    ['data.jsonl', '', 'data.jsonl has no rows'],
  ])('of which none can be read name the first: %s %j', async (path, text, message) => {
    await expect(open({ [path]: text })).rejects.toThrow(message);
  });

  test('of a CSV file in one long piece keep their lines and their characters', async () => {
    const rows = Array.from({ length: 3000 }, (_, index) => `"${index}\n${'😀'.repeat(index % 7)}",é${'x'.repeat(index % 5)}\n`);
    const read: DataRow[] = [];
    async function* whole(): AsyncGenerator<string> {
      yield `question,answer\n${rows.join('')}`;
    }
    for await (const row of csvRows(whole())) read.push(row);
    expect(read).toEqual(
      Array.from({ length: 3000 }, (_, index) => ({
        line: 2 + 2 * index,
        value: { question: `${index}\n${'😀'.repeat(index % 7)}`, answer: `é${'x'.repeat(index % 5)}` },
      })),
    );
  });

  test('of a small file stay in memory; those of a large one are read each time', async () => {
    const rows = (count: number, more = ''): string =>
      Array.from({ length: count }, (_, index) => `{"question":"${index}${more}"}\n`).join('');
    expect(await readsOf(rows(4096))).toBe(0);
    expect(await readsOf(rows(4097))).toBe(2);
    expect(await readsOf(rows(40, 'x'.repeat(100_000)))).toBe(2);
  });

  test('with one id several times are numbered', async () => {
    const file = await open({ 'data.jsonl': '{"id":"a","question":"1"}\n{"id":"a","question":"2"}\n' });
    expect((await casesOf(file)).map(({ id }) => id)).toEqual(['a', 'a (2)']);
    expect(file.warnings).toEqual(['several cases have the id a: they are numbered']);
  });
});

describe('text', () => {
  test('is a prompt a line, or blocks, or one prompt', async () => {
    expect(texts(await cases({ 'p.txt': 'one\r\n\n  two  \n' }))).toEqual(['one', 'two']);
    expect(texts(await cases({ 'p.txt': 'a\nb\n---\n\nc\n' }))).toEqual(['a\nb', 'c']);
    expect(texts(await cases({ 'p.md': '# a\n\n---\n\nb\n' }))).toEqual(['# a\n\n---\n\nb']);
  });

  test('files of a folder are prompts with their expected text beside them', async () => {
    const list = await cases(
      {
        'f/b.md': 'B',
        'f/a.txt': 'A',
        'f/a.expected.txt': 'yes\n',
        'f/c.prompt': 'C',
        'f/c.expected.json': '{"a":1}',
        'f/sum/system.md': 'S',
        'f/image.png': 'x',
      },
      {},
      'f',
    );
    expect(list.map(({ label, prompt, reference }) => [label, prompt[0]!.text, reference])).toEqual([
      ['a', 'A', 'yes'],
      ['b', 'B', undefined],
      ['c', 'C', '{"a":1}'],
      ['sum', 'S', undefined],
    ]);
    await expect(open({ 'f/x.png': '' }, {}, 'f')).rejects.toThrow('f has no prompts');
    expect(texts(await cases({ 'f/promptfooconfig.yaml': 'prompts: [p]\nproviders: [echo]' }, {}, 'f'))).toEqual(['p']);
  });

  test('of an unknown format is refused', async () => {
    await expect(open({ 'x.parquet': '' })).rejects.toThrow('orx does not know the format of x.parquet');
    await expect(open({ 'x.jsonl': '' })).rejects.toThrow('x.jsonl has no rows');
    await expect(open({ a: '' }, {}, 'missing.csv')).rejects.toThrow('missing.csv does not exist');
  });
});

describe('the rows of a file', () => {
  async function* inPieces(text: string, size: number): AsyncGenerator<string> {
    for (let at = 0; at < text.length; at += size) yield text.slice(at, at + size);
  }

  async function all(rows: AsyncIterable<DataRow>): Promise<DataRow[]> {
    const list: DataRow[] = [];
    for await (const row of rows) list.push(row);
    return list;
  }

  test('are the same for any split of the text, and any delimiter', async () => {
    const cell = fc.string({ unit: fc.constantFrom('a', 'ü', '"', ',', ';', '\n', ' ', '👍'), maxLength: 6 });
    const table = fc.array(fc.tuple(cell, cell, cell), { minLength: 1, maxLength: 5 });
    await fc.assert(
      fc.asyncProperty(
        table,
        fc.constantFrom(',', ';', '\t', '|'),
        fc.integer({ min: 1, max: 9 }),
        async (rows, delimiter, size) => {
          const quote = (text: string): string => `"${text.replaceAll('"', '""')}"`;
          const text = [['x', 'y', 'z'], ...rows.map((row) => row.map(quote))].map((row) => row.join(delimiter)).join('\n');
          const read = await all(csvRows(inPieces(text, size)));
          expect(read.map((row) => ('value' in row ? Object.values(row.value as object) : row))).toEqual(rows);
          const json = rows.map((row) => JSON.stringify(row)).join('\r\n');
          expect((await all(jsonRows(inPieces(json, size)))).map((row) => ('value' in row ? row.value : row))).toEqual(rows);
        },
      ),
      { numRuns: 60 },
    );
  });

  test('have the lines where they start', async () => {
    const rows = await all(csvRows(inPieces('a,b\n"1\n2",x\n\n3,"y\n\n"\n4\n5,z', 3)));
    expect(rows.map(({ line }) => line)).toEqual([2, 5, 8, 9]);
    await expect(all(csvRows(inPieces('a,a\n1,2', 9)))).rejects.toThrow('two columns called a');
  });
});
