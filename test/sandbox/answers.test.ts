import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { decimal, decimalText, parseDecimal } from '../../src/decimal.ts';
import { chargeFor } from '../../src/sandbox/charge.ts';
import { ALL_MODELS, findFacts } from '../../src/sandbox/catalogue.ts';
import { countPieces, tokenPieces } from '../../src/sandbox/token-pieces.ts';
import { wireAmount } from '../../src/sandbox/wire-chunks.ts';
import { parseCommand } from '../support/parse-command.ts';
import { eventOf, fastSandbox, play, userRequest } from '../support/sandbox.ts';

/** Without the special ones. */
const CHAT_MODELS = ALL_MODELS.filter(({ id, output }) => !id.startsWith('sandbox/') && output?.includes('text') !== false);

describe('an answer', () => {
  test.each(CHAT_MODELS.map(({ id }) => id))('of %s says what it is', async (id) => {
    const { events, text, error } = await play(fastSandbox(), userRequest(id));
    expect(error).toBeUndefined();
    expect(text).toMatch(/^This is a simulated answer from the orx sandbox/);
    expect(text).toContain('“Why is the sky blue?”');
    expect(eventOf(events, 'response-end')).toMatchObject({ finishReason: 'stop' });
    expect(events.find((event) => event.type !== 'heartbeat')?.type).toBe('response-start');
    expect(eventOf(events, 'usage').usage.completionTokens).toBeGreaterThan(20);
  });

  test('is the same for the same request, in another process too', async () => {
    const request = userRequest('anthropic/claude-sonnet-4.6', 'tell me', { temperature: 0.5 });
    const [first, second] = [await play(fastSandbox(), request), await play(fastSandbox(), request)];
    expect(second.text).toBe(first.text);
    expect(eventOf(second.events, 'usage')).toEqual(eventOf(first.events, 'usage'));
    // Pinned, because users see any change of the text.
    expect(first.text.split('\n')[0]).toBe(
      'This is a simulated answer from the orx sandbox, not from Claude Sonnet 4.6. Your prompt “tell me” counts as 6 input tokens.',
    );
  });

  test('differs by model, by prompt and by parameters', async () => {
    const models = [
      'openai/gpt-4o',
      'anthropic/claude-haiku-4.5',
      'google/gemini-2.5-flash',
      'deepseek/deepseek-chat',
      'mistralai/mistral-large-2512',
    ];
    const texts = new Set<string>();
    for (const model of models) texts.add((await play(fastSandbox(), userRequest(model))).text.replace(/^.*\n/, ''));
    expect(texts.size).toBe(models.length);
    const seeds = new Set<string>();
    for (const seed of [1, 2, 3, 4, 5, 6, 7, 8])
      seeds.add((await play(fastSandbox(), userRequest('openai/gpt-4o', 'x', { extra: { seed } }))).text);
    expect(seeds.size).toBeGreaterThan(2);
  });

  test('mentions the system prompt, the earlier turns and the attachments', async () => {
    const { text } = await play(fastSandbox(), {
      ...userRequest('openai/gpt-4o'),
      messages: [
        { role: 'system', content: 'Be a pirate.' },
        { role: 'user', content: 'one' },
        { role: 'assistant', content: 'aye' },
        {
          role: 'user',
          content: [
            { type: 'text', text: 'two' },
            { type: 'image', url: 'data:image/png;base64,AAAA' },
          ],
        },
      ],
    });
    expect(text).toContain(
      'Your prompt “two”, 1 attachment, the turn before it and the system prompt “Be a pirate.” count as 1313 input tokens.',
    );
  });

  test('states its own tokens and cost, for every model', async () => {
    const stated: (number | undefined)[][] = [];
    const real: (number | undefined)[][] = [];
    const forms = [
      /^- Tokens: (?<input>\d+) in, (?<output>\d+) out$/m,
      /^\| input \| (?<input>\d+) [^]*?^\| output[^|]*\| (?<output>\d+) /m,
    ];
    const costs = [/\*\*\$(?<cost>[\d.]+)\*\*/, /^- Cost: \$(?<cost>[\d.]+), simulated$/m];
    for (const { id } of CHAT_MODELS)
      for (const prompt of ['a', 'b', 'c', 'd', 'e']) {
        const { text, events } = await play(fastSandbox(), userRequest(id, prompt));
        const { promptTokens, completionTokens, cost: paid } = eventOf(events, 'usage').usage;
        const matches = [...forms, ...costs].map((form) => form.exec(text)?.groups ?? {});
        const { input, output, cost } = Object.assign({}, ...matches) as Record<string, string | undefined>;
        if (input !== undefined) {
          stated.push([Number(input), Number(output)]);
          real.push([promptTokens, completionTokens]);
        }
        if (cost !== undefined) {
          stated.push([Number(cost)]);
          real.push([Number(decimal(paid!).prec(3, 1))]);
        }
      }
    expect(stated).toEqual(real);
    expect(stated.length).toBeGreaterThan(100);
  });

  test('names reroutes and earlier failures', async () => {
    const { text } = await play(fastSandbox(), userRequest('sandbox/always-down', 'x', { fallbackModels: ['openai/gpt-4o'] }));
    expect(text).toContain('not from GPT-4o.');
    expect(text).toContain('1 attempt failed first (Sandbox: 502).');
    const alias = await play(fastSandbox(), userRequest('~anthropic/claude-sonnet-latest'));
    expect(alias.text).toMatch(/`~anthropic\/claude-sonnet-latest` stands for `anthropic\/claude-[\w.-]+` here\./);
  });

  test.each([
    ['write a python script', '```python\nfrom openai import OpenAI'],
    ['the same in TypeScript', "import OpenAI from 'openai';"],
    ['call the API with curl', '```sh\ncurl http'],
    ['what does it cost?', '## Track your costs'],
    ['what if a provider fails?', '| `sandbox/rate-limit` |'],
    ['hello', '## Have a conversation'],
  ])('addresses the request: %s', async (prompt, expected) => {
    expect((await play(fastSandbox(), userRequest('openai/gpt-4o', prompt))).text).toContain(expected);
  });

  test('uses every form of Markdown, and only existing orx commands', async () => {
    const texts: string[] = [];
    for (let index = 0; index < 80; index += 1)
      texts.push((await play(fastSandbox(), userRequest('anthropic/claude-sonnet-4.6', `question ${index}`))).text);
    const all = texts.join('\n');
    for (const form of [/^## /m, /^- /m, /^1\. /m, /^> /m, /^\| --- \|/m, /^```python$/m, /\*\*\$/]) expect(all).toMatch(form);
    // Short enough to read, also at 80 columns.
    for (const text of texts) expect(text.split('\n').length).toBeLessThan(40);
    const commands = new Set([...all.matchAll(/^```sh\n([^]*?)\n```$/gm)].flatMap(([, code = '']) => commandLines(code)));
    expect(commands.size).toBeGreaterThan(8);
    for (const command of commands)
      await expect(parseCommand(commandWords(command), { now: Date.UTC(2026, 10, 30) })).resolves.toBeDefined();
  });

  test('quotes a prompt on a command line only if that is safe', async () => {
    for (const prompt of [
      'compare "$(rm -rf ~)"',
      'compare `id`',
      "compare it's",
      '--which-model is best',
      'compare !!',
      'compare a\nb',
    ]) {
      const { text } = await play(fastSandbox(), userRequest('openai/gpt-4o', prompt));
      expect(text).toContain('orx --sandbox compare "Why is the sky blue?"');
    }
  });

  test('ends at max_tokens, as the start of the longer one', async () => {
    const whole = await play(fastSandbox(), userRequest('openai/gpt-4o'));
    for (const maxTokens of [1, 7, 20]) {
      const cut = await play(fastSandbox(), userRequest('openai/gpt-4o', undefined, { maxTokens }));
      expect(whole.text.startsWith(cut.text)).toBe(true);
      expect(eventOf(cut.events, 'usage').usage.completionTokens).toBe(maxTokens);
      expect(eventOf(cut.events, 'response-end')).toMatchObject({ finishReason: 'length' });
    }
  });

  test('of an image model contains an image and charges for it', async () => {
    const { events } = await play(fastSandbox(), userRequest('google/gemini-2.5-flash-image'));
    const { url } = eventOf(events, 'image');
    expect(Buffer.from(url.slice('data:image/png;base64,'.length), 'base64').subarray(1, 4).toString()).toBe('PNG');
    const { usage } = eventOf(events, 'usage');
    const text = usage.completionTokens - 1290;
    expect(usage.cost).toBe(
      decimalText(
        decimal('0.00003')
          .times(1290)
          .plus(decimal('0.0000025').times(text))
          .plus(decimal('0.0000003').times(usage.promptTokens)),
      ),
    );
  });

  test('is the same whole and streamed', async () => {
    const streamed = await play(fastSandbox(), userRequest('openai/o4-mini'));
    const whole = await play(fastSandbox(), userRequest('openai/o4-mini', undefined, { stream: false }));
    expect(whole.text).toBe(streamed.text);
    expect(eventOf(whole.events, 'usage')).toEqual(eventOf(streamed.events, 'usage'));
  });
});

describe('reasoning', () => {
  const reasoningOf = async (model: string, extra: Record<string, unknown> = {}) => {
    const { events } = await play(fastSandbox(), userRequest(model, undefined, { extra }), { includeChunks: true });
    const shown = events.map((event) => (event.type === 'reasoning-delta' ? event.text : '')).join('');
    return { shown, tokens: eventOf(events, 'usage').usage.reasoningTokens ?? 0, events };
  };

  test('is in both fields, and once as an event', async () => {
    const { shown, tokens, events } = await reasoningOf('deepseek/deepseek-r1-0528');
    expect(tokens).toBe(countPieces(shown));
    const first = events.find((event) => event.type === 'chunk')!;
    const delta = JSON.parse(first.type === 'chunk' ? first.data : '').choices[0].delta;
    expect(delta.reasoning).toBe(delta.reasoning_details[0].text);
    expect(shown.startsWith(delta.reasoning)).toBe(true);
  });

  test.each([
    ['openai/gpt-5', {}, true],
    ['openai/gpt-5', { reasoning: { effort: 'none' } }, false],
    ['openai/gpt-5', { reasoning: { enabled: false } }, false],
    ['anthropic/claude-sonnet-4.6', {}, false],
    ['anthropic/claude-sonnet-4.6', { reasoning: { max_tokens: 1000 } }, true],
    ['anthropic/claude-sonnet-4.6', { reasoning_effort: 'low' }, true],
    ['google/gemini-2.5-pro', { reasoning: { enabled: false } }, true],
    ['openai/gpt-4o', { reasoning: { effort: 'high' } }, false],
  ])('of %s with %j: %s', async (model, extra, isExpected) => {
    const { shown, tokens } = await reasoningOf(model, extra);
    expect([shown !== '', tokens > 0]).toEqual([isExpected, isExpected]);
  });

  test('that is excluded is counted but not shown', async () => {
    expect(await reasoningOf('openai/gpt-5', { reasoning: { exclude: true } })).toMatchObject({
      shown: '',
      tokens: expect.any(Number) as number,
    });
    expect((await reasoningOf('openai/gpt-5', { reasoning: { exclude: true } })).tokens).toBeGreaterThan(5);
  });

  test('grows with the effort, and can use the whole budget', async () => {
    const [low, high] = [
      await reasoningOf('openai/gpt-5', { reasoning: { effort: 'low' } }),
      await reasoningOf('openai/gpt-5', { reasoning: { effort: 'high' } }),
    ];
    expect(high.tokens).toBeGreaterThan(low.tokens);
    const eaten = await play(fastSandbox(), userRequest('openai/gpt-5', undefined, { maxTokens: 5 }));
    expect(eaten.text).toBe('');
    expect(eventOf(eaten.events, 'usage').usage).toMatchObject({ completionTokens: 5, reasoningTokens: 5 });
    expect(eventOf(eaten.events, 'response-end').finishReason).toBe('length');
  });
});

describe('the cost', () => {
  test('is exact', async () => {
    const { events } = await play(fastSandbox(), userRequest('deepseek/deepseek-chat'));
    const { usage } = eventOf(events, 'usage');
    expect(usage.cost).toBe(
      decimalText(decimal('0.0000002574').times(usage.promptTokens).plus(decimal('0.0000010287').times(usage.completionTokens))),
    );
    expect(usage.totalTokens).toBe(usage.promptTokens + usage.completionTokens);
  });

  test('is higher above the long-prompt limit, for the whole request', () => {
    const model = findFacts('anthropic/claude-sonnet-4.5')!;
    const bill = (prompt: number) =>
      decimalText(chargeFor(model, model.endpoints[0]!, { prompt, completion: 10, reasoning: 0, image: 0 }).total);
    expect(bill(200_000)).toBe('0.60015');
    expect(bill(200_001)).toBe('1.200231');
  });

  test('survives conversion to a JSON number, for every endpoint and any size', () => {
    const endpoints = ALL_MODELS.flatMap((model) => model.endpoints.map((endpoint) => ({ model, endpoint })));
    fc.assert(
      fc.property(
        fc.constantFrom(...endpoints),
        fc.nat(1_100_000),
        fc.nat(400_000),
        fc.nat(100_000),
        ({ model, endpoint }, prompt, text, reasoning) => {
          const { total } = chargeFor(model, endpoint, { prompt, completion: text + reasoning, reasoning, image: 0 });
          expect(parseDecimal(JSON.parse(JSON.stringify(wireAmount(total))))!.eq(total)).toBe(true);
        },
      ),
      { numRuns: 500 },
    );
  });
});

describe('tokens', () => {
  test('joined together are the text', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), (text) => {
        expect(tokenPieces(text).join('')).toBe(text);
      }),
    );
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        expect(tokenPieces(text).join('')).toBe(text);
      }),
    );
  });

  test.each([
    ['', 0],
    ['hello', 1],
    ['hello world', 2],
    ['simulated', 2],
    ['a, b.', 4],
    ['空は青い', 2],
    ['  \n', 1],
  ])('of %j are %i', (text, count) => {
    expect(countPieces(text)).toBe(count);
  });

  test('of a long text are counted from its beginning', () => {
    expect(countPieces(' word'.repeat(1_000_000))).toBe(1_000_000);
  });
});

/** Returns the orx commands in a piece of shell code, without comments and without the commands piped into them. */
function commandLines(code: string): string[] {
  return code
    .replaceAll('\\\n', ' ')
    .split('\n')
    .map((line) => line.replace(/ # .*$/, '').replace(/^[^"]*\| /, ''))
    .filter((line) => line.startsWith('orx '));
}

function commandWords(command: string): string[] {
  return [...command.matchAll(/"([^"]*)"|(\S+)/g)].map(([, quoted, plain = '']) => quoted ?? plain).slice(1);
}
