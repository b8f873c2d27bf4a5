import { describe, expect, test } from 'vitest';
import { loadConfig } from '../../../src/core/gateway-config/load.ts';
import { OrxError } from '../../../src/errors.ts';

const SERVICE = `
server:
  host: "[::1]"
  port: 8080
  tls_cert: tls/cert.pem
  tls_key: tls/key.pem
  allow_hosts: [llm.example]
  allow_origins: https://app.example
log: {format: json, content: true}
cache: {store: disk, ttl: 720h}
budgets:
  - {month: 50, day: $2.50}
  - {key: laptop, week: "5", warn_at: 0.5}
  - {tag: team-a, model: "anthropic/*", vendor: openrouter, request: 0.1}
`;

describe('how the gateway runs', () => {
  test('is part of the file', () => {
    const { service } = loadConfig('gateway.yaml', SERVICE, {}).setup;
    expect(service).toEqual({
      host: '::1',
      port: 8080,
      tls: { certificate: 'tls/cert.pem', privateKey: 'tls/key.pem' },
      allowedHosts: ['llm.example'],
      allowedOrigins: ['https://app.example'],
      logFormat: 'json',
      logsContent: true,
      cache: { place: 'disk', keptMs: 30 * 86_400_000 },
      budgets: [
        { period: 'day', limit: '2.5', warnAt: 0.8 },
        { period: 'month', limit: '50', warnAt: 0.8 },
        { period: 'week', limit: '5', clientKey: 'laptop', warnAt: 0.5 },
        { period: 'request', limit: '0.1', tag: 'team-a', model: 'anthropic/*', vendor: 'openrouter', warnAt: 0.8 },
      ],
    });
  });

  test('has defaults and short forms', () => {
    expect(loadConfig('gateway.yaml', 'log: none\ncache: memory\n', {}).setup.service).toEqual({
      host: '127.0.0.1',
      port: 4141,
      tls: undefined,
      allowedHosts: [],
      allowedOrigins: [],
      logFormat: 'none',
      logsContent: false,
      cache: { place: 'memory', keptMs: 3_600_000 },
      budgets: [],
    });
  });

  test('is overridden by flags, which the configuration in effect names', () => {
    const flags = [
      { path: 'server.port', value: 9000, flag: '--port' },
      { path: 'cache.ttl', value: 60_000, flag: '--cache-ttl' },
      { path: 'server.allow_hosts', value: ['a.example', 'b.example'], flag: '--allow-host' },
    ];
    const { effective, setup } = loadConfig('gateway.yaml', SERVICE, {}, flags);
    expect(setup.service).toMatchObject({
      port: 9000,
      host: '::1',
      cache: { place: 'disk', keptMs: 60_000 },
      allowedHosts: ['a.example', 'b.example'],
    });
    expect(effective).toContain('  port: 9000 # --port\n');
    expect(effective).toContain('  allow_hosts: [a.example, b.example] # --allow-host\n');
    expect(effective).toContain('cache:\n  store: disk\n  ttl: 1m # --cache-ttl\n');
    expect(effective).toContain('budgets:\n  - day: 2.5\n    # request: none\n    # week: none\n    month: 50\n');
    expect(loadConfig('again.yaml', effective, {}).setup.service).toEqual(setup.service);
    const windows = loadConfig('gateway.yaml', 'budgets: [{every: 2w, limit: 20, month: 30, tag: a}, {every: 5h, limit: 1}]', {});
    expect(windows.setup.service.budgets).toMatchObject([
      { period: 'month', limit: '30', tag: 'a' },
      { period: '14d', limit: '20', tag: 'a' },
      { period: '5h', limit: '1' },
    ]);
    expect(loadConfig('again.yaml', windows.effective, {}).setup.service).toEqual(windows.setup.service);
  });

  test.each([
    ['server: {port: 70000}', 'gateway.yaml:1: server.port must be a whole number from 0 to 65535'],
    ['server: {tls_cert: a}', 'gateway.yaml:1: server.tls_cert needs server.tls_key'],
    ['server: {tls_key: a}', 'gateway.yaml:1: server.tls_key needs server.tls_cert'],
    ['server: {allow_hosts: ["http://a"]}', /server\.allow_hosts must have host names without a port/],
    ['server: {allow_origins: ["*"]}', /server\.allow_origins must have origins/],
    ['log: {content: true}', 'gateway.yaml:1: log.content needs the format json'],
    ['log: loud', /log\.format must be one of text, json, none/],
    ['cache: {store: memory, ttl: 400d}', /cache\.ttl must be a duration/],
    [
      'budgets: [{key: a}]',
      'gateway.yaml:1: budgets[0] needs a limit: one of request, day, week, month, total, or every with limit',
    ],
    ['budgets: [{every: soon, limit: 1}]', /budgets\[0\]\.every must be a duration up to ten years, such as 5h/],
    ['budgets: [{every: 5h}]', 'gateway.yaml:1: budgets[0].every needs limit'],
    ['budgets: [{day: 1, limit: 5}]', 'gateway.yaml:1: budgets[0].limit needs every'],
    ['budgets: [{day: 1}, {every: 24h, limit: 2}]', /budgets\[1\]\.every is the second limit of this period/],
    ['budgets: [{day: -1}]', /budgets\[0\]\.day must be an amount in USD/],
    ['budgets: [{day: "1e-900"}]', /budgets\[0\]\.day must be an amount in USD/],
    ['budgets: [{day: 1, vendor: nobody}]', /budgets\[0\]\.vendor names nobody/],
    ['budgets: [{day: 1}, {day: 2}]', /budgets\[1\]\.day is the second limit of this period/],
  ])('%s is an error', (text, message) => {
    const thrown = (): string => {
      try {
        loadConfig('gateway.yaml', text, {});
      } catch (error) {
        if (error instanceof OrxError) return error.message;
        throw error;
      }
      return '';
    };
    expect(thrown()).toMatch(
      message instanceof RegExp ? message : new RegExp(`^${message.replaceAll(/[.[\]]/g, String.raw`\$&`)}$`),
    );
  });
});

