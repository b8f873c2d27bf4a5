import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { blendedPrice, parseBlend } from '../../../src/core/models/blend.ts';
import { quote, type Workload } from '../../../src/core/price/quote.ts';
import { tokenMargin } from '../../../src/core/tokens/token-margin.ts';
import { promptCounter } from '../../../src/core/price/prompt-count.ts';
import { decimal, decimalText, type Decimal } from '../../../src/decimal.ts';
import { makeModel } from '../../support/catalogue.ts';

const PAGE = readFileSync(fileURLToPath(new URL('../../../docs/prices.md', import.meta.url)), 'utf8');
const EXAMPLES = [...PAGE.matchAll(/```json\n([\s\S]*?)```/g)].map(
  (match) => JSON.parse(match[1]!) as { pricing: Record<string, unknown>; workload: Workload; cost: string },
);
const SUMS = [...PAGE.matchAll(/^ {4}(.+=.+)$/gm)].map((match) => match[1]!);

/** Evaluates sums of products, and a quotient of a sum in parentheses. */
function value(text: string): Decimal {
  const [, inside, divisor] = /^\((.+)\) ÷ (.+)$/.exec(text.trim()) ?? [];
  if (inside !== undefined) return value(inside).div(divisor!);
  return text
    .split('+')
    .map((product) => product.split('×').reduce((result, factor) => result.times(factor.trim()), decimal(1)))
    .reduce((sum, product) => sum.plus(product), decimal(0));
}

test('there are sums to check', () => expect([EXAMPLES.length, SUMS.length]).toEqual([3, 7]));

test.each(SUMS)('%s', (sum) => {
  const [first, ...others] = sum.split('=').map(value);
  for (const other of others) expect(decimalText(other)).toBe(decimalText(first!));
});

test.each(EXAMPLES)('%j', ({ pricing, workload, cost }) => {
  const quoted = quote(makeModel('a/b', {}, { pricing }), workload, new Date());
  expect(quoted.kind === 'amount' ? decimalText(quoted.total) : quoted.kind).toBe(cost);
  // The sum that explains it has the same figure.
  expect(SUMS.some((sum) => value(sum.split('=').at(-1)!).eq(cost))).toBe(true);
});

test('the blend, the count and the margins match orx', async () => {
  const blended = blendedPrice(makeModel('a/b', { in: '0.00000027', out: '0.0000011' }), parseBlend('3:1'));
  expect(decimalText(blended!.times(1_000_000))).toBe('0.4775');
  expect(await promptCounter({ user: 'Why is the sky blue?' })('openai/gpt-4o')).toMatchObject({ tokens: 13, isExact: true });
  const percent = (share: number): string => `${share > 1 ? '+' : ''}${Math.round((share - 1) * 100)}`;
  for (const [name, id] of [
    ['Claude', 'anthropic/claude-sonnet-4.6'],
    ['Gemini, Gemma', 'google/gemma-3-27b-it'],
    ['Llama', 'meta-llama/llama-3.3-70b-instruct'],
    ['DeepSeek', 'deepseek/deepseek-chat'],
    ['Qwen', 'qwen/qwen3-coder'],
    ['all others', 'somebody/else'],
  ]) {
    const [plain, other] = ['blue sky', '空はなぜ青い'].map((text) => {
      const { low, high } = tokenMargin(id!, text);
      return `${percent(low)} to ${percent(high)}%`;
    });
    expect(PAGE).toMatch(
      new RegExp(`\\| ${name} +\\| ${plain!.replaceAll('+', '\\+')} +\\| ${other!.replaceAll('+', '\\+')} +\\|`),
    );
  }
});
