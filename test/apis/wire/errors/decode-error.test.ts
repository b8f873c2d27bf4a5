import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type ErrorKind, shellHint } from '../../../../src/errors.ts';
import { errorText } from '../../../../src/output/text/error.ts';
import { decodeApiError } from '../../../../src/apis/wire/errors/decode-error.ts';

const error = (status: number, body: object, headers: Record<string, string> = {}, now?: number) =>
  decodeApiError({ status, body: { error: body }, headers, now });

describe('the kind, and with it the exit code', () => {
  test.each<[string, number, object, ErrorKind, boolean]>([
    ['no key', 401, { code: 401, message: 'No auth credentials found' }, 'authentication', false],
    ['no credits', 402, { code: 402, message: 'This request requires more credits' }, 'credits', false],
    [
      'balance reserved by other requests',
      402,
      { code: 402, message: 'x', metadata: { limit_source: 'openrouter_in_flight_budget' } },
      'credits',
      true,
    ],
    ['a spent key limit, in words', 403, { code: 403, message: 'Key limit exceeded (monthly limit).' }, 'credits', false],
    [
      'a spent budget',
      403,
      { code: 403, message: 'x', metadata: { limit_source: 'openrouter_workspace_budget' } },
      'credits',
      false,
    ],
    ['moderation', 403, { code: 403, message: 'flagged', metadata: { reasons: ['violence'] } }, 'no-endpoint', false],
    ['no endpoint', 404, { code: 404, message: 'No endpoints found that support tool use' }, 'no-endpoint', false],
    ['no such model', 400, { code: 400, message: 'a/b is not a valid model ID' }, 'no-endpoint', false],
    ['too long', 400, { code: 400, message: 'too long', metadata: { error_type: 'context_length_exceeded' } }, 'usage', false],
    [
      'refused by policy',
      400,
      { code: 400, message: 'no', metadata: { error_type: 'content_policy_violation' } },
      'no-endpoint',
      false,
    ],
    ['request time-out', 408, { code: 408, message: 'x' }, 'provider', true],
    ['too many', 429, { code: 429, message: 'x' }, 'rate-limit', true],
    ['too many for the day', 429, { code: 429, message: 'Rate limit exceeded: free-models-per-day' }, 'rate-limit', false],
    ['internal', 500, { code: 500, message: 'x' }, 'provider', true],
    ['bad gateway', 502, { code: 502, message: 'x' }, 'provider', true],
    ['overloaded at the edge', 529, { code: 529, message: 'x' }, 'provider', true],
    ['a body without a code', 503, { message: 'x' }, 'provider', true],
    [
      'a refused key with the status of a bad request',
      400,
      { message: 'API key not valid. Please pass one.' },
      'authentication',
      false,
    ],
    ['a refused key by its type', 400, { message: 'no', type: 'authentication_error' }, 'authentication', false],
    ['a status in digits', 200, { message: 'no', code: '401' }, 'authentication', false],
    ['a path that is none', 404, { code: 404, message: 'Not Found' }, 'network', false],
    ['only a type', 429, { message: 'x', error_type: 'rate_limit_exceeded' }, 'rate-limit', true],
    ['the API says it may pass', 404, { code: 404, message: 'x', availability: { retryable: true } }, 'no-endpoint', true],
  ])('%s', (_name, status, body, kind, isRetryable) => {
    expect(error(status, body)).toMatchObject({ kind, isRetryable });
  });

  test('a failure mid-stream is a provider failure, whatever its code says', () => {
    expect(decodeApiError({ status: 200, body: { error: { code: 400, message: 'x' } }, afterCommit: true })).toMatchObject({
      kind: 'provider',
      status: 400,
    });
    expect(decodeApiError({ status: 200, body: { error: { code: 402, message: 'x' } }, afterCommit: true })).toMatchObject({
      kind: 'credits',
    });
  });
});