describe('of a LiteLLM file', () => {
  const load = (settings: string) => {
    const models = `model_list:
  - {model_name: a, litellm_params: {model: openai/gpt-5.4, max_budget: 3, budget_duration: 1d}}
  - {model_name: b, litellm_params: {model: openai/gpt-5.4, max_budget: 2, budget_duration: 24h}}
  - {model_name: c, litellm_params: {model: groq/x, max_budget: 2, budget_duration: 5h}}
`;
    const { setup, notes } = loadConfig('config.yaml', models + settings, { OPENAI_API_KEY: 'x', GROQ_API_KEY: 'y' });
    return { service: setup.service, notes };
  };

  test.each([
    [undefined, 'total'],
    ['86400s', 'day'],
    ['1440m', 'day'],
    ['168h', 'week'],
    ['1w', 'week'],
    ['1mo', 'month'],
    ['720h', 'month'],
    ['30d', 'month'],
    ['monthly', 'month'],
    ['Weekly', 'week'],
    ['daily', 'day'],
    ['hourly', '1h'],
    ['30s', '30s'],
    ['90m', '90m'],
    ['5h', '5h'],
    ['14d', '14d'],
    ['4w', '28d'],
    ['31d', '31d'],
    ['2mo', '2mo'],
    ['soon', undefined],
    ['30', undefined],
    ['30days', undefined],
  ])('the duration %s is the period %s', (duration, period) => {
    const text = duration === undefined ? '' : `  budget_duration: ${duration}\n`;
    const { service, notes } = load(`litellm_settings:\n  max_budget: 7\n${text}`);
    expect(service.budgets.find(({ model, limit }) => model === undefined && limit === '7')?.period).toBe(period);
    expect(notes.some((note) => note.startsWith('litellm_settings'))).toBe(period === undefined);
  });

  test('budgets become those of the ledger, by the closest period', () => {
    const { service, notes } = load(`
litellm_settings:
  max_budget: 100
  budget_duration: 30d
  json_logs: true
  tag_budget_config: {"product:chat": {max_budget: 1.5, budget_duration: 7d}, all: {max_budget: 1}}
router_settings:
  provider_budget_config: {openai: {budget_limit: 10, time_period: 1d}, azure: {budget_limit: 1, time_period: 1d}}
`);
    expect(service.logFormat).toBe('json');
    expect(service.budgets).toEqual([
      { period: 'month', limit: '100', warnAt: 0.8 },
      { period: 'day', limit: '10', vendor: 'openai', warnAt: 0.8 },
      { period: 'week', limit: '1.5', tag: 'product:chat', warnAt: 0.8 },
      { period: 'total', limit: '1', tag: 'all', warnAt: 0.8 },
      { period: 'day', limit: '2', model: 'openai:gpt-5.4', warnAt: 0.8 },
      { period: '5h', limit: '2', model: 'groq:x', warnAt: 0.8 },
    ]);
    expect(notes).toEqual([
      'provider_budget_config.azure: orx does not know this vendor; it is not used',
      'model_list: several budgets of a day for openai:gpt-5.4; the lowest is used',
    ]);
  });

  test.each([
    ['{cache: true, cache_params: {type: local, ttl: 600}}', { place: 'memory', keptMs: 600_000 }, []],
    ['{cache: true, cache_params: {type: disk}}', { place: 'disk', keptMs: 3_600_000 }, []],
    [
      '{cache: true, cache_params: {type: redis, host: h}}',
      { place: 'memory', keptMs: 3_600_000 },
      [
        'litellm_settings.cache_params.host: not used',
        'litellm_settings.cache_params.type: redis is not supported: identical requests are cached in memory',
      ],
    ],
    [
      '{cache: true, cache_params: {type: local, mode: default_off}}',
      undefined,
      ['litellm_settings.cache_params.mode: default_off is not supported: nothing is cached'],
    ],
    [
      '{cache: true, cache_params: {type: local, supported_call_types: [embedding]}}',
      undefined,
      ['litellm_settings.cache_params.supported_call_types: embedding: not cached'],
    ],
    [
      '{cache: false, cache_params: {type: local}}',
      undefined,
      ['litellm_settings.cache_params: not used, because cache is not true'],
    ],
  ])('the cache %s', (settings, cache, expected) => {
    const { service, notes } = load(`litellm_settings: ${settings}\n`);
    expect(service.cache).toEqual(cache);
    expect(notes.filter((note) => note.includes('cache'))).toEqual(expected);
  });
});
