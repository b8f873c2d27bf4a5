import stringWidth from 'string-width';
import { describe, expect, test } from 'vitest';
import { sendJson, startApiServer, type ApiServer } from '../support/api-server.ts';
import { outputs, wireModel } from '../support/catalogue.ts';
import { runOrx, type RunResult } from '../support/run-orx.ts';
import { openTerminal } from '../support/terminal.ts';

const CATALOGUE = [
  wireModel('openai/gpt-4o', { in: '0.0000025', out: '0.00001' }),
  wireModel('deepseek/deepseek-chat'),
  wireModel('qwen/qwen3-coder:free', { in: '0', out: '0' }),
  wireModel('openrouter/auto', { in: '-1', out: '-1' }),
  wireModel('google/veo', { in: '0', out: '0' }, outputs('video')),
  wireModel('tiny/long', { in: '0.00000008333333333333334', out: '0.0000009' }),
  wireModel(
    'tiers/tiered',
    {},
    {
      pricing: {
        prompt: '0.000003',
        completion: '0.000015',
        overrides: [
          { min_prompt_tokens: 200_000, prompt: '0.000006' },
          { moon_phase: 'full', prompt: '9' },
        ],
      },
    },
  ),
];

const serve = (): Promise<ApiServer> => startApiServer((_, response) => sendJson(response, 200, { data: CATALOGUE }));

async function price(...args: string[]): Promise<RunResult> {
  const { url } = await serve();
  return runOrx(['price', ...args], { env: { OPENROUTER_BASE_URL: url } });
}

describe('in a pipe', () => {
  test('cheapest first with every digit; what varies is last and says so', async () => {
    const { code, stdout, stderr } = await price(
      'openrouter/auto',
      'openai/gpt-4o',
      'google/veo',
      'deepseek-chat',
      'tiny/long',
      'coder:free',
      '--in',
      '1200',
      '--out',
      '400',
    );
    expect(code).toBe(0);
    expect(stderr).toBe('1,200 tokens in · 400 out · prices just fetched\n');
    expect(
      stdout
        .trimEnd()
        .split('\n')
        .map((line) => line.trim().split(/ {2,}/)),
    ).toEqual([
      ['model', 'cost', '×', 'in', 'out'],
      ['qwen/qwen3-coder:free', 'free', '–', '$0', '$0'],
      ['tiny/long', '$0.000460000000000000008', '1.0', '$0.000100000000000000008', '$0.00036'],
      ['deepseek/deepseek-chat', '$0.000764', '1.7', '$0.000324', '$0.00044'],
      ['openai/gpt-4o', '$0.007', '15.2', '$0.003', '$0.004'],
      ['google/veo', 'not per token', '–', '–', '–'],
      ['openrouter/auto', 'varies', '–', '–', '–'],
    ]);
    expect(stdout).not.toContain('\u001b');
  });

  test('what is not said is assumed aloud', async () => {
    const { stderr, stdout } = await price('deepseek/deepseek-chat');
    expect(stderr).toContain('1,000 tokens in (--in) · 1,000 out (--out)');
    expect(stdout).toContain('$0.00137');
  });

  test('a long prompt pays the long price, and a condition nobody knows is passed over', async () => {
    const { stdout } = await price('tiered', '--in', '200_001', '--out', '1k', '--json');
    expect(JSON.parse(stdout)).toMatchObject([{ cost: '1.215006', parts: { input: '1.200006', output: '0.015', request: '0' } }]);
  });

  test('--json is an array of exact amounts and nothing else', async () => {
    const { code, stdout, stderr } = await price(
      'openrouter/auto',
      'tiny/long',
      'google/veo',
      '--in',
      '1.2k',
      '--out',
      '0',
      '--json',
    );
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    const workload = { prompt_tokens: 1200, completion_tokens: 0 };
    const nothing = { cost: null, currency: 'USD', parts: null, workload, multiple: null };
    expect(JSON.parse(stdout)).toEqual([
      {
        model: 'tiny/long',
        cost: '0.000100000000000000008',
        currency: 'USD',
        parts: { input: '0.000100000000000000008', output: '0', request: '0' },
        workload,
        varies: false,
        per_token: true,
        multiple: '1',
      },
      { model: 'google/veo', ...nothing, varies: false, per_token: false },
      { model: 'openrouter/auto', ...nothing, varies: true, per_token: true },
    ]);
  });

  test('unknown models: exit 6, all of them named at once with near names, nothing on stdout', async () => {
    const { code, stdout, stderr } = await price('openai/gpt-4p', 'deepseek/deepseek-chat', 'dipseek-chat');
    expect({ code, stdout }).toEqual({ code: 6, stdout: '' });
    expect(stderr).toContain('"openai/gpt-4p", "dipseek-chat"');
    expect(stderr).toContain('openai/gpt-4p → openai/gpt-4o · dipseek-chat → deepseek/deepseek-chat');
    expect(stderr).toContain('orx models');
  });

  test.each([[['--in', '-5']], [['--in', 'many']], [['--out', '1.5']], [['--out', '1e3']], [['--in', '']]])(
    '%j is bad usage: exit 2',
    async (args) => {
      const { code, stdout, stderr } = await price('openai/gpt-4o', ...args);
      expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
      expect(stderr).toContain(`${args[0]} takes a number of tokens`);
    },
  );

  test('no model is bad usage', async () => {
    expect((await price()).code).toBe(2);
  });

  test('a dead network without a stored copy is exit 8', async () => {
    const { url } = await startApiServer((_, response) => void response.destroy());
    const { code, stdout } = await runOrx(['price', 'a/b', '--retries', '0'], { env: { OPENROUTER_BASE_URL: url } });
    expect({ code, stdout }).toEqual({ code: 8, stdout: '' });
  });

  test('a name from the command line that tries to act does nothing', async () => {
    const { code, stderr } = await price('\u001b]0;owned\u0007\u001b[2J');
    expect(code).toBe(6);
    expect(stderr).not.toMatch(/[\u0000-\u0009\u000b-\u001f]/);
  });
});

describe('on a terminal', () => {
  test.each([60, 80, 120, 200])('%i columns: nothing wraps, bars where there is room', async (columns) => {
    const { url } = await serve();
    const args = [
      'price',
      'deepseek/deepseek-chat',
      'openai/gpt-4o',
      'openrouter/auto',
      'google/veo',
      '--in',
      '1200',
      '--out',
      '400',
    ];
    const terminal = openTerminal(args, { columns, rows: 20, env: { OPENROUTER_BASE_URL: url } });
    expect(await terminal.exit).toBe(0);
    const lines = (await terminal.everything()).filter((line) => line !== '');
    expect(lines).toHaveLength(6);
    expect(lines[0]).toBe('  1,200 tokens in · 400 out · prices just fetched');
    expect(lines[2]).toMatch(/^ {2}deepseek\/deepseek-chat +\$0\.000764 +1\.0/);
    expect(lines[3]).toMatch(/^ {2}openai\/gpt-4o +\$0\.007 +9\.2/);
    expect(lines.at(-1)).toMatch(/^ {2}openrouter\/auto +varies/);
    for (const line of lines) expect(stringWidth(line)).toBeLessThan(columns);
    expect(lines[3]!.includes('████████████')).toBe(columns >= 120);
    expect(terminal.raw()).not.toMatch(/\u001b\[[23]J/);
  });
});