describe('the message', () => {
  test.each([
    ['text', 'google/gemini is rate-limited upstream'],
    ['an object', { error: { message: 'google/gemini is rate-limited upstream' } }],
    ['JSON in text in JSON', JSON.stringify({ error: JSON.stringify({ detail: 'google/gemini is rate-limited upstream' }) })],
  ])('takes the reason from raw, which is %s', (_name, raw) => {
    const match = error(429, { code: 429, message: 'Provider returned error', metadata: { provider_name: 'Google', raw } });
    expect(match.message).toBe('too many requests to Google: google/gemini is rate-limited upstream');
    expect(match.provider).toBe('Google');
  });

  test('a message of its own is shown', () => {
    expect(error(400, { code: 400, message: 'Bad image', metadata: { raw: 'noise' } }).message).toBe('Bad image');
  });

  test.each([undefined, null, 7, 'text', [], {}, { error: null }, { error: 'plain' }])(
    'a body of %j is no reason to crash',
    (body) => {
      const match = decodeApiError({ status: 503, body });
      expect(match).toMatchObject({ kind: 'provider', status: 503 });
      expect(match.message).not.toBe('');
    },
  );
});

describe('the retry delay', () => {
  test.each<[string, Record<string, string>, object, number | undefined, number | undefined]>([
    ['seconds', { 'retry-after': '7' }, {}, undefined, 7000],
    ['milliseconds win', { 'retry-after-ms': '250', 'retry-after': '7' }, {}, undefined, 250],
    ['a date', { 'retry-after': 'Mon, 23 Nov 2026 00:00:10 GMT' }, {}, Date.UTC(2026, 10, 23), 10_000],
    ['a date that is over', { 'retry-after': 'Mon, 23 Nov 2026 00:00:10 GMT' }, {}, Date.UTC(2026, 10, 24), 0],
    ['the availability block', {}, { availability: { retry_after: 3 } }, undefined, 3000],
    [
      'a reset in the body, in milliseconds since 1970',
      {},
      { metadata: { headers: { 'X-RateLimit-Reset': '1783524840000' } } },
      1783524800000,
      40_000,
    ],
    ['a reset in seconds since 1970', { 'x-ratelimit-reset': '1783524840' }, {}, 1783524800000, 40_000],
    ['the seconds until a reset', { 'x-ratelimit-reset': '40' }, {}, 1783524800000, 40_000],
    ['a reset that has passed asks for no wait', { 'x-ratelimit-reset': '1783524000000' }, {}, 1783524800000, undefined],
    ['a reset years from now is something else', { 'x-ratelimit-reset': '1983524000000' }, {}, 1783524800000, undefined],
    ['a fraction of a second', { 'retry-after': '0.5' }, {}, undefined, 500],
    ['a fraction of a millisecond', { 'retry-after-ms': '12.5' }, {}, undefined, 13],
    ['a duration', { 'retry-after': '1m30s' }, {}, undefined, 90_000],
    ['a date of 1994', { 'retry-after': 'Monday, 23-Nov-26 00:00:10 GMT' }, {}, Date.UTC(2026, 10, 23), 10_000],
    ['a time since 1970', { 'retry-after': '1783524840' }, {}, 1783524800000, 40_000],
    ['no number', { 'retry-after': '0x10' }, {}, 1783524800000, undefined],
    ['an empty value', { 'retry-after': '', 'retry-after-ms': ' ' }, {}, 1783524800000, undefined],
    ['a negative number', { 'retry-after': '-5' }, {}, 1783524800000, undefined],
    ['a field of the metadata', {}, { metadata: { retry_after: 2.5 } }, undefined, 2500],
    ['headers in the body in lower case', {}, { metadata: { headers: { 'retry-after': 4 } } }, undefined, 4000],
    ['words', {}, { message: 'Rate limit reached. Please try again in 6m0s. Visit us.' }, undefined, 360_000],
    ['words with milliseconds', {}, { message: 'Please try again in 20ms.' }, undefined, 20],
    ['words with a fraction', {}, { message: 'Please try again in 7.66s.' }, undefined, 7660],
    ['words in full', {}, { message: 'Please retry after 12 seconds.' }, undefined, 12_000],
    ['the draft of the IETF', { 'ratelimit-reset': '9' }, {}, undefined, 9000],
    [
      'the used-up one of two limits of OpenAI',
      {
        'x-ratelimit-remaining-requests': '0',
        'x-ratelimit-reset-requests': '1m2.5s',
        'x-ratelimit-remaining-tokens': '10',
        'x-ratelimit-reset-tokens': '6m0s',
      },
      {},
      undefined,
      62_500,
    ],
    [
      'the first reset if no limit is used up',
      { 'x-ratelimit-reset-requests': '2h', 'x-ratelimit-remaining-tokens': '10', 'x-ratelimit-reset-tokens': '120ms' },
      {},
      undefined,
      120,
    ],
    [
      'the used-up limit of Anthropic',
      {
        'anthropic-ratelimit-requests-remaining': '4',
        'anthropic-ratelimit-requests-reset': '2026-11-23T00:00:01Z',
        'anthropic-ratelimit-output-tokens-remaining': '0',
        'anthropic-ratelimit-output-tokens-reset': '2026-11-23T00:00:30Z',
      },
      {},
      Date.UTC(2026, 10, 23),
      30_000,
    ],
    ['nothing', {}, {}, 1783524800000, undefined],
  ])('%s', (_name, headers, body, now, expected) => {
    expect(error(429, { code: 429, message: 'x', ...body }, headers, now).retryAfterMs).toBe(expected);
  });
});

