import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { type ApiServer, sendJson, startApiServer } from '../../support/api-server.ts';
import { outputs, wireModel } from '../../support/catalogue.ts';
import { runOrx } from '../../support/run-orx.ts';
import { tempFolder } from '../../support/temp-home.ts';
import { openTerminal } from '../../support/terminal.ts';

const ODD = '0.00000008333333333333334';
const HOSTILE = '=evil/\u001b]0;owned\u0007|x\u202e';
const CATALOGUE = [
  wireModel('openai/gpt-4o', { in: '0.0000025', out: '0.00001' }, { supported_parameters: ['tools'] }),
  wireModel('deepseek/deepseek-chat', { in: ODD }, { supported_parameters: ['tools'], context_length: 163_840 }),
  wireModel('qwen/qwen3:free', { in: '0', out: '0' }),
  wireModel('openrouter/auto', { in: '-1', out: '-1' }, { supported_parameters: ['tools'] }),
  wireModel('google/veo', { in: '0', out: '0' }, { ...outputs('video'), context_length: 0, top_provider: {} }),
];
const endpoint = (name: string, tag: string, more: object = {}) => ({
  provider_name: name,
  tag,
  pricing: { prompt: '0.000001', completion: '0.000002' },
  quantization: 'unknown',
  ...more,
});
const ENDPOINTS: Record<string, object[]> = {
  'openai/gpt-4o': [
    endpoint('OpenAI', 'openai', { throughput_last_30m: { p50: 71.4 }, latency_last_30m: { p50: 480 }, uptime_last_30m: 99.87 }),
    endpoint('Azure', 'azure', { throughput_last_30m: { p50: 90 }, latency_last_30m: null, uptime_last_30m: 98 }),
  ],
  'deepseek/deepseek-chat': [
    endpoint('Novita', 'novita/fp8', { quantization: 'fp8', throughput_last_30m: { p50: 8.25 }, uptime_last_30m: 97.1 }),
    endpoint('DeepInfra', 'deepinfra/fp4', { quantization: 'fp4' }),
  ],
  'google/veo': [endpoint('Google', 'google-vertex')],
};

interface Market extends ApiServer {
  /** The requested paths, without the base. */
  asked: () => string[];
  state: { isDead: boolean; ill: string | undefined };
}

async function serve(models: unknown[] = CATALOGUE): Promise<Market> {
  const state: Market['state'] = { isDead: false, ill: undefined };
  const server = await startApiServer((request, response) => {
    if (state.isDead) return void response.destroy();
    const path = pathOf(request.url);
    if (path === 'models?output_modalities=all') return sendJson(response, 200, { data: models });
    if (path === 'endpoints/zdr')
      return sendJson(response, 200, { data: [{ ...endpoint('Azure', 'azure'), model_id: 'openai/gpt-4o' }] });
    const id = /^models\/(.+)\/endpoints$/.exec(path)?.[1] ?? '';
    if (id === state.ill) return sendJson(response, 500, { error: { code: 500, message: 'ill' } });
    const endpoints = ENDPOINTS[id];
    if (endpoints === undefined) return sendJson(response, 404, { error: { code: 404, message: `model ${id} not found` } });
    return sendJson(response, 200, { data: { id, endpoints } });
  });
  return { ...server, state, asked: () => server.requests.map(({ url }) => pathOf(url)) };
}

const pathOf = (url: string): string => decodeURIComponent(url.replace('/api/v1/', ''));
const orx = (server: ApiServer, home: string, ...args: string[]) =>
  runOrx(['models', ...args], { home, env: { OPENROUTER_BASE_URL: server.url } });

/** Makes every stored copy older by this many hours. */
function age(home: string, hours: number): void {
  for (const name of readdirSync(join(home, 'cache'))) {
    const path = join(home, 'cache', name);
    const older = (_: string, at: string): string => `"fetchedAt":${Number(at) - hours * 3_600_000}`;
    writeFileSync(path, readFileSync(path, 'utf8').replace(/"fetchedAt":(\d+)/, older));
  }
}

