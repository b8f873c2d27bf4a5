import { describe, expect, test } from 'vitest';
import { type Answer, EMPTY_ANSWER } from '../../../src/core/answer/answer.ts';
import { receiptOf, type ReceiptOptions } from '../../../src/core/answer/receipt.ts';
import { OrxError } from '../../../src/errors.ts';
import { errorText } from '../../../src/output/text/error.ts';
import { receiptText } from '../../../src/output/chat/receipt.ts';

const ANSWER: Answer = {
  ...EMPTY_ANSWER,
  id: 'gen-1',
  model: 'deepseek/deepseek-chat',
  provider: 'Novita',
  text: 'x',
  usage: { promptTokens: 1204, completionTokens: 340, totalTokens: 1544, cachedTokens: 1096, cost: '0.000412', wire: {} },
  metrics: { timeToFirstTokenMs: 412, durationMs: 4500, throughput: 83.2 },
};
const textOf = (answer: Partial<Answer>, options: Partial<ReceiptOptions> = {}, columns?: number) =>
  receiptText(receiptOf({ ...ANSWER, ...answer }, { asked: 'deepseek/deepseek-chat', state: 'complete', ...options }), columns);

describe('the receipt', () => {
  test('has the model, the speed, the tokens and the cost', () => {
    expect(textOf({})).toEqual({
      warnings: [],
      line: 'deepseek-chat · Novita · 0.41 s to first token · 83 tok/s · 1,204 in (91% cached) → 340 out · $0.000412',
    });
  });

  test('keeps the vendor in the name of a direct model, and drops the author after it', () => {
    const asked = 'together:meta-llama/Llama-3.3-70B';
    expect(textOf({ model: asked, provider: 'Together' }, { asked }).line).toMatch(/^together:Llama-3\.3-70B · Together · /);
  });

  test.each([
    [2101.3, 'deepseek-chat · Novita · loaded in 2.10 s · 0.41 s to first token · 83 tok/s'],
    // Every answer of a server that loads models includes the time it took to find the model.
    [31.4, 'deepseek-chat · Novita · 0.41 s to first token · 83 tok/s'],
  ])('shows the load time of %s ms separately from the time to the first token', (loadMs, start) => {
    expect(textOf({ metrics: { ...ANSWER.metrics!, loadMs } }).line).toMatch(new RegExp(`^${start} ·`));
  });

  test('names once every other model that answered a request of the turn, and reports unrequested answers', () => {
    const served = ['openai/gpt-4o', 'deepseek/deepseek-chat-v3.1:free', 'openai/gpt-4o', 'deepseek/deepseek-chat'];
    expect(textOf({ answers: 3 }, { served }).warnings).toEqual([
      'warning: answered by openai/gpt-4o, not deepseek/deepseek-chat',
      'warning: answered by deepseek/deepseek-chat-v3.1:free, not deepseek/deepseek-chat',
      'warning: the server sent 3 responses; only the first is shown',
    ]);
    expect(textOf({}, { served: ['deepseek/deepseek-chat:free', 'deepseek/deepseek-chat-20250101'] }).warnings).toEqual([]);
  });

  test.each<[string, Partial<Answer>, Partial<ReceiptOptions>, string]>([
    [
      'nothing known',
      { usage: undefined, metrics: undefined, provider: undefined, id: undefined, model: undefined },
      {},
      'deepseek-chat · cost not known',
    ],
    [
      'stopped',
      { usage: undefined, metrics: { timeToFirstTokenMs: 410, durationMs: 900 } },
      { state: 'stopped' },
      'deepseek-chat · Novita · stopped · 0.41 s to first token · cost not known yet (gen-1)',
    ],
    [
      'stopped and looked up',
      { usage: undefined, metrics: undefined },
      { state: 'stopped', lookedUp: { cost: '0.0123' } },
      'deepseek-chat · Novita · stopped · $0.0123 (looked up)',
    ],
    [
      'computed from listed prices',
      {
        usage: { promptTokens: 1, completionTokens: 2, totalTokens: 3, cost: '0.0012', isComputed: true, wire: {} },
        metrics: undefined,
      },
      {},
      'deepseek-chat · Novita · 1 in → 2 out · $0.00120 (computed)',
    ],
    [
      'free',
      { usage: { promptTokens: 1, completionTokens: 2, totalTokens: 3, cost: '0', wire: {} }, metrics: undefined },
      {},
      'deepseek-chat · Novita · 1 in → 2 out · $0',
    ],
    [
      'reasoning',
      {
        usage: { promptTokens: 1, completionTokens: 2000, totalTokens: 2001, reasoningTokens: 1500, cost: '1.5', wire: {} },
        metrics: undefined,
      },
      {},
      'deepseek-chat · Novita · 1 in → 2,000 out (1,500 reasoning) · $1.50',
    ],
    [
      'an own key',
      {
        usage: { promptTokens: 1, completionTokens: 2, totalTokens: 3, cost: '0.001', isByok: true, wire: {} },
        metrics: undefined,
      },
      {},
      'deepseek-chat · Novita · 1 in → 2 out · $0.00100 fee; the provider charges your own key, the amount is not known',
    ],
  ])('%s', (_name, answer, options, expected) => {
    expect(textOf(answer, options).line).toBe(expected);
  });

  test('breaks between its parts', () => {
    expect(textOf({}, {}, 80).line.split('\n')).toEqual([
      'deepseek-chat · Novita · 0.41 s to first token · 83 tok/s',
      '1,204 in (91% cached) → 340 out · $0.000412',
    ]);
  });

  test.each<[string, Partial<Answer>, string | undefined]>([
    ['nothing', {}, undefined],
    [
      'another model',
      { model: 'anthropic/claude-sonnet-4.6' },
      'warning: answered by anthropic/claude-sonnet-4.6, not deepseek/deepseek-chat',
    ],
    [
      'another model after failures',
      {
        model: 'anthropic/claude-sonnet-4.6',
        routing: {
          attempts: [
            { provider: 'Chutes', status: 429 },
            { provider: 'Novita', status: 503 },
            { provider: 'Anthropic', status: 200 },
          ],
        },
      },
      'warning: answered by anthropic/claude-sonnet-4.6, not deepseek/deepseek-chat: Chutes 429, Novita 503',
    ],
    [
      'retries',
      {
        retries: [
          { error: new Error('x'), waitMs: 1 },
          { error: new Error('x'), waitMs: 1 },
        ],
      },
      'warning: deepseek/deepseek-chat answered after 2 retries',
    ],
  ])('warns of %s', (_name, answer, expected) => {
    expect(textOf(answer).warnings).toEqual(expected === undefined ? [] : [expected]);
  });

  test('external names are harmless', () => {
    const { line, warnings } = textOf({ model: 'evil/\u001b[2Jname', provider: 'P\n\u202eQ' });
    expect(`${line}${warnings.join('')}`).not.toMatch(/[\u0000-\u001f\u202e]/);
  });
});

