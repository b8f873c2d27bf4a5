import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { configReference } from '../../../src/core/gateway-config/reference.ts';
import { loadConfig } from '../../../src/core/gateway-config/load.ts';
import { OrxError, shellHint } from '../../../src/errors.ts';

const load = (text: string, env: Record<string, string> = {}) => loadConfig('gateway.yaml', text, env);

const FULL = `
vendors:
  lab: {base_url: "http://gpu:8000/v1", key: env:LAB_KEY, dialect: chat-completions}
  openai-eu: {like: openai, base_url: https://eu.api.openai.com/v1, key: "command: pass openai"}
  openrouter: {key: os.environ/OR_KEY}
models:
  fast:
    strategy: weight
    fallbacks: [slow, author/model]
    hedge_after: 800ms
    targets:
      - openai-eu:gpt-5.4-mini
      - model: lab:llama
        weight: 3
        order: 1
        retries: 0
        limits: {requests_per_minute: 60, tokens_per_minute: 1000, parallel_requests: 4}
        timeouts: {first_token: 5s}
        prices: {input: 0.15, output: "0.6"}
        data_collection: deny
        zdr: true
        quantization: fp8
  slow: anthropic:claude-sonnet-4-6
  "gpt/*": openai:*
aliases: {gpt-4: fast}
routing: {retries: 3, attempts: 8, longest_wait: 20, unlisted_models: false}
timeouts: {connect: 2s, idle: 1m}
cooldown: {pause: 2s, longest_pause: 10s}
keys: required
master_key: \${MASTER}-key
`;

describe('a configuration', () => {
  test('lists the targets of each name', () => {
    const { setup, notes } = load(FULL.replace('author/model', 'gpt/x'), { MASTER: 'abc' });
    expect([...setup.table.groups.keys()]).toEqual(['fast', 'slow']);
    expect(setup.table.groups.get('fast')).toEqual({
      name: 'fast',
      strategy: 'weight',
      fallbacks: ['slow', 'gpt/x'],
      contextFallbacks: undefined,
      policyFallbacks: undefined,
      hedgeMs: 800,
      targets: [
        {
          id: 'fast/1/openai-eu:gpt-5.4-mini',
          model: 'openai-eu:gpt-5.4-mini',
          weight: 1,
          order: 0,
          retries: undefined,
          limits: { connectMs: 2000, idleMs: 60_000 },
          rates: {},
          facts: {},
        },
        {
          id: 'fast/2/lab:llama',
          model: 'lab:llama',
          weight: 3,
          order: 1,
          retries: 0,
          limits: { connectMs: 2000, idleMs: 60_000, firstTokenMs: 5000 },
          rates: { requestsPerMinute: 60, tokensPerMinute: 1000, parallelRequests: 4 },
          facts: { dataCollection: 'deny', zeroDataRetention: true, quantization: 'fp8' },
        },
      ],
    });
    expect(setup.table).toMatchObject({
      servesUnlisted: false,
      retries: { perTarget: 3, attempts: 8, longestWaitMs: 20_000, longestWaitBesideOthersMs: 3000 },
      cooldown: { ms: 2000, longestMs: 10_000, failures: 3, failureShare: 0.5 },
    });
    expect(Object.fromEntries(setup.vendors)).toEqual({
      lab: {
        isFixed: true,
        baseUrl: 'http://gpu:8000/v1',
        keyOrigin: 'http://gpu:8000',
        dialect: 'chat-completions',
        keyVariable: 'LAB_KEY',
      },
      'openai-eu': {
        isFixed: true,
        baseUrl: 'https://eu.api.openai.com/v1',
        keyOrigin: 'https://eu.api.openai.com',
        like: 'openai',
        keyCommand: 'pass openai',
      },
    });
    expect([setup.keys, setup.masterKey, setup.openRouter.key]).toEqual([
      'required',
      { text: 'abc-key' },
      { variable: 'OR_KEY' },
    ]);
    expect(setup.prices.get('lab:llama')!.prompt!.toString()).toBe('0.00000015');
    expect(notes).toEqual([
      'vendors.lab.key: the environment variable LAB_KEY is not set; lab cannot be used',
      'vendors.openrouter.key: the environment variable OR_KEY is not set; openrouter cannot be used',
    ]);
  });

  test('is shown with its defaults and without its keys, and can be read again', () => {
    const text = FULL.replace('author/model', 'gpt/x');
    const { effective, setup } = load(text, { MASTER: 'abc' });
    expect(effective).toContain('routing:\n  strategy: order # default\n  retries: 3\n  attempts: 8\n  longest_wait: 20s\n');
    expect(effective).toContain('  longest_wait_beside_others: 3s # default');
    expect(effective).toContain('# first_token: 15s if another target is available');
    expect(effective).toContain('master_key: (hidden)');
    expect(effective).not.toContain('abc');
    const again = load(effective.replace('(hidden)', 'abc-key'));
    expect(again.setup.table).toEqual(setup.table);
    expect(again.setup.vendors).toEqual(setup.vendors);
  });

  test('may be empty', () => {
    expect(load('models: {}').setup.table.groups.size).toBe(0);
    expect(load('{}').effective).toContain('unlisted_models: true # default');
  });
});

