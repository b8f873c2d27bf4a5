import { expect, test } from 'vitest';
import type { ChatRequest } from '../../../src/apis/completion.ts';
import type { MatrixLane } from '../../../src/core/matrix/cell.ts';
import { mostCost } from '../../../src/core/matrix/requests/most-cost.ts';
import { addWork, answerTokens, detectableDifference, quoteMatrix } from '../../../src/core/matrix/quote.ts';
import { makeModel } from '../../support/catalogue.ts';
import { testCase } from '../../support/matrix-report.ts';
import { makeEndpoint } from '../../support/quotes.ts';
import { resolved } from '../../support/settings.ts';

const NOON = new Date('2026-08-05T12:00:00Z');

function lane(name: string, flags = {}): MatrixLane {
  return {
    name,
    model: name,
    settings: resolved({ flags }).values,
    overrides: {},
    address: 'https://api.example',
    connection: 'api',
    takes: () => true,
  };
}

test('every question of a case is a request with the conversation before it', () => {
  const one = testCase('1', { prompt: [{ role: 'user', text: 'one two three' }], followUps: ['four', 'five'] });
  const first = addWork(
    { requests: 2, promptTokens: 10 },
    testCase('0', { prompt: [{ role: 'user', text: 'one two three' }] }),
    100,
  );
  expect(first).toEqual({ requests: 3, promptTokens: 13 });
  expect(addWork({ requests: 0, promptTokens: 0 }, one, 100)).toEqual({ requests: 3, promptTokens: 3 + 104 + 205 });
  expect(addWork({ requests: 0, promptTokens: 0 }, one, 100, 2)).toEqual({ requests: 1, promptTokens: 205 });
});

test('the range is that of the endpoints that may answer; lanes without a price are named', () => {
  const endpoints = [
    makeEndpoint('cheap', { prompt: '0.000001', completion: '0.000002' }),
    makeEndpoint('dear', { prompt: '0.00001', completion: '0.00002' }),
  ];
  const work = { requests: 10, promptTokens: 1000 };
  const facts = { isLocal: false, model: makeModel('a/one'), endpoints, pastAnswer: 50 };
  const quote = quoteMatrix(
    [
      { lane: lane('a/one'), work, facts },
      { lane: lane('a/one', { ignore: 'dear' }), work, facts },
      { lane: lane('a/gone'), work, facts: { ...facts, model: undefined } },
      { lane: lane('a/done'), work: { requests: 0, promptTokens: 0 }, facts: { ...facts, model: undefined } },
    ],
    NOON,
  );
  expect(quote).toMatchObject({ requests: 30, unpriced: ['a/gone'] });
  expect([quote.low.toFixed(), quote.high.toFixed()]).toEqual(['0.004', '0.022']);
});

test('a data policy leaves out the endpoints that it excludes', () => {
  const endpoints = [
    makeEndpoint('cheap', { prompt: '0.000001', completion: '0.000002' }),
    makeEndpoint('keeps-nothing', { prompt: '0.00001', completion: '0.00002' }),
  ];
  const work = { requests: 10, promptTokens: 1000 };
  const facts = {
    isLocal: false,
    model: makeModel('a/one'),
    endpoints,
    pastAnswer: 50,
    zeroRetention: new Set(['keeps-nothing']),
  };
  const quote = quoteMatrix([{ lane: lane('a/one', { zdr: 'true' }), work, facts }], NOON);
  expect([quote.low.toFixed(), quote.high.toFixed()]).toEqual(['0.02', '0.02']);
  const none = { ...facts, zeroRetention: new Set<string>() };
  expect(quoteMatrix([{ lane: lane('a/one', { 'data-policy': 'strict' }), work, facts: none }], NOON).unpriced).toEqual([
    'a/one',
  ]);
});

test('the expected answer comes from past answers, and is no longer than allowed', () => {
  const facts = (pastAnswer?: number) => ({ pastAnswer });
  expect([
    answerTokens(lane('m'), facts()),
    answerTokens(lane('m'), facts(80)),
    answerTokens(lane('m', { 'max-tokens': '20' }), facts(80)),
  ]).toEqual([500, 80, 20]);
});

test('the smallest difference that a run can show: 5 points need 1,396 cases, or 559 with five answers each', () => {
  expect(detectableDifference(1396, 1, 2)).toBeCloseTo(0.05, 3);
  expect(detectableDifference(559, 5, 2)).toBeCloseTo(0.05, 3);
  expect(detectableDifference(10, 5, 2)).toBeLessThan(1);
  // A result of fewer cases is called too few, also with many answers for each.
  expect(detectableDifference(9, 5, 2)).toBe(1);
  expect([detectableDifference(100, 1, 1), detectableDifference(0, 1, 2)]).toEqual([undefined, undefined]);
});

test('the highest cost of an attempt is its prompt and its longest answer at the most expensive endpoint', () => {
  const request: ChatRequest = { model: 'a/one', messages: [{ role: 'user', content: 'x'.repeat(40) }], stream: true };
  const model = makeModel('a/one');
  const endpoints = [
    makeEndpoint('cheap', { prompt: '0.000001', completion: '0.000002' }),
    makeEndpoint('dear', { prompt: '0.00001', completion: '0.00002' }),
  ];
  const most = (more: Partial<ChatRequest>, asked = [{ model, endpoints }] as Parameters<typeof mostCost>[1]) =>
    mostCost({ ...request, ...more }, asked, NOON)?.toNumber();
  expect(most({ maxTokens: 100 })).toBeGreaterThan(0.002);
  expect(most({ maxTokens: 100 })).toBeLessThan(0.003);
  expect(most({})).toBeGreaterThan(16_384 * 0.00002);
  expect(most({ maxTokens: 100 }, [{ model: undefined, endpoints: undefined }])).toBeUndefined();
  const free = makeModel('a/free', { in: '0', out: '0' }, { top_provider: {}, context_length: null });
  expect(most({}, [{ model: free, endpoints: [] }])).toBe(0);
});