describe('the number of requests that the server accepts', () => {
  test.each<[string, string, Record<string, string>, object | undefined]>([
    ['in words', 'High demand - limited to 8 requests per minute.', {}, { requests: 8, windowMs: 60_000 }],
    ['in short words', 'Limit: 5 requests/s', {}, { requests: 5, windowMs: 1000 }],
    [
      'as OpenAI says it',
      'Rate limit reached on requests per min (RPM): Limit 3, Used 3, Requested 1.',
      {},
      { requests: 3, windowMs: 60_000 },
    ],
    [
      'in a header, with the time in the message',
      'free-models-per-min',
      { 'x-ratelimit-limit': '20' },
      { requests: 20, windowMs: 60_000 },
    ],
    ['as the draft of the IETF', 'x', { 'ratelimit-policy': '"default";q=100;w=10' }, { requests: 100, windowMs: 10_000 }],
    ['as its older draft', 'x', { 'ratelimit-policy': '100;w=10' }, { requests: 100, windowMs: 10_000 }],
    [
      'as Anthropic says it',
      'x',
      { 'anthropic-ratelimit-requests-limit': '50', 'anthropic-ratelimit-requests-remaining': '0' },
      { requests: 50, windowMs: 60_000 },
    ],
    ['but a limit of tokens is none', 'Rate limit reached on tokens per min (TPM): Limit 3', {}, undefined],
    ['but a limit without a time is none', 'x', { 'x-ratelimit-limit': '8' }, undefined],
    ['but zero is none', 'limited to 0 requests per minute', {}, undefined],
  ])('%s', (_name, message, headers, expected) => {
    expect(error(429, { code: 429, message }, headers).rate).toEqual(expected);
  });

  test('is known only for too many requests', () => {
    expect(error(503, { code: 503, message: 'limited to 8 requests per minute' }).rate).toBeUndefined();
  });
});

test('no header of a limit makes the wait invalid', () => {
  const names = ['retry-after', 'retry-after-ms', 'x-ratelimit-reset', 'ratelimit-reset', 'x-ratelimit-reset-tokens'];
  fc.assert(
    fc.property(
      fc.constantFrom(...names),
      fc.oneof(fc.string(), fc.double().map(String), fc.date().map(String)),
      (name, value) => {
        const { retryAfterMs } = error(429, { code: 429, message: value }, { [name]: value }, 1783524800000);
        if (retryAfterMs === undefined) return;
        expect(retryAfterMs).toBeGreaterThanOrEqual(0);
        expect(retryAfterMs).toBeLessThanOrEqual(40 * 24 * 60 * 60 * 1000);
      },
    ),
  );
});

test.each([
  [{ message: 'said below' }, 'said below'],
  [{ detail: 'Invalid API Key' }, 'Invalid API Key'],
  [{ detail: [{ loc: ['body'], msg: 'field required' }] }, 'body: field required'],
  [{ code: 'invalid-argument', error: 'as text' }, 'as text'],
])('a body without an error object is still read: %j', (body, message) => {
  expect(decodeApiError({ status: 422, body }).message).toBe(message);
});

