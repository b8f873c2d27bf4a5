import { describe, expect, test } from 'vitest';
import type { ModelsOptions } from '../../../src/commands/models/options.ts';
import { dayStart } from '../../../src/core/time/periods.ts';
import { parseCommand } from '../../support/parse-command.ts';

const NOW = Date.parse('2026-08-05T12:00:00Z');
const TERMINAL = ['stdin', 'stdout', 'stderr'] as const;

/** Returns the options that a `models` command line stands for. */
async function read(...args: string[]): Promise<ModelsOptions> {
  const known = { file: { favorites: ['a/b'] }, terminals: TERMINAL, now: NOW };
  return (await parseCommand(['models', ...args], known)) as ModelsOptions;
}

describe('filters', () => {
  test.each<[string[], object]>([
    [[], { search: '', free: false, zdr: false, cache: false }],
    [['claude', 'son', '--search', 'net'], { search: 'claude son net' }],
    [['--author', 'openai, qwen,'], { author: ['openai', 'qwen'] }],
    [['--provider', 'Groq,novita/fp8'], { provider: ['Groq', 'novita/fp8'] }],
    [['--free', '--zdr', '--cache'], { free: true, zdr: true, cache: true }],
    [['--input', 'audio', '--vision'], { inputs: ['audio', 'image'] }],
    [['--input', 'image', '--vision'], { inputs: ['image'] }],
    [['--output-modalities', 'image,text'], { outputs: ['image', 'text'] }],
    // The old spelling: no format has this name.
    [['--output', 'image,text'], { outputs: ['image', 'text'] }],
    [['--tools', '--reasoning', '--structured'], { parameters: ['tools', 'reasoning', 'structured_outputs'] }],
    [['--parameter', 'seed,top_k', '--parameter', 'logprobs', '--tools'], { parameters: ['seed', 'top_k', 'logprobs', 'tools'] }],
    [['--min-context', '128k'], { minContext: 128_000 }],
    [['--quantization', 'fp8,bf16'], { quantization: ['fp8', 'bf16'] }],
    [['--since', '2026-08-01'], { createdSince: new Date(2026, 7, 1).getTime() / 1000 }],
    [['--since', '30d'], { createdSince: dayStart(NOW, -29) / 1000 }],
    [['--expiring'], { expiringBefore: '2026-09-04' }],
    [['--expiring', '1w'], { expiringBefore: '2026-08-12' }],
    [['--favorites'], { favorites: new Set(['a/b']) }],
  ])('%j', async (args, filter) => {
    expect((await read(...args)).filter).toMatchObject(filter);
  });

  test('prices are exact decimals', async () => {
    const { filter } = await read('--max-input-price', '0.1', '--max-output-price', '2');
    expect([String(filter.maxInputPrice), String(filter.maxOutputPrice)]).toEqual(['0.1', '2']);
  });
});

test.each<[string[], object]>([
  [[], { sort: 'name', reverse: false, format: 'table', columns: undefined, limit: undefined, isLive: true, orderedBy: [] }],
  [['--json'], { format: 'json' }],
  [['-o', 'json', '--json'], { format: 'json' }],
  [['-o', 'ids', '--limit', '3', '--reverse', '--static'], { format: 'ids', limit: 3, reverse: true, isLive: false }],
  [['--columns', 'model, OUT,,model'], { columns: ['model', 'out'] }],
  [['--sort', 'price'], { orderedBy: ['blend'] }],
  [['--sort', 'uptime'], { orderedBy: ['uptime'] }],
  [['--sort', 'value', '--benchmark', 'coding'], { benchmark: 'coding', orderedBy: ['coding', 'value'] }],
  [['--refresh'], { refresh: true, offline: false }],
  [['--offline'], { refresh: false, offline: true }],
])('%j', async (args, options) => {
  expect(await read(...args)).toMatchObject(options);
});

test('--blend is a setting', async () => {
  expect(String((await read('--blend', '1:2')).blend.output)).toBe('2');
  expect(String((await read()).blend.input)).toBe('3');
});

test.each<[string[], RegExp]>([
  [['--author', ' , '], /^--author must be a comma-separated list/],
  [['--output-modalities', 'csv'], /^--output-modalities must be/],
  [['--min-context', 'long'], /^--min-context must be a number of tokens/],
  [['--max-input-price', '-1'], /^--max-input-price must be USD per million/],
  [['--max-output-price', '1e-3'], /^--max-output-price must be USD per million/],
  [['--since', 'monday'], /^--since must be a time/],
  [['--expiring', 'soon'], /^--expiring must be a duration/],
  [['--limit', '0'], /^--limit must be/],
  [['--columns', 'model,prize'], /^unknown column "prize" in --columns/],
  [['--columns', ','], /^--columns must be a comma-separated list/],
  [['--json', '-o', 'csv'], /^--json and -o csv cannot be combined/],
  [['--refresh', '--offline'], /^--refresh and --offline cannot be combined/],
  [['--blend', '3'], /^blend must be a ratio/],
  [['-o', 'yaml'], /choices are table, json, csv, markdown, ids/],
  [['--benchmark', 'beauty'], /choices are intelligence, coding, agentic/],
])('%j is a usage error', async (args, told) => {
  await expect(read(...args)).rejects.toThrow(told);
});
