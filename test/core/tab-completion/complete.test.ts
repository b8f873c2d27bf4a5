import { expect, test } from 'vitest';
import { outlineProgram } from '../../../src/cli/program.ts';
import { readBashLine } from '../../../src/core/tab-completion/bash-line.ts';
import { complete } from '../../../src/core/tab-completion/complete.ts';
import type { ValueKind } from '../../../src/core/tab-completion/outline.ts';
import { bashLines, shellLines } from '../../../src/core/tab-completion/shell-lines.ts';

const OUTLINE = await outlineProgram();
const LISTS: Partial<Record<ValueKind, readonly string[]>> = {
  model: ['fast', 'qwen/coder', 'qwen/coder:free', '~anthropic/latest', 'openai/gpt-4o'],
  alias: ['fast'],
  favorite: ['openai/gpt-4o'],
  budget: ['1', '2'],
  conversation: ['01kabd', '01kabc'],
  'recorded-conversation': ['01kabc'],
  template: ['review', 'übersetzen'],
  server: ['files'],
};

async function at(...words: string[]) {
  const asked: ValueKind[] = [];
  const completion = await complete(OUTLINE, words.slice(0, -1), words.at(-1)!, (kind) => {
    asked.push(kind);
    return Promise.resolve((LISTS[kind] ?? []).map((value) => ({ value, about: '' })));
  });
  return {
    asked,
    kind: completion.kind,
    values: completion.kind === 'words' ? completion.candidates.map(({ value }) => value) : [],
  };
}

test.each<[string[], string[]]>([
  [['mo'], ['models']],
  [
    ['models', ''],
    ['show', 'diff'],
  ],
  [['--sandbox', '--base-url', 'chat', 'mo'], ['models']],
  [['chat', 'mo'], []],
  [['help', 'mo'], ['models']],
  [
    ['help', 'e'],
    ['environment', 'exit-codes', 'embed', 'endpoints'],
  ],
  [
    ['completion', ''],
    ['bash', 'zsh', 'fish', 'powershell'],
  ],
  [['chat', '--model'], ['--model']],
  [['chat', '--sand'], ['--sandbox']],
  [['chat', '--', '--mod'], []],
  [['chat', '-m', 'qwen/coder:'], ['qwen/coder:free']],
  [['chat', '-m', '~'], ['~anthropic/latest']],
  [['chat', '-qm', 'qwen/coder:'], ['qwen/coder:free']],
  [['chat', '--model=qwen/coder:'], ['--model=qwen/coder:free']],
  [['chat', '-m', 'gpt'], ['openai/gpt-4o']],
  [['chat', '-m', 'fast', 'hel'], []],
  [['compare', '-m', 'fast,open'], ['fast,openai/gpt-4o']],
  [['models', '--sort', 'pr'], ['price']],
  [['models', '--sort=pr'], ['--sort=price']],
  [
    ['chat', '--route-by', ''],
    ['price', 'throughput', 'latency'],
  ],
  [
    ['chat', '--data-policy', 's'],
    ['standard', 'strict'],
  ],
  [['models', 'show', 'op'], ['openai/gpt-4o']],
  [['price', 'fast', 'op'], ['openai/gpt-4o']],
  [['fav', 'remove', ''], ['openai/gpt-4o']],
  [['fav', 'add', 'fa'], ['fast']],
  [['alias', 'remove', ''], ['fast']],
  [['alias', 'add', ''], []],
  [['alias', 'add', 'x', 'op'], ['openai/gpt-4o']],
  [
    ['budget', 'remove', '1', ''],
    ['1', '2'],
  ],
  [
    ['cost', ''],
    ['last', 'today', 'week', 'month', '01kabc'],
  ],
  [
    ['chat', '--session', '01'],
    ['01kabd', '01kabc'],
  ],
  [['chat', '--cid=01kabc'], ['--cid=01kabc']],
  [['history', 'show', '01kabd'], ['01kabd']],
  [['history', 'export', '01kabd'], ['01kabd']],
  [['history', 'fork', '01kabd'], ['01kabd']],
  [['history', 'rename', '01kabd'], ['01kabd']],
  [['history', 'rename', '01kabd', '01'], []],
  [['history', 'remove', '01kabd', '01kabc'], ['01kabc']],
  [
    ['chat', '-t', ''],
    ['review', 'übersetzen'],
  ],
  [['chat', '--template=re'], ['--template=review']],
  [['templates', 'show', 'üb'], ['übersetzen']],
  [['templates', 'edit', 're'], ['review']],
  [['templates', 'edit', './re'], []],
  [['templates', 'add', ''], []],
  [['templates', 'remove', 'review', 'üb'], ['übersetzen']],
  [['chat', '--mcp', ''], ['files']],
  [['mcp', 'test', ''], ['files']],
  [['config', 'get', 'base'], ['base-url']],
  [['config', 'get', 'api-k'], []],
  [
    ['config', 'set', 'data-policy', ''],
    ['standard', 'strict'],
  ],
  [
    ['config', 'set', 'zdr', ''],
    ['true', 'false'],
  ],
  [['config', 'set', 'model', 'op'], ['openai/gpt-4o']],
  [
    ['usage', '--command', 'pr'],
    ['price', 'profile'],
  ],
  [
    ['chat', '--effort', 'm'],
    ['minimal', 'medium', 'max'],
  ],
  [['chat', '--verbosity=x'], ['--verbosity=xhigh']],
  [
    ['chat', '--service-tier', 'f'],
    ['flex', 'fast'],
  ],
  [
    ['chat', '--modalities', 'text,'],
    ['text,text', 'text,image', 'text,audio'],
  ],
  [['chat', '--audio-format', 'p'], ['pcm16']],
  [['chat', '--quantization', 'fp8,bf'], ['fp8,bf16']],
  [['chat', '--theme', 'd'], ['dark']],
  [['chat', '--route-by', 'l'], ['latency']],
  [['config', 'set', 'effort', 'x'], ['xhigh']],
  [['models', '--input', 'v'], ['video']],
  [['models', '--output-modalities', 'sp'], ['speech']],
  [['models', '--parameter', 'tools,struct'], ['tools,structured_outputs']],
  [
    ['models', '--columns', 'model,cac'],
    ['model,cached', 'model,cache-write'],
  ],
])('%j', async (words, expected) => expect((await at(...words)).values).toEqual(expected));