describe('a list of wrong fields', () => {
  const issue = (field: string): object => ({ code: 'invalid_type', path: ['messages', 0, field], message: 'Required' });
  const zod = (...fields: string[]): object => ({ name: 'ZodError', message: JSON.stringify(fields.map(issue), null, 2) });

  test('of Zod, as JSON text in the message', () => {
    expect(error(400, zod('role')).message).toBe('messages.0.role: Required');
    expect(error(400, zod('role', 'content')).message).toBe('messages.0.role: Required; messages.0.content: Required');
  });

  test('is shortened', () => {
    expect(error(400, zod('a', 'b', 'c', 'd', 'e')).message).toMatch(/messages\.0\.c: Required; and 2 more$/);
  });

  test('as an object or a list instead of text', () => {
    expect(error(400, { message: { detail: 'too long' } }).message).toBe('too long');
    expect(error(400, { message: [issue('role')] }).message).toBe('messages.0.role: Required');
  });

  test.each(['[DeepSeek] busy', '{not JSON', '[]', '{"a":1}', '[1,2]'])('the text %s stays as it is', (message) => {
    expect(error(400, { message }).message).toBe(message);
  });
});

test('a web page as the message is its title', () => {
  expect(error(502, { message: '<html><head><title>Bad gateway</title></head></html>' }).message).toContain('Bad gateway');
});

describe('the reset of a daily limit', () => {
  const daily = { code: 429, message: 'Rate limit exceeded: free-models-per-day' };
  const noon = Date.UTC(2026, 11, 1, 12);

  test('is what the API states, else midnight in UTC', () => {
    const at = (metadata: object): number | undefined =>
      decodeApiError({ status: 429, body: { error: { ...daily, metadata } }, now: noon }).retryAfterMs;
    expect(at({ headers: { 'X-RateLimit-Reset': String(noon + 3_600_000) } })).toBe(3_600_000);
    expect(at({})).toBe(12 * 3_600_000);
  });

  test('is shown, and not as a wait', () => {
    const text = errorText(decodeApiError({ status: 429, body: { error: daily }, now: noon }));
    expect(text).toContain('\n  the limit resets in 12 h\n');
    expect(text).not.toContain('asks to wait');
  });
});

test('the reason of the last provider is shown if the error has none of its own', () => {
  const previous = [
    { code: 502, message: 'first', provider_name: 'One' },
    { code: 503, message: 'Provider returned error', raw: '{"error":{"message":"no capacity"}}', provider_name: 'Two' },
  ];
  const reason = (metadata: object): string => error(502, { code: 502, message: 'Provider returned error', metadata }).message;
  expect(reason({ previous_errors: previous })).toBe('no capacity');
  expect(reason({ previous_errors: previous, raw: 'its own' })).toBe('its own');
  expect(reason({ previous_errors: [] })).toBe('Provider returned error');
});

test.each([
  ['<html>\n <head><title>502 Bad Gateway</title></head><body><h1>x</h1></body></html>', '502 Bad Gateway'],
  ['<!DOCTYPE html><p>No <b>capacity</b></p>', 'No capacity'],
  ['<3 is not a page', '<3 is not a page'],
  ['<html></html>', 'Provider returned error'],
])('of a web page as the reason, its title or text is shown: %j', (raw, message) =>
  expect(error(502, { code: 502, message: 'Provider returned error', metadata: { raw } }).message).toBe(message),
);

test.each([
  ['model_unavailable_upstream', 'this model is not available at any provider'],
  ['constraint_filtered', 'no provider can serve this request'],
  ['no_endpoints', 'no provider can serve this request'],
])('the availability %s is in plain words', (code, what) =>
  expect(error(404, { code: 404, message: 'x', availability: { code, retryable: false } })).toMatchObject({ what, why: 'x' }),
);