describe('errorText', () => {
  test('says what happened, with at most three lines of hints', () => {
    const error = new OrxError('no provider is left', { kind: 'no-endpoint', hints: ['a', 'b', 'c', 'd'] });
    expect(errorText(error)).toBe('error: no provider is left\nhint: a\nhint: b\nhint: c\n');
  });

  test('shows facts and causes only on request', () => {
    const cause = new Error('ECONNRESET');
    const error = new OrxError('cut', {
      kind: 'network',
      code: 'stream-cut',
      status: 200,
      requestId: 'gen-7',
      provider: 'P',
      cause,
    });
    expect(errorText(error)).toBe('error: cut\n');
    expect(errorText(error, { verbose: true })).toBe(
      'error: cut\n  kind network · code stream-cut · status 200 · provider P · request gen-7\n  caused by: ECONNRESET\n',
    );
  });

  test('never shows the stack of an unknown error, except on request', () => {
    const error = new TypeError('x is undefined');
    expect(errorText(error)).not.toContain('    at ');
    expect(errorText(error, { verbose: true })).toContain('at ');
  });

  test('never shows a key or an escape code', () => {
    const error = new OrxError('bad key sk-or-v1-0123456789abcdef \u001b[2J', {
      kind: 'authentication',
      hints: ['Bearer sk-or-v1-0123456789abcdef'],
    });
    expect(errorText(error, { verbose: true })).not.toMatch(/0123456789|\u001b/);
  });
});
