import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { loadConfig } from '../../../src/core/gateway-config/load.ts';
import { resolveName } from '../../../src/core/routing/resolve-groups.ts';

const FOLDER = new URL('litellm/', import.meta.url);
const ENV = {
  OPENAI_API_KEY: 'sk-openai-0123456789',
  LITELLM_MASTER_KEY: 'sk-master',
  WEAK_MODEL: 'openai/weak-1',
  WEAK_BASE: 'http://192.168.1.72:8103/v1',
};

function load(name: string, env: Record<string, string> = ENV) {
  const { setup, notes, effective } = loadConfig(`${name}.yaml`, readFileSync(new URL(`${name}.yaml`, FOLDER), 'utf8'), env);
  const targets = Object.fromEntries(
    [...setup.table.groups, ...setup.table.patterns.map((group) => [group.name, group] as const)].map(
      ([group, { targets: all }]) => [group, all.map(({ model }) => model)],
    ),
  );
  return { setup, notes, effective, targets, vendors: Object.fromEntries(setup.vendors) };
}

describe("a LiteLLM file as orx's configuration", () => {
  test('groups with weights, limits, fallbacks, aliases and a master key', () => {
    const { setup, notes, targets, vendors } = load('groups');
    expect(targets).toEqual({
      gpt: ['openai:gpt-5.4-mini', 'eu-api-openai-com:gpt-5.4-mini'],
      claude: ['anthropic:claude-sonnet-4-6'],
      long: ['google:gemini-2.5-flash'],
    });
    expect(vendors).toMatchObject({
      'eu-api-openai-com': { baseUrl: 'https://eu.api.openai.com/v1', keyVariable: 'OPENAI_KEY_EU', isFixed: true },
    });
    const group = setup.table.groups.get('gpt')!;
    expect(group).toMatchObject({ strategy: 'weight', fallbacks: ['claude'], contextFallbacks: ['long'] });
    expect(group.targets).toMatchObject([
      { weight: 3, rates: { requestsPerMinute: 600 }, limits: { answerMs: 600_000 } },
      { weight: 1, rates: { tokensPerMinute: 100_000 }, limits: { answerMs: 300_000, firstTokenMs: 20_000 }, retries: 1 },
    ]);
    expect(setup.table).toMatchObject({
      servesUnlisted: false,
      retries: { perTarget: 2 },
      cooldown: { ms: 30_000, longestMs: 30_000, failures: 4 },
    });
    expect(setup.table.groups.get('claude')!.policyFallbacks).toEqual(['gpt']);
    expect(resolveName('gpt-4', setup.table)?.group.name).toBe('gpt');
    expect(resolveName('hidden', setup.table)?.group.name).toBe('claude');
    expect(setup.masterKey).toEqual({ variable: 'LITELLM_MASTER_KEY' });
    expect(notes).toEqual([
      'fallbacks of gpt: missing is not served, and left out',
      'router_settings.redis_host: not used',
      'general_settings.database_url: orx keeps its own ledger; it needs no database',
      'vendors.eu-api-openai-com.key: the environment variable OPENAI_KEY_EU is not set; eu-api-openai-com cannot be used',
    ]);
  });

  test('retries and pauses by the kind of a failure, and pauses of one entry', () => {
    const { setup, notes } = load('reliability', { ...ENV, TIMEOUTS: '2' });
    const { table } = setup;
    expect(table.retries).toMatchObject({ perTarget: 2, attempts: 9 });
    expect(table.groups.get('chat')!.retriesByKind).toEqual({
      authentication: 0,
      rate_limit: 8,
      timeout: 2,
      bad_request: 0,
      content_policy: 1,
      server_error: 4,
      not_found: undefined,
    });
    expect(table.groups.get('careful')!.retriesByKind).toMatchObject({ rate_limit: 0, timeout: undefined });
    expect(table.cooldown).toMatchObject({
      isEnabled: true,
      ms: 30_000,
      failures: 4,
      failuresByKind: { rate_limit: 101, timeout: 13, bad_request: 1001, authentication: 1 },
    });
    const cooldowns = table.groups.get('chat')!.targets.map(({ cooldown }) => cooldown && [cooldown.isEnabled, cooldown.ms]);
    expect(cooldowns).toEqual([[true, 90_000], [false, 30_000], undefined]);
    expect(notes).toEqual([
      'retry_policy.DefaultRetries: not used; num_retries is for all other failures',
      'model_group_retry_policy.missing: missing is not served',
      'allowed_fails_policy.ServiceErrorAllowedFails: not used',
    ]);
    const text = 'model_list: [{model_name: a, litellm_params: {model: openai/gpt-4o}}]\n';
    const never = loadConfig(
      'x.yaml',
      `${text}router_settings: {disable_cooldowns: true, retry_policy: [3], allowed_fails_policy: {TimeoutErrorAllowedFails: many}}\n`,
      ENV,
    );
    expect(never.setup.table.cooldown).toMatchObject({ isEnabled: false, failuresByKind: undefined });
    expect(never.setup.table.retries.attempts).toBe(6);
    expect(never.notes).toEqual([
      'retry_policy: is not a map of numbers; it is not used',
      'cooldown.failures_by_kind.timeout must be a whole number; it is not used',
    ]);
  });

  test('tags of entries, with both ways to match them', () => {
    const file = (settings: string): string => `
model_list:
  - {model_name: chat, litellm_params: {model: openai/gpt-5.4, tags: [free, "42"]}}
  - {model_name: chat, litellm_params: {model: groq/gpt-oss, tags: []}}
  - {model_name: chat, litellm_params: {model: xai/grok-4, tags: default}}
${settings}
`;
    const { setup, notes } = loadConfig('x.yaml', file('router_settings: {enable_tag_filtering: true}'), ENV);
    expect(setup.table.tagFilter).toBe('any');
    expect(setup.table.groups.get('chat')!.targets.map(({ tags }) => tags)).toEqual([['free', '42'], undefined, ['default']]);
    expect(notes).toEqual([]);
    const all = 'router_settings: {enable_tag_filtering: true, tag_filtering_match_any: false}';
    expect(loadConfig('x.yaml', file(all), ENV).setup.table.tagFilter).toBe('all');
    const off = loadConfig('x.yaml', file('router_settings: {tag_filtering_match_any: true, enable_tag_filtering: false}'), ENV);
    expect([off.setup.table.tagFilter, off.notes]).toEqual([
      undefined,
      ['litellm_params.tags: not used without enable_tag_filtering'],
    ]);
  });

  test('a tag filter of one name, and the prefix of tags for it', () => {
    const entry = (name: string, model: string, info: string): string =>
      `  - {model_name: ${name}, litellm_params: {model: ${model}, tags: [free]}, model_info: ${info}}\n`;
    const file = (settings: string): string =>
      `model_list:\n${entry('on', 'openai/a', '{}')}${entry('on', 'openai/b', '{enable_tag_filtering: true}')}${entry('off', 'openai/a', '{enable_tag_filtering: false}')}${entry('as', 'openai/a', '{enable_tag_filtering: null}')}router_settings: ${settings}\n`;
    const filters = (settings: string) => {
      const { setup, notes } = loadConfig('x.yaml', file(settings), ENV);
      const own = [...setup.table.groups.values()].map(({ tagFilter }) => tagFilter);
      return [setup.table.tagFilter, own, setup.table.tagPrefix, notes];
    };
    expect(filters('{enable_tag_filtering: true, tag_routing_prefix: "route:"}')).toEqual([
      'any',
      [undefined, 'none', undefined],
      'route:',
      ['litellm_params.tags: not used without enable_tag_filtering'],
    ]);
    expect(filters('{tag_filtering_match_any: false}').slice(0, 2)).toEqual([undefined, ['all', undefined, undefined]]);
  });

  test('credentials that several entries share, whose own settings win', () => {
    const text = `
credential_list:
  - {credential_name: lab, credential_info: {owner: me}, credential_values: {api_key: os.environ/LAB_KEY, api_base: "http://lab:8000/v1"}}
  - {credential_name: plain, credential_values: {api_key: sk-of-the-list}}
  - {credential_name: empty}
model_list:
  - {model_name: a, litellm_params: {model: hosted_vllm/one, litellm_credential_name: lab}}
  - {model_name: b, litellm_params: {model: hosted_vllm/two, litellm_credential_name: os.environ/WHICH, api_base: "http://other/v1"}}
  - {model_name: c, litellm_params: {model: openai/gpt-5.4, litellm_credential_name: plain}}
  - {model_name: d, litellm_params: {model: openai/gpt-5.4, litellm_credential_name: lost}}
`;
    const { setup, notes, effective } = loadConfig('x.yaml', text, { ...ENV, LAB_KEY: 'sk-lab', WHICH: 'lab' });
    expect([...setup.table.groups.values()].map(({ name, targets }) => [name, targets[0]!.model])).toEqual([
      ['a', 'vllm-2:one'],
      ['b', 'vllm-3:two'],
      ['c', 'openai-2:gpt-5.4'],
    ]);
    expect(Object.fromEntries(setup.vendors)).toMatchObject({
      'vllm-2': { baseUrl: 'http://lab:8000/v1', keyVariable: 'LAB_KEY' },
      'vllm-3': { baseUrl: 'http://other/v1', keyVariable: 'LAB_KEY' },
      'openai-2': { key: 'sk-of-the-list' },
    });
    expect(effective).not.toContain('sk-of-the-list');
    expect(notes).toEqual([
      'credential_list: an item has no name or no values; it is not used',
      'model_list d: litellm_credential_name: credential_list has no lost; this entry is not served',
    ]);
  });

  test('included files: lists are joined, and in other sections later files win', () => {
    const included = [
      {
        name: 'a.yaml',
        text: 'model_list: [{model_name: a, litellm_params: {model: openai/gpt-5.4}}]\nrouter_settings: {num_retries: 3}',
      },
      { name: 'b.yaml', text: 'model_list: [{model_name: b, litellm_params: {model: xai/grok-4}}]' },
    ];
    const main = 'include: [a.yaml, b.yaml]\nrouter_settings: {num_retries: 1, allowed_fails: 7}\n';
    const { setup, notes } = loadConfig('x.yaml', main, ENV, [], included);
    expect([...setup.table.groups.keys()]).toEqual(['a', 'b']);
    expect(setup.table).toMatchObject({ retries: { perTarget: 3 }, cooldown: { failures: 8 } });
    expect(notes).toEqual([]);
    const broken = [{ name: 'a.yaml', text: 'model_list:\n  - {a: [}\n' }];
    expect(() => loadConfig('x.yaml', main, ENV, [], broken)).toThrow(/^a\.yaml:2/);
  });

  test('servers of the local network, and request fields that the file would set', () => {
    const { targets, vendors, notes, effective, setup } = load('local-hosts');
    expect(targets).toEqual({
      coder: ['qwen3-coder-8001:qwen3-coder-30b'],
      vision: ['host-10-0-0-7-8001:vision'],
      path: ['localhost-30000:/model'],
      home: ['ollama-2:llama3.1:8b'],
      'home-chat': ['ollama:qwen3:8b'],
      served: ['vllm-2:facebook/opt-125m'],
    });
    expect(vendors).toMatchObject({
      'qwen3-coder-8001': { baseUrl: 'http://qwen3-coder:8001/v1', key: 'EMPTY' },
      'ollama-2': { like: 'ollama', baseUrl: 'http://host.docker.internal:11434' },
    });
    expect(setup.masterKey).toEqual({ text: 'sk-plain-master' });
    expect(notes).toEqual([
      'litellm_params.supports_function_calling: not passed on',
      'litellm_params.max_tokens: not passed on',
      'litellm_params.merge_reasoning_content_in_choices: not passed on',
      'litellm_params.extra_body: not passed on',
      'litellm_settings.cache_params.host: not used',
      'litellm_settings.cache_params.port: not used',
      'litellm_settings.cache_params.type: redis is not supported: identical requests are cached in memory',
      'litellm_settings.success_callback: not used',
      'general_settings.ui: not used',
    ]);
    expect(effective).not.toMatch(/sk-plain-master|EMPTY|no-key/);
    expect(effective).toContain('master_key: (hidden)');
  });

  test('wildcards of a vendor, of everything else, and of everything', () => {
    const { setup, notes } = load('wildcards');
    const asked = (name: string): string | undefined => resolveName(name, setup.table)?.group.targets[0]?.model;
    expect(asked('anthropic/claude-opus-5')).toBe('anthropic:claude-opus-5');
    expect(asked('groq/openai/gpt-oss-20b')).toBe('groq:openai/gpt-oss-20b');
    expect(asked('gpt-5.4')).toBe('openai:gpt-5.4');
    expect(setup.table.retries.perTarget).toBe(5);
    expect(notes).toEqual(['litellm_params.organization: not passed on']);
    const all = load('everything').setup.table;
    expect(resolveName('xai/grok-4.3', all)?.group.targets[0]?.model).toBe('xai:grok-4.3');
    const served = {
      'openrouter/openai/gpt-4o': 'openai/gpt-4o',
      'gpt-4o': 'openai:gpt-4o',
      'o3-mini': 'openai:o3-mini',
      'claude-opus-5': 'anthropic:claude-opus-5',
      'gemini-2.5-pro': 'google:gemini-2.5-pro',
    };
    for (const [name, model] of Object.entries(served))
      expect([name, resolveName(name, all)?.group.targets[0]?.model]).toEqual([name, model]);
    expect(resolveName('somebody/else', all)).toBeUndefined();
  });

  test('a value that orx cannot use is named and dropped, and the file starts', () => {
    const text = `
model_list:
  - model_name: gpt-3.5-turbo
    litellm_params: {model: openai/gpt-4o, rpm: "60", order: 1.5, timeout: 999999, stream_timeout: os.environ/MISSING, max_retries: "2", input_cost_per_token: 0.000001}
  - model_name: vectors
    litellm_params: {model: openai/text-embedding-3-small, input_cost_per_token: 0.00000002}
    model_info: {mode: embedding}
litellm_settings: {num_retries: "30", request_timeout: 600000, max_budget: 5000000000, cache: true, cache_params: {type: local, ttl: 0}, timezone: Asia/Tokyo}
router_settings: {cooldown_time: 0, allowed_fails: "3"}
`;
    const { setup, notes, effective } = loadConfig('config.yaml', text, ENV);
    const [target] = setup.table.groups.get('gpt-3.5-turbo')!.targets;
    expect(target).toMatchObject({ order: 0, rates: { requestsPerMinute: 60 }, retries: 2 });
    expect(effective).toMatch(/text-embedding-3-small\n[^$]*?prices:\n +input: 0\.02\n +output: 0\n/);
    expect(setup.table).toMatchObject({ retries: { perTarget: 10 }, cooldown: { failures: 4 } });
    expect(notes).toEqual([
      'model_list gpt-3.5-turbo: stream_timeout refers to the environment variable MISSING, which is not set; it is not used',
      'litellm_settings: a budget above $1,000,000 limits nothing; it is not used',
      'litellm_settings.timezone: budgets follow the time zone of the process (TZ)',
      'models.gpt-3.5-turbo.targets[0].order must be a whole number; it is not used',

      'models.gpt-3.5-turbo.targets[0].timeouts.answer must be a duration from 1ms to 24h; it is not used',
      'timeouts.answer must be a duration from 1ms to 24h; it is not used',
      'cooldown.pause must be a duration from 1ms to 24h; it is not used',
      'cooldown.longest_pause must be a duration from 1ms to 24h; it is not used',
      'cache.ttl must be a duration from 1ms to 8760h; it is not used',
      'models.gpt-3.5-turbo.targets[0].prices needs both input and output; it is not used',
    ]);
  });

  test('values of variables, and the mark of the Responses API', () => {
    const text = `
model_list:
  - model_name: a
    litellm_params: {model: openai/responses/gpt-5-codex, rpm: os.environ/RPM, timeout: os.environ/WAIT, tpm: os.environ/MISSING, max_budget: os.environ/RPM}
router_settings: {routing_strategy: provider-budget-routing}
`;
    const { setup, notes } = loadConfig('config.yaml', text, { ...ENV, RPM: '60', WAIT: '30' });
    expect(setup.table.groups.get('a')).toMatchObject({
      strategy: 'weight',
      targets: [{ model: 'openai:gpt-5-codex', rates: { requestsPerMinute: 60 }, limits: { answerMs: 30_000 } }],
    });
    expect(setup.service.budgets).toMatchObject([{ period: 'total', limit: '60', model: 'openai:gpt-5-codex' }]);
    expect(notes).toEqual(['model_list a: tpm refers to the environment variable MISSING, which is not set; it is not used']);
  });

  test('an invalid budget is an error', () => {
    const limit =
      'model_list: [{model_name: a, litellm_params: {model: openai/gpt-4o}}]\nlitellm_settings: {max_budget: "1e-900"}\n';
    expect(() => loadConfig('config.yaml', limit, {})).toThrow(/budgets\[0\]\.total must be an amount/);
  });

  test('unsupported clouds are named, and the rest is served', () => {
    const { targets, setup, notes } = load('clouds', { ...ENV, AZURE_API_BASE: 'https://x.openai.azure.com' });
    expect(targets).toEqual({ chat: ['openai:gpt-5.4'] });
    expect(setup.table.groups.get('chat')!.fallbacks).toEqual([]);
    expect(notes).toEqual([
      'litellm_params.api_version: not passed on',
      'model_list chat (azure/gpt-5.4): orx does not speak to azure; this entry is not served',
      'litellm_params.aws_region_name: not passed on',
      'model_list claude (bedrock/anthropic.claude-sonnet-4-6): orx does not speak to bedrock; this entry is not served',
      'litellm_params.vertex_project: not passed on',
      'model_list gemini (vertex_ai/gemini-3.5-flash): orx does not speak to vertex_ai; this entry is not served',
      "model_list glm (zai/glm-4.7): orx does not know the vendor zai; with an api_base it is asked as OpenAI's API; this entry is not served",
      'fallbacks of claude: claude is not served',
      'fallbacks of chat: claude is not served, and left out',
      'fallbacks of chat: gemini is not served, and left out',
    ]);
    expect(load('clouds', {}).notes[0]).toBe(
      'model_list chat: refers to the environment variable AZURE_API_BASE, which is not set; this entry is not served',
    );
  });

  test('names without a prefix, OpenRouter, several keys, and the environment', () => {
    expect(load('bare-names').targets).toEqual({
      'gpt-3.5-turbo': ['openai:gpt-5-mini'],
      sonnet: ['anthropic:claude-sonnet-4-6'],
      own: ['host-10-140-24-111-10085:my-model'],
    });
    const routed = load('openrouter');
    expect(routed.targets).toEqual({
      default: ['meta-llama/llama-4-maverick'],
      free: ['google/gemma-3-27b-it:free'],
      second: ['openai/gpt-oss-20b'],
      third: ['openrouter-ai:openai/gpt-oss-20b'],
      fast: ['groq:meta-llama/llama-4-maverick-17b-128e-instruct'],
      oss: ['together:openai/gpt-oss-20b'],
    });
    expect(routed.setup.openRouter.key).toEqual({ variable: 'OPENROUTER_KEY_2' });
    expect(routed.setup.table.groups.get('oss')!.fallbacks).toEqual(['free']);
    const keys = load('several-keys');
    expect(keys.targets).toEqual({
      'gemini/gemini-2.5-flash': ['google-2:gemini-2.5-flash', 'google-3:gemini-2.5-flash', 'google-2:gemini-2.5-flash'],
    });
    expect(keys.vendors).toMatchObject({
      'google-2': { keyVariable: 'GEMINI_API_KEY_1', like: 'google' },
      'google-3': { key: 'key-of-the-file' },
    });
    expect(keys.effective).not.toContain('key-of-the-file');
    const environment = load('environment');
    expect(environment.targets).toEqual({ weak: ['host-192-168-1-72-8103:weak-1'] });
    expect(environment.notes).toContain(
      'model_list strong: refers to the environment variable STRONG_MODEL, which is not set; this entry is not served',
    );
    expect(environment.setup.masterKey).toEqual({ variable: 'LITELLM_MASTER_KEY' });
  });

  test('prices, other kinds of models, anchors and tiers', () => {
    const { setup, targets, notes } = load('prices-and-modes');
    expect(setup.prices.get('openai:gpt-5.4')).toMatchObject({ prompt: expect.objectContaining({}), overrides: [] });
    expect(setup.prices.get('openai:gpt-5.4-mini')!.cacheRead!.toString()).toBe('0.000000075');
    expect(setup.table.groups.get('priced')!.targets[0]).toMatchObject({ model: 'openai:gpt-5.4', retries: 4 });
    expect(Object.keys(targets)).toEqual(['priced', 'info-priced', 'embed', 'image']);
    expect(notes).toEqual(
      expect.arrayContaining([
        'litellm_params.tags: not used without enable_tag_filtering',
        'guardrails: not used',
        'files_settings: not used',
        'common: not used',
      ]),
    );
    const tiers = load('tiers').setup.table;
    expect(tiers.groups.get('fast-local')).toMatchObject({ fallbacks: ['cloud'], contextFallbacks: ['heavy'] });
    expect(tiers.groups.get('heavy')).toMatchObject({ fallbacks: [], targets: [{ rates: { requestsPerMinute: 60 } }] });
    expect(load('tiers').notes).toEqual([
      'router_settings.routing_strategy: adaptive is not known; simple-shuffle is used',
      'model_group_alias.group: is not the name of a model; it is not used',
      'litellm_settings.mcp_servers: not used',
    ]);
    expect(load('empty-sections').targets).toEqual({ one: ['mistral:mistral-small-latest'] });
  });

  test('every file, converted, is an orx file with the same targets', () => {
    for (const file of readdirSync(FOLDER)) {
      const name = file.replace('.yaml', '');
      const { effective, targets, setup } = load(name, { ...ENV, AZURE_API_BASE: 'https://x' });
      const again = loadConfig('orx.yaml', effective.replaceAll('(hidden)', 'sk-again'), ENV);
      const back = [...again.setup.table.groups, ...again.setup.table.patterns.map((group) => [group.name, group] as const)];
      expect(Object.fromEntries(back.map(([group, { targets: all }]) => [group, all.map(({ model }) => model)]))).toEqual(
        targets,
      );
      expect(again.setup.table.cooldown).toEqual(setup.table.cooldown);
      expect(again.setup.table.retries).toEqual(setup.table.retries);
    }
  });

  test('anything but a model list is an error', () => {
    for (const text of ['model_list: 3', 'model_list: [{model_name: x}]', 'model_list: [x]'])
      expect(() => loadConfig('x.yaml', text, {})).toThrow(/model_list must be a list of entries/);
  });
});