test.each<[string[], string]>([
  [['price', '--file', ''], 'files'],
  [['price', '--file=a,b'], 'files'],
  [['ledger', 'import', ''], 'files'],
  [['usage', '--out', ''], 'files'],
  [['usage', '--out-file', ''], 'files'],
  [['usage', '--project', ''], 'folders'],
  [['chat', '-t', './re'], 'files'],
  [['templates', 'show', 'my/'], 'files'],
  [['chat', '--schema', ''], 'files'],
  [['history', 'export', '--out', ''], 'files'],
  [['chat', '--out-dir', ''], 'folders'],
])('%j is left to the shell: %s', async (words, kind) => expect((await at(...words)).kind).toBe(kind));

test('old names are not offered, but their arguments are completed', async () => {
  expect((await at('alias', '')).values).toEqual(['list', 'add', 'remove']);
  expect((await at('serve', 'keys', '')).values).toEqual(['list', 'show', 'add', 'remove']);
  expect((await at('history', '')).values).not.toContain('delete');
  expect((await at('favo')).values).toEqual([]);
  expect((await at('alias', 'set', 'x', 'op')).values).toEqual(['openai/gpt-4o']);
  expect((await at('history', 'delete', '01kabd')).values).toEqual(['01kabd']);
  expect((await at('models', '--favo')).values).toEqual(['--favorites']);
});

test('without a command, flags are those of orx chat', async () => {
  expect((await at('-m', 'qwen/coder:')).values).toEqual(['qwen/coder:free']);
  expect((await at('--continu')).values).toEqual(['--continue']);
  expect((await at('-m', 'models', 'mo')).values).toEqual(['models']);
  expect((await at('chat', '--help')).values).toEqual(['--help', '--help-all']);
});

test('nothing is read from disk unless it is needed', async () => {
  for (const words of [[''], ['chat', '--'], ['models', '--sort', ''], ['chat', 'hello']])
    expect((await at(...words)).asked).toEqual([]);
});

test('flags hidden from help are offered once their start is typed', async () => {
  expect((await at('chat', '--')).values).not.toContain('--no-zdr');
  expect((await at('chat', '--no-z')).values).toEqual(['--no-zdr']);
});

const HOSTILE = [
  'a b',
  'a/$(touch x)',
  'a/`x`',
  'a/"x"',
  "a/'x'",
  'a/\u001b[2J',
  'a/b\nc',
  '-rf',
  '--model',
  'a/;x',
  'a/\u202ex',
  'a/*',
  '',
];
test.each(HOSTILE)('external %j is not a candidate', async (value) => {
  const completion = await complete(OUTLINE, ['chat', '-m'], '', () => Promise.resolve([{ value, about: '' }]));
  expect(completion).toEqual({ kind: 'words', candidates: [] });
});

test('bash gets the part that readline replaces, with ~ quoted if no quote is open', () => {
  const completion = {
    kind: 'words' as const,
    candidates: ['~a/b', 'q/c:free', 'q/c:beta'].map((value) => ({ value, about: 'x' })),
  };
  const breaks = '=:';
  expect(bashLines(completion, readBashLine('orx x ', breaks))).toBe('words\n\\~a/b\nq/c:free\nq/c:beta\n');
  expect(bashLines(completion, readBashLine('orx x q/c:', breaks))).toBe('words\nfree\nbeta\n');
  expect(bashLines(completion, readBashLine('orx x "', breaks))).toBe('words\n~a/b\nq/c:free\nq/c:beta\n');
});

test('bash gets descriptions of numbers only in lists, never where a candidate is inserted', async () => {
  const line = readBashLine('orx history show ', ' ');
  const list = () => Promise.resolve(['01ka', '01kb'].map((value) => ({ value, about: `about $(${value})` })));
  const both = await complete(OUTLINE, ['history', 'show'], '', list);
  for (const type of ['63', '33', '64'])
    expect(bashLines(both, line, type)).toBe('words\n01ka  about $(01ka)\n01kb  about $(01kb)\n');
  for (const type of ['9', '37', '42', '', undefined]) expect(bashLines(both, line, type)).toBe('words\n01ka\n01kb\n');
  const one = await complete(OUTLINE, ['history', 'show'], '01ka', list);
  expect(bashLines(one, readBashLine('orx history show 01ka', ' '), '63')).toBe('words\n01ka\n');
  const models = await complete(OUTLINE, ['chat', '-m'], '', list);
  expect(bashLines(models, line, '63')).toBe('words\n01ka\n01kb\n');
});

test('other shells get the description after a tab, on one line and short', () => {
  const completion = { kind: 'words' as const, candidates: [{ value: 'v', about: 'long '.repeat(40) }] };
  const [kind, line] = shellLines(completion).split('\n');
  expect(kind).toBe('words');
  expect(line).toMatch(/^v\tlong .*…$/);
  expect(line!.length).toBeLessThan(80);
  const smileys = { kind: 'words' as const, candidates: [{ value: 'v', about: '😀'.repeat(100) }] };
  expect(shellLines(smileys)).not.toMatch(/\p{Surrogate}/u);
});