describe('facts that only endpoints have', () => {
  test('are fetched only for the models that pass the other filters, stored, and used offline', async () => {
    const server = await serve();
    const home = tempFolder();
    const args = ['--tools', '--provider', 'NOVITA,azure', '--sort', 'throughput', '-o', 'ids'];
    expect(await orx(server, home, ...args)).toEqual({
      code: 0,
      signal: null,
      stdout: 'openai/gpt-4o\ndeepseek/deepseek-chat\n',
      stderr: '',
    });
    expect(new Set(server.asked())).toEqual(
      new Set([
        'models?output_modalities=all',
        'models/openai/gpt-4o/endpoints',
        'models/deepseek/deepseek-chat/endpoints',
        'models/openrouter/auto/endpoints',
      ]),
    );
    const count = server.requests.length;
    expect((await orx(server, home, '--author', 'openai,deepseek', '--quantization', 'fp8', '-o', 'ids')).stdout).toBe(
      'deepseek/deepseek-chat\n',
    );
    expect(server.requests).toHaveLength(count);

    age(home, 3);
    server.state.isDead = true;
    const offline = await orx(server, home, '--author', 'openai,deepseek', '--sort', 'uptime', '--reverse', '--offline');
    expect(offline.code).toBe(0);
    expect(offline.stderr).toBe(
      `2 of 5 models from ${new URL(server.url).host}, 3 h old\nwarning: from stored copies: endpoints up to 3 h old\n`,
    );
    expect(offline.stdout.split('\n').map((line) => line.split(/ +/).slice(0, 4).join(' '))).toEqual([
      'model in $/M out',
      `deepseek/deepseek-chat 0.08333333333333334 1.10 97.1`,
      'openai/gpt-4o 2.50 10.00 99.9',
      '',
    ]);
    expect(server.requests).toHaveLength(count);
    // The network is down without --offline: the result is the same, after one attempt.
    const dead = await orx(server, home, '--author', 'openai,deepseek', '--sort', 'uptime', '-o', 'ids', '--retries', '0');
    expect([dead.code, dead.stdout]).toEqual([0, 'openai/gpt-4o\ndeepseek/deepseek-chat\n']);
  });

  test('offline without stored data exits with 8 and says what is missing and how to get it', async () => {
    const server = await serve();
    const home = tempFolder();
    await orx(server, home, '--limit', '1');
    const endpoints = await orx(server, home, '--provider', 'azure', '--offline');
    expect([endpoints.code, endpoints.stdout]).toEqual([8, '']);
    expect(endpoints.stderr).toContain('no endpoints of these 5 models are stored');
    expect(endpoints.stderr).toContain('without --offline');
    const retention = await orx(server, home, '--zdr', '--offline');
    expect([retention.code, retention.stdout]).toEqual([8, '']);
    expect(retention.stderr).toContain('no stored list of the endpoints with zero data retention');
    expect(server.requests).toHaveLength(1);
  });

  test('zero data retention is one list for all models', async () => {
    const server = await serve();
    const { stdout } = await orx(server, tempFolder(), '--zdr', '-o', 'ids');
    expect(stdout).toBe('openai/gpt-4o\n');
    expect(server.asked()).toEqual(['models?output_modalities=all', 'endpoints/zdr']);
  });

  test('the facts of an endpoint that cannot be read are unknown, with a notice', async () => {
    const server = await serve();
    server.state.ill = 'deepseek/deepseek-chat';
    const { code, stdout, stderr } = await orx(
      server,
      tempFolder(),
      '--tools',
      '--sort',
      'throughput',
      '-o',
      'ids',
      '--retries',
      '0',
    );
    expect([code, stdout]).toEqual([0, 'openai/gpt-4o\ndeepseek/deepseek-chat\nopenrouter/auto\n']);
    expect(stderr).toContain('the endpoints of 1 of 3 models could not be read');
  });

  test('no more than 16 requests run at once for many models, and orx announces a wait', async () => {
    let [open, most] = [0, 0];
    const pending: (() => void)[] = [];
    const models = Array.from({ length: 40 }, (_, index) => wireModel(`a/m${index}`));
    const server = await startApiServer((request, response) => {
      if (request.url.includes('output_modalities')) return sendJson(response, 200, { data: models });
      open += 1;
      most = Math.max(most, open);
      const answer = (): void => {
        open -= 1;
        sendJson(response, 200, { data: { endpoints: [endpoint('P', 'p')] } });
      };
      if (pending.length < 16) pending.push(answer);
      else answer();
    });
    const { code, stdout, stderr } = await runOrx(['models', '--provider', 'p', '-o', 'ids'], {
      env: { OPENROUTER_BASE_URL: server.url },
      // The server answers only after the notice has appeared.
      onStart: (child) => child.stderr.once('data', () => pending.forEach((answer) => answer())),
    });
    expect({ code, most, lines: stdout.trimEnd().split('\n').length }).toEqual({ code: 0, most: 16, lines: 40 });
    expect(stderr).toBe('note: reading the endpoints of 40 models …\n');
  });
});