describe('hints match the case', () => {
  const hintsOf = (status: number, message: string, metadata: object = {}): string =>
    error(status, { code: status, message, metadata }).hints.map(shellHint).join('\n');

  test.each<[string, number, string, object, RegExp]>([
    ['money for fewer tokens', 402, 'You requested up to 64000 tokens, but can only afford 2666.', {}, /--max-tokens 2666\b/],
    ['money for none', 402, 'You requested up to 9 tokens, but can only afford 0.', {}, /^add credits/],
    ['a key that may spend no more', 403, 'Key limit exceeded (monthly limit).', {}, /raise the limit of the key/],
    ['a budget of a workspace', 403, 'x', { limit_source: 'openrouter_workspace_budget', resets_at: '2027-01-01' }, /2027-01-01/],
    ['a daily limit', 429, 'Rate limit exceeded: free-models-per-day', {}, /no daily limit/],
    ['too long, in words alone', 400, 'prompt is too long: 3 tokens > 2 maximum', {}, /shorten the prompt/],
    [
      'too long, in other words',
      400,
      'The input token count (9) exceeds the maximum number of tokens allowed (5).',
      {},
      /shorten/,
    ],
    ['too large', 413, 'Request entity too large', {}, /smaller files/],
    ['privacy settings', 404, 'No endpoints found matching your data policy', {}, /settings\/privacy/],
    ['a permission', 403, 'Only management keys can perform this operation', {}, /orx auth status/],
    ['a disabled key', 401, 'This API key is disabled', {}, /^use another key: orx auth login$/],
    ['an expired key', 401, 'API key expired', {}, /^use another key/],
    ['a rejected key', 401, 'User not found.', {}, /^log in again/],
    ['a reserved balance', 402, 'x', { limit_source: 'openrouter_in_flight_budget' }, /^try again when they have ended/],
    ['a model for agents', 403, 'This free model only serves agentic harnesses', {}, /orx models --free/],
    ['a path that is none', 404, 'Not Found', {}, /base-url/],
  ])('%s', (_name, status, message, metadata, expected) => expect(hintsOf(status, message, metadata)).toMatch(expected));

  test.each([
    ['reasons', 403, 'Your input was flagged', { reasons: ['violence'], flagged_input: 'x' }],
    ['a type', 400, 'no', { error_type: 'content_policy_violation' }],
    ['a message', 403, 'openai/gpt-4o requires moderation', {}],
  ])('moderation by %s has nothing to do with the choice of providers', (_name, status, message, metadata) => {
    expect(hintsOf(status, message, metadata)).toMatch(/rephrase the prompt/);
    expect(hintsOf(status, message, metadata)).not.toMatch(
      /--only|--ignore|--max-price|--quantization|--data-policy|orx endpoints/,
    );
  });

  test('a request that the provider rejects should not be retried', () => {
    const broken = { error: { code: 400, message: 'Invalid image URL' } };
    expect(decodeApiError({ status: 200, body: broken, afterCommit: true }).hints.map(shellHint).join()).not.toContain(
      'try again',
    );
    const down = { error: { code: 502, message: 'down' } };
    expect(decodeApiError({ status: 200, body: down, afterCommit: true }).hints.map(shellHint).join()).toContain('try again');
  });

  test('an error of a lookup does not suggest flags of orx chat', () => {
    for (const status of [400, 429, 500, 503]) {
      const { hints } = decodeApiError({ status, body: { error: { code: status, message: 'x' } }, isLookUp: true });
      expect(hints.map(shellHint).join()).not.toMatch(/--fallback|--max-tokens|prompt/);
    }
  });
});

test('hints say what to do, three at most', () => {
  const match = error(404, {
    code: 404,
    message: 'No endpoints found',
    metadata: { remedy_hint: 'turn on the provider' },
    availability: { retryable: false, excluded_by: ['data_policy:zdr', 'max_price'], fallback_models: ['a/b'] },
  });
  expect(match.hints).toEqual([
    'turn on the provider',
    'excluded by: data_policy:zdr, max_price',
    'use a model that can serve this: a/b',
  ]);
});

describe('an account without credits', () => {
  const error = { message: 'You exceeded your current quota, please check your plan.', type: 'insufficient_quota' };

  test.each([
    ['OpenAI', { ...error, code: 'insufficient_quota' }],
    ['Moonshot', { message: 'quota', type: 'exceeded_current_quota_error' }],
    ['xAI', { message: 'Your team has either used all available credits or reached its monthly limit.' }],
  ])('is not a temporary limit, whatever the status of %s', (_name, body) => {
    expect(decodeApiError({ status: 429, body: { error: body } })).toMatchObject({ kind: 'credits', isRetryable: false });
  });

  test('is distinguished from a rate limit with the same message', () => {
    const body = { error: { code: 429, message: error.message, status: 'RESOURCE_EXHAUSTED' } };
    expect(decodeApiError({ status: 429, body })).toMatchObject({ kind: 'rate-limit', isRetryable: true });
  });

  test('a number that is not a status is a vendor code', () => {
    const body = { error: { code: 3051, message: 'bad', type: 'invalid_request_prompt' } };
    expect(decodeApiError({ status: 400, body })).toMatchObject({ status: 400, kind: 'usage' });
  });
});
