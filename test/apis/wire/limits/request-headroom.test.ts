import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { requestHeadroom } from '../../../../src/apis/wire/limits/request-headroom.ts';

const NOW = 1_790_000_000_000;
const at = (ms: number): string => new Date(NOW + ms).toISOString();
const headroom = (headers: Readonly<Record<string, string>>) => requestHeadroom((name) => headers[name], NOW);

const openAi = (limit: string, remaining: string, reset: string) => ({
  'x-ratelimit-limit-requests': limit,
  'x-ratelimit-remaining-requests': remaining,
  'x-ratelimit-reset-requests': reset,
});
const anthropic = (limit: string, remaining: string, reset: string) => ({
  'anthropic-ratelimit-requests-limit': limit,
  'anthropic-ratelimit-requests-remaining': remaining,
  'anthropic-ratelimit-requests-reset': reset,
});
const openRouter = (limit: string, remaining: string, reset: string) => ({
  'x-ratelimit-limit': limit,
  'x-ratelimit-remaining': remaining,
  'x-ratelimit-reset': reset,
});

describe('what a reply leaves of a limit of requests', () => {
  test.each<[string, Record<string, string>, { requests: number; forMs: number }]>([
    // One request returns in each six seconds: the reset is when all have returned.
    ['OpenAI, as a duration', openAi('10', '0', '1m0s'), { requests: 0, forMs: 6000 }],
    ['Groq, as seconds with a fraction', openAi('30', '1', '58.5s'), { requests: 1, forMs: 2018 }],
    ['a plain number of seconds', openAi('10', '2', '48'), { requests: 2, forMs: 6000 }],
    ['milliseconds', openAi('2', '0', '900ms'), { requests: 0, forMs: 450 }],
    ['Anthropic, as a time', anthropic('50', '1', at(49_000)), { requests: 1, forMs: 1000 }],
    ['OpenRouter, as milliseconds since 1970', openRouter('20', '0', String(NOW + 41_000)), { requests: 0, forMs: 41_000 }],
    ['seconds since 1970', openRouter('20', '1', String(NOW / 1000 + 30)), { requests: 1, forMs: 30_000 }],
    [
      'the draft of the IETF',
      { 'ratelimit-limit': '100', 'ratelimit-remaining': '5', 'ratelimit-reset': '12' },
      { requests: 5, forMs: 12_000 },
    ],
    [
      'Mistral, which names the minute',
      { 'x-ratelimit-limit-req-minute': '6', 'x-ratelimit-remaining-req-minute': '0' },
      { requests: 0, forMs: 10_000 },
    ],
    [
      'the first limit of which little is left',
      { ...openAi('100', '90', '1m0s'), ...openRouter('20', '0', String(NOW + 5000)) },
      { requests: 0, forMs: 5000 },
    ],
  ])('%s', (_name, headers, expected) => expect(headroom(headers)).toEqual(expected));

  test.each<[string, Record<string, string>]>([
    ['no headers', {}],
    ['much is left', openAi('30000', '29999', '2ms')],
    ['enough is left', openRouter('100', '6', String(NOW + 60_000))],
    ['nothing is used', openAi('1', '1', '60s')],
    ['more is left than there is', openRouter('5', '9', String(NOW + 60_000))],
    ['the limit is missing', { 'x-ratelimit-remaining': '0', 'x-ratelimit-reset': String(NOW + 60_000) }],
    ['the reset is missing', { 'x-ratelimit-limit': '5', 'x-ratelimit-remaining': '0' }],
    ['the reset is in the past', openRouter('5', '0', String(NOW - 1))],
    ['the reset is now', anthropic('5', '0', at(0))],
    ['the reset is zero', openAi('250', '0', '0')],
    ['the reset is a quota of hours', openRouter('50', '0', String(NOW + 6 * 3_600_000))],
    ['the reset is a word', openRouter('5', '0', 'soon')],
    ['the numbers are no numbers', openRouter('many', 'none', '60')],
    ['the numbers are negative', openRouter('-5', '-1', '60')],
    ['the numbers are fractions', openRouter('5.5', '0.5', '60')],
    ['the time is too short to matter', openAi('5000', '1', '60s')],
    [
      'a limit of tokens',
      { 'x-ratelimit-limit-tokens': '10', 'x-ratelimit-remaining-tokens': '0', 'x-ratelimit-reset-tokens': '9s' },
    ],
  ])('is not known: %s', (_name, headers) => expect(headroom(headers)).toBeUndefined());
});

const NAMES = Object.keys({
  ...openAi('', '', ''),
  ...anthropic('', '', ''),
  ...openRouter('', '', ''),
  'ratelimit-limit': '',
  'ratelimit-remaining': '',
  'ratelimit-reset': '',
  'x-ratelimit-limit-req-minute': '',
  'x-ratelimit-remaining-req-minute': '',
});
const value = fc.oneof(
  fc.string(),
  fc.nat().map(String),
  fc.integer().map(String),
  fc.double().map(String),
  fc.integer({ min: -1e6, max: 1e6 }).map(at),
  fc.integer({ min: NOW - 1e7, max: NOW + 1e7 }).map(String),
  fc.constantFrom('6m0s', '1h30m', '0s', '120ms', '1e9', '0x10', 'Infinity', ' 7 ', '9'.repeat(40)),
);

test('whatever the headers are, no wait is negative, unreasonably long, or for more than few requests', () => {
  fc.assert(
    fc.property(fc.dictionary(fc.constantFrom(...NAMES), value), (headers) => {
      const found = headroom(headers);
      if (found === undefined) return;
      expect(Number.isSafeInteger(found.requests) && found.requests >= 0 && found.requests <= 20).toBe(true);
      expect(Number.isSafeInteger(found.forMs) && found.forMs >= 100 && found.forMs <= 300_000).toBe(true);
    }),
    { numRuns: 500 },
  );
});

test('a limit of which more than a twentieth and more than two requests are left slows nothing down', () => {
  const limit = fc.integer({ min: 1, max: 1_000_000 });
  const reset = fc.integer({ min: 1, max: 300 });
  fc.assert(
    fc.property(limit, fc.double({ min: 0, max: 1, noNaN: true }), reset, (most, share, seconds) => {
      const left = Math.floor(most * share);
      fc.pre(left > 2 && left > most / 20);
      for (const headers of [
        openAi(`${most}`, `${left}`, `${seconds}s`),
        anthropic(`${most}`, `${left}`, at(seconds * 1000)),
        openRouter(`${most}`, `${left}`, String(NOW + seconds * 1000)),
      ])
        expect(headroom(headers)).toBeUndefined();
    }),
  );
});