describe('output formats', () => {
  test('csv: exact prices and texts, units in the header, no formula', async () => {
    const server = await serve([...CATALOGUE, wireModel(HOSTILE, {}, { name: '=1+1, "x"' })]);
    const columns = 'model,name,in,out,blend,pricing,context,modalities,throughput,latency,providers,quantization';
    const { code, stdout, stderr } = await orx(server, tempFolder(), '--columns', columns, '-o', 'csv', '--sort', 'newest');
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    const lines = stdout.split('\n');
    expect(lines[0]).toBe(
      'model,name,input_usd_per_token,output_usd_per_token,blend_3:1_usd_per_token,pricing,context_tokens,modalities,' +
        'throughput_tokens_per_second,latency_ms,providers,quantization',
    );
    expect(lines[1]).toBe(`'${HOSTILE},"'=1+1, ""x""",0.00000027,0.0000011,0.0000004775,per-token,131072,text->text,,,0,`);
    expect(lines).toContain(
      `deepseek/deepseek-chat,Author: deepseek/deepseek-chat,${ODD},0.0000011,0.000000337500000000000005,per-token,163840,text->text,8.25,,2,fp4 fp8`,
    );
    expect(lines).toContain('google/veo,Author: google/veo,,,,other,,text->video,,,1,unknown');
    expect(lines).toContain('openrouter/auto,Author: openrouter/auto,,,,varies,131072,text->text,,,0,');
    expect(lines).toContain('qwen/qwen3:free,Author: qwen/qwen3:free,0,0,0,free,131072,text->text,,,0,');
  });

  test('markdown and ids: neither contains anything active', async () => {
    const server = await serve([wireModel(HOSTILE), CATALOGUE[0]]);
    const home = tempFolder();
    const markdown = await orx(server, home, '-o', 'markdown', '--columns', 'model,in,context');
    expect(markdown.stdout).toBe(
      '| model | in $/M | context |\n| --- | --: | --: |\n' +
        '| =evil/␛\\]0;owned␇\\|x&#60;U+202E&#62; | 0.27 | 131k |\n| openai/gpt-4o | 2.50 | 131k |\n',
    );
    expect(markdown.stderr).toMatch(/^2 models from /);
    const ids = await orx(server, home, '-o', 'ids', '--reverse', '--limit', '1');
    expect(ids).toMatchObject({ stdout: 'openai/gpt-4o\n', stderr: '' });
  });

  test('the blend is shown, set by flag and setting, and orders the list', async () => {
    const server = await serve();
    const home = tempFolder();
    writeFileSync(join(home, 'config.json'), JSON.stringify({ blend: '0:1', favorites: ['openai/gpt-4o', 'qwen/qwen3:free'] }));
    const stored = await orx(server, home, '--sort', 'price', '--favorites', '--reverse');
    expect(stored.stdout).toMatch(/^model +in \$\/M +out \$\/M +0:1 \$\/M .*\nopenai\/gpt-4o +2\.50 +10\.00 +10\.00 /);
    const typed = await orx(server, home, '--sort', 'price', '--favorites', '--blend', '1:1');
    expect(typed.stdout).toMatch(/1:1 \$\/M .*\nqwen\/qwen3:free +free +free +free .*\nopenai\/gpt-4o +2\.50 +10\.00 +6\.25 /);
  });
});

describe('on a terminal', () => {
  const rated = CATALOGUE.map((model, index) => ({
    ...model,
    benchmarks: { artificial_analysis: { intelligence_index: 40 + index, coding_index: 50, agentic_index: 60 } },
  }));

  test.each([60, 80, 120, 200])('%i columns: the sort column stays, and no line is as wide as the screen', async (columns) => {
    const { url } = await serve(rated);
    const home = tempFolder();
    for (const [sort, heading] of [
      ['value', 'per $/M'],
      ['price', '3:1 $/M'],
    ]) {
      const terminal = openTerminal(['models', '--static', '--sort', sort!], {
        columns,
        home,
        env: { OPENROUTER_BASE_URL: url },
      });
      expect(await terminal.exit).toBe(0);
      const lines = (await terminal.everything()).filter((line) => line !== '');
      expect(lines).toHaveLength(7);
      expect(lines[1]).toContain(heading);
      expect(lines[1]!.includes('modalities')).toBe(columns >= 120);
      expect(lines.slice(2).every((line) => line.length < columns && /\/\S{3}/.test(line.slice(0, 24)))).toBe(true);
    }
  });
});