const problems = (text: string, env: Record<string, string> = {}): string[] => {
  try {
    load(text, env);
  } catch (error) {
    if (error instanceof OrxError && error.code === 'bad-config')
      return [error.message, ...error.hints.slice(0, -1).map(shellHint)];
    throw error;
  }
  return [];
};

describe('a mistake is reported with its place', () => {
  test.each([
    ['routing:\n  retires: 2\n', 'gateway.yaml:2: routing.retires is not known; did you mean retries?'],
    ['modells: {}\n', 'gateway.yaml:1: modells is not known; did you mean models?'],
    [
      'models:\n  fast:\n    targets:\n      - openai:x\n      - model: openai:y\n        weight: -1\n',
      'gateway.yaml:6: models.fast.targets[1].weight must be a number from 0',
    ],
    ['models:\n  fast: {}\n', 'gateway.yaml:2: models.fast has no targets'],
    [
      'models:\n  fast: nobody:x\n',
      'gateway.yaml:2: models.fast.targets[0].model names the vendor nobody, which is not known to orx or under vendors in this file',
    ],
    ['models:\n  fast: gpt\n', 'gateway.yaml:2: models.fast.targets[0].model must be vendor:model or author/model, not gpt'],
    [
      'models:\n  fast: {targets: [openai:x], fallbacks: slow}\n',
      'gateway.yaml:2: models.fast.fallbacks names slow, which is not a model of this file',
    ],
    [
      'routing: {strategy: weigth}\n',
      'gateway.yaml:1: routing.strategy must be one of order, weight, least-busy, latency, throughput, cost, usage; did you mean weight?',
    ],
    ['timeouts:\n  idle: soon\n', 'gateway.yaml:2: timeouts.idle must be a duration such as 500ms, 30s or 2m'],
    ['vendors:\n  lab: {base_url: ftp://x}\n', 'gateway.yaml:2: vendors.lab.base_url must be an http(s) URL'],
    ['vendors:\n  lab: {}\n', 'gateway.yaml:2: vendors.lab needs a base_url, or like: with a vendor that orx knows'],
    [
      'vendors:\n  Lab: {base_url: http://x}\n',
      'gateway.yaml:2: vendors.Lab is not a vendor name: use lower-case letters, digits and hyphens, and start with a letter',
    ],
    ['master_key: "${NO_SUCH}-x"\n', 'gateway.yaml:1: master_key refers to the environment variable NO_SUCH, which is not set'],
    [
      'models:\n  fast: {targets: [{model: openai:x, prices: {input: 1}}]}\n',
      'gateway.yaml:2: models.fast.targets[0].prices needs both input and output',
    ],
    ['aliases:\n  a: b\n', 'gateway.yaml:2: aliases.a names b, which is not a model of this file'],
    ['models: [1]\n', 'gateway.yaml:1: models must be a map of names to values'],
    ['a: [\n', expect.stringMatching(/^gateway\.yaml:2 /)],
    ['', 'gateway.yaml is empty'],
    ['- x\n', 'gateway.yaml:1 must be a map of names to values'],
  ])('%j', (text, message) => {
    expect(problems(text)[0]).toEqual(message);
  });

  test('all of them at once', () => {
    expect(problems('routing: {retires: 1, attempts: 0}\ntimeouts: {idel: 1s}\n')).toEqual([
      'gateway.yaml:1: routing.retires is not known; did you mean retries?',
      'gateway.yaml:1: routing.attempts must be a whole number from 1 to 50',
      'gateway.yaml:2: timeouts.idel is not known; did you mean idle?',
    ]);
  });
});

test('the reference names every key once', () => {
  const keys = [...configReference().matchAll(/^\| `([^`]+)` +\|/gm)].map(([, key]) => key);
  expect(new Set(keys).size).toBe(keys.length);
  expect(keys).toEqual(
    expect.arrayContaining(['models.<name>.targets[].timeouts.first_token', 'routing.retries', 'vendors.<vendor>.key']),
  );
});

test('docs/gateway-config.md matches the table of keys: npm run docs', () => {
  expect(readFileSync(new URL('../../../docs/gateway-config.md', import.meta.url), 'utf8')).toBe(configReference());
});
