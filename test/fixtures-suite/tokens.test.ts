import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { countTokens } from '../../src/core/tokens/count-tokens.ts';
import { estimateTokens } from '../../src/core/tokens/estimate-tokens.ts';
import { tokenizerFor } from '../../src/core/tokens/tokenizer.ts';
import { promptCounter } from '../../src/core/price/prompt-count.ts';

const SHARED = fileURLToPath(new URL('../../../shared/fixtures', import.meta.url));
const isPresent = existsSync(join(SHARED, 'prompts')) && existsSync(join(SHARED, 'openrouter-streams'));
if (!isPresent)
  console.warn('skipped: the recorded prompts are not beside this project (../shared/fixtures/prompts and openrouter-streams)');

const lines = (name: string): any[] =>
  readFileSync(join(SHARED, 'prompts', name), 'utf8')
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line));

describe.skipIf(!isPresent)('recorded prompts', () => {
  test('estimateTokens is as accurate as it states', async () => {
    const errors: number[] = [];
    for (const name of readdirSync(join(SHARED, 'prompts')).filter((file) => file.endsWith('.jsonl'))) {
      const sums = { real: 0, estimated: 0 };
      for (const { prompt, turns } of lines(name)) {
        const text: string = prompt ?? turns.join('\n');
        const [real, estimated] = [await countTokens(text, 'o200k'), estimateTokens(text)];
        errors.push(Math.abs(estimated / real - 1));
        sums.real += real;
        sums.estimated += estimated;
      }
      expect(Math.abs(sums.estimated / sums.real - 1)).toBeLessThan(0.03);
    }
    errors.sort((a, b) => a - b);
    expect(errors).toHaveLength(260);
    expect(errors[130]).toBeLessThan(0.035);
    expect(errors[234]).toBeLessThan(0.09);
    expect(errors.at(-1)).toBeLessThan(0.26);
  });

  test("counts marked exact match the billed ones, except for one token of a conversation's overhead", async () => {
    let seen = 0;
    for (const folder of ['openrouter-json', 'openrouter-streams', 'vendor-streams']) {
      for (const name of readdirSync(join(SHARED, folder)).filter((file) => file.endsWith('.meta.json'))) {
        const meta = JSON.parse(readFileSync(join(SHARED, folder, name), 'utf8'));
        const { model, messages, tools, plugins } = (meta.request?.body ?? meta.request?.json ?? meta.request ?? {}) as Record<
          string,
          any
        >;
        const id = typeof model === 'string' && /^(gpt|o)[\d-]/.test(model) ? `openai/${model}` : (model as string | undefined);
        // The quote is for a system prompt and a question.
        const said = (role: string): string[] => messages.filter((one: any) => one.role === role).map((one: any) => one.content);
        if (id === undefined || !id.startsWith('openai/') || !tokenizerFor(id).isExact || !Array.isArray(messages)) continue;
        if (
          tools !== undefined ||
          plugins !== undefined ||
          said('user').length !== 1 ||
          said('system').length + 1 !== messages.length
        )
          continue;
        if (typeof said('user')[0] !== 'string') continue;
        const body = readFileSync(join(SHARED, folder, name.replace(/\.meta\.json$/, '')), 'utf8');
        const billed = [...body.matchAll(/"prompt_tokens":\s*(\d+)/g)]
          .map((match) => Number(match[1]))
          .filter((count) => count > 0);
        if (billed.length === 0) continue;
        const { tokens, isExact } = await promptCounter({ system: said('system')[0], user: said('user')[0] })(id);
        expect(isExact).toBe(true);
        expect([name, Math.abs(tokens - billed.at(-1)!) <= 1]).toEqual([name, true]);
        seen += 1;
      }
    }
    expect(seen).toBeGreaterThan(1);
  });
});
