import { describe, expect, it } from 'vitest';
import { openProgram } from '../../../src/cli/program.ts';
import { sendJson, startApiServer } from '../../support/api-server.ts';
import { startLaneServer } from '../../support/lane-server.ts';
import { runOrx, type RunOptions, type RunResult } from '../../support/run-orx.ts';
import { tempFolder } from '../../support/temp-home.ts';
import { openTerminal } from '../../support/terminal.ts';
import { EDITOR_SCRIPT, FLAGS_WITHOUT_WIRE, homeWithFiles, WIRE_FILES, WIRE_FLAGS } from '../../support/wire-flags.ts';

const KEY = { OPENROUTER_API_KEY: 'sk-or-v1-0123456789abcdef0123456789abcdef' };
interface DryRequest {
  body: { model: string };
}

async function dryRun(args: readonly string[], options: RunOptions = {}): Promise<DryRequest[]> {
  const { code, stdout, stderr } = await runOrx(['compare', ...args, '--dry-run', '--json'], {
    home: homeWithFiles(),
    ...options,
    env: { ...KEY, EDITOR: EDITOR_SCRIPT, ...options.env },
  });
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  return JSON.parse(stdout) as DryRequest[];
}

describe('flags of orx chat', () => {
  it('are all flags of orx compare: those of the prompt, the parameters and the routing', async () => {
    const flagsOf = async (name: string): Promise<Map<string, string>> => {
      const { program } = await openProgram((command) => void command, [name]);
      const command = program.commands.find((one) => one.name() === name)!;
      return new Map(command.options.filter(({ hidden }) => !hidden).map((one) => [one.long!, one.helpGroupHeading ?? '']));
    };
    const chat = [...(await flagsOf('chat'))];
    const wanted = chat.filter(
      ([flag, group]) =>
        ['Prompt:', 'Parameters:', 'Routing:'].includes(group) || ['--system', '--no-stream', '--schema'].includes(flag),
    );
    const compare = await flagsOf('compare');
    expect(wanted.filter(([flag]) => !compare.has(flag))).toEqual([]);
    expect(wanted.map(([flag]) => flag).sort()).toEqual([...Object.keys(WIRE_FLAGS), ...FLAGS_WITHOUT_WIRE].sort());
  });

  it.each(Object.entries(WIRE_FLAGS))('%s is in the request of each lane', async (_flag, { args, body }) => {
    const requests = await dryRun(['hi', '-m', 'a/one,b/two', ...args]);
    expect(requests).toHaveLength(2);
    for (const [index, model] of ['a/one', 'b/two'].entries()) expect(requests[index]!.body).toMatchObject({ model, ...body });
  });
});

describe('--vary', () => {
  it('multiplies models, values and repetitions, in this order', async () => {
    const requests = await dryRun(
      'hi -m a/one,b/two --vary temperature=0,1 --vary system=@brief.txt,@long.txt --repeat 2'.split(' '),
    );
    const of = (model: string, temperature: number, system: string) => ({
      body: { model, temperature, messages: [{ role: 'system', content: system }, { content: 'hi' }] },
    });
    expect(requests).toMatchObject(
      ['a/one', 'b/two'].flatMap((model) =>
        [0, 1].flatMap((temperature) =>
          ['Be brief.', 'Be long.'].flatMap((system) => [of(model, temperature, system), of(model, temperature, system)]),
        ),
      ),
    );
  });

  it('compares prompts, each after the same standard input', async () => {
    const requests = await dryRun(['-m', 'a/one', '--vary', 'prompt=sum up,@a.md', '-f', 'a.md'], { stdin: 'piped' });
    expect(requests).toMatchObject(
      ['sum up', 'file text'].map((prompt) => ({
        body: { messages: [{ content: `piped\n\na.md:\n\`\`\`\nfile text\n\`\`\`\n\n${prompt}` }] },
      })),
    );
  });

  it('compares templates, each with its own system prompt and settings', async () => {
    const requests = await dryRun(['hi', '-m', 'a/one', '--vary', 'template=./one.md,./two.md', '-p', 'what=x'], {
      home: homeWithFiles({ 'one.md': `${WIRE_FILES['one.md']} {{what}}` }),
    });
    expect(requests).toMatchObject([
      { body: { messages: [{ role: 'system', content: 'You are one.' }, { content: 'First: hi x' }] } },
      { body: { messages: [{ role: 'user', content: 'Second: hi x' }] } },
    ]);
  });

  it.each<[string[], string]>([
    [['hi', '--vary', 'prompt=a,b'], 'the prompt cannot be combined with --vary prompt'],
    [['hi', '--vary', 'temperature=0,1', '--temperature', '1'], '--temperature cannot be combined with --vary temperature'],
    [['hi', '-t', './one.md', '--vary', 'template=./one.md,./two.md'], '-t cannot be combined with --vary template'],
    [['hi', '--vary', 'temperature=0,3'], 'temperature must be a number from 0 to 2'],
    [['hi', '--vary', 'system=@none.txt,@brief.txt'], 'none.txt'],
    [['hi', '--vary', 'template=none,./two.md'], 'none'],
    [['hi', '--vary', 'efort=low,high'], 'did you mean effort?'],
  ])('%j is an error, and nothing is sent', async (args, message) => {
    const server = await startLaneServer({});
    const { code, stdout, stderr } = await runOrx(['compare', ...args, '-m', 'a/one', '--base-url', server.url], {
      home: homeWithFiles(),
      env: KEY,
    });
    expect({ code, stdout, requests: server.requests.length }).toEqual({ code: 2, stdout: '', requests: 0 });
    expect(stderr).toContain(message);
  });
});

/** An API with one model at three endpoints, which names the endpoint that a request asks for. */
function startEndpointServer() {
  const endpoint = (provider_name: string, tag: string, quantization: string) => ({
    provider_name,
    tag,
    quantization,
    name: tag,
    context_length: 1000,
    supported_parameters: [],
    pricing: { prompt: '0.000001', completion: '0.000002' },
  });
  return startApiServer((request, response) => {
    if (request.url.endsWith('/models/a/one/endpoints')) {
      const endpoints = [
        endpoint('DeepInfra', 'deepinfra/fp8', 'fp8'),
        endpoint('DeepInfra', 'deepinfra/bf16', 'bf16'),
        endpoint('Novita', 'novita', 'fp8'),
      ];
      return sendJson(response, 200, { data: { id: 'a/one', name: 'One', endpoints } });
    }
    if (!request.url.endsWith('/chat/completions')) return sendJson(response, 404, { error: { code: 404, message: 'not here' } });
    const { provider } = request.json() as { provider: { only: string[] } };
    return sendJson(response, 200, {
      id: 'gen',
      model: 'a/one',
      // One of them is not what was requested.
      provider: provider.only[0] === 'novita' ? 'Chutes' : 'DeepInfra',
      choices: [{ message: { role: 'assistant', content: `from ${provider.only[0]}` }, finish_reason: 'stop' }],
      usage: { prompt_tokens: 1, completion_tokens: 2, total_tokens: 3, cost: 0.01 },
    });
  });
}

describe('--providers', () => {
  it.each<[string[], string[]]>([
    [['all'], ['deepinfra/fp8', 'deepinfra/bf16', 'novita']],
    [['novita,DeepInfra'], ['novita', 'deepinfra/fp8', 'deepinfra/bf16']],
    [['deepinfra/bf16,novita,novita'], ['deepinfra/bf16', 'novita']],
    [
      ['all', '--quantization', 'fp8'],
      ['deepinfra/fp8', 'novita'],
    ],
    [
      ['all', '--ignore', 'novita'],
      ['deepinfra/fp8', 'deepinfra/bf16'],
    ],
    [
      ['all', '--provider', 'novita', '--fallback', 'b/two'],
      ['deepinfra/fp8', 'deepinfra/bf16', 'novita'],
    ],
  ])('%j pins each endpoint, without fallbacks', async (args, tags) => {
    const server = await startEndpointServer();
    const requests = await dryRun(['hi', '-m', 'a/one', '--providers', ...args, '--base-url', server.url]);
    expect(requests.map(({ body }) => body)).toMatchObject(
      tags.map((tag) => ({ model: 'a/one', provider: { only: [tag], allow_fallbacks: false } })),
    );
    for (const { body } of requests) {
      expect(body).not.toHaveProperty('models');
      expect(body).not.toHaveProperty('provider.order');
      expect(body).not.toHaveProperty('provider.ignore');
    }
  });

  it('shows which provider answered', async () => {
    const server = await startEndpointServer();
    const args = ['compare', 'hi', '-m', 'a/one', '--providers', 'deepinfra/fp8,novita', '--no-stream', '--base-url', server.url];
    const text = await runOrx(args, { env: KEY });
    expect(text.stdout).toContain('## a/one · novita\n\nfrom novita\n');
    expect(text.stdout).toMatch(/^ {2}1 {2}a\/one · deepinfra\/fp8 {2}DeepInfra /m);
    expect(text.stdout).toMatch(/^ {2}1 {2}a\/one · novita {9}Chutes /m);
    const data = JSON.parse((await runOrx([...args, '--json'], { env: KEY })).stdout);
    expect(data.lanes).toMatchObject([
      { lane: 1, pinned_provider: 'deepinfra/fp8', provider: 'DeepInfra' },
      { lane: 2, pinned_provider: 'novita', provider: 'Chutes' },
    ]);
  });

  it.each<[string[], string]>([
    [['-m', 'a/one', '--providers', 'nowhere'], 'a/one has no provider nowhere'],
    [['-m', 'a/one', '--providers', 'novit'], 'did you mean novita?'],
    [['-m', 'a/one', '--providers', 'novita'], 'has only one provider'],
    [['-m', 'a/one', '--providers', 'novita', '--ignore', 'novita'], 'the settings exclude the endpoints of novita'],
    [['-m', 'ollama:a', '--providers', 'all'], 'ollama:a has only one provider'],
  ])('%j is an error, and no prompt is sent', async (args, message) => {
    const server = await startEndpointServer();
    const { code, stderr } = await runOrx(['compare', 'hi', ...args, '--base-url', server.url], { env: KEY });
    expect({ code, sent: server.requests.filter(({ method }) => method === 'POST') }).toEqual({ code: 2, sent: [] });
    expect(stderr).toContain(message);
  });
});

describe('filters', () => {
  const run = (...args: string[]): Promise<RunResult> => runOrx(['--sandbox', 'compare', 'hi', ...args, '--dry-run', '--json']);
  const models = async (...args: string[]): Promise<string[]> =>
    (JSON.parse((await run(...args)).stdout) as DryRequest[]).map(({ body }) => body.model);
  const listed = async (...args: string[]): Promise<string[]> =>
    (await runOrx(['--sandbox', 'models', ...args, '-o', 'ids', '--output-modalities', 'text'])).stdout.trim().split('\n');

  it.each([
    ['the cheapest', ['--tools'], []],
    ['another order', ['--vision'], ['--sort', 'context']],
    ['the end of an order', ['--author', 'openai'], ['--sort', 'newest', '--reverse']],
  ])('choose the models that orx models lists: %s', async (_name, filter, order) => {
    const wanted = await listed(...filter, ...(order.length === 0 ? ['--sort', 'price'] : order), '--limit', '3');
    expect(await models(...filter, ...order, '--top', '3')).toEqual(wanted);
  });

  it('add models to those with a name, each once', async () => {
    const [first, second] = await listed('--tools', '--sort', 'price', '--limit', '2');
    const { stdout, stderr } = await run('-m', second!, '--tools', '--top', '2');
    expect((JSON.parse(stdout) as DryRequest[]).map(({ body }) => body.model)).toEqual([second, first]);
    expect(stderr).toBe('');
  });

  it.each<[string[], string]>([
    [['--author', 'nobody'], 'no model matches the filters'],
    [['--tools'], 'models match the filters; compare accepts at most 16 lanes'],
    [['--top', '1'], 'the filters match only one model'],
    [['--top', '20'], 'compare accepts at most 16 lanes, not 20'],
  ])('%j is an error', async (args, message) => {
    const { code, stderr } = await run(...args);
    expect({ code, stderr }).toEqual({ code: 2, stderr: expect.stringContaining(message) });
  });
});

describe('--repeat', () => {
  it('has the spread of each figure, and counts answers that failed', async () => {
    let asked = 0;
    const server = await startApiServer((request, response) => {
      if (!request.url.endsWith('/chat/completions'))
        return sendJson(response, 404, { error: { code: 404, message: 'not here' } });
      asked += 1;
      if (asked === 2) return sendJson(response, 400, { error: { code: 400, message: 'not now' } });
      return sendJson(response, 200, {
        id: `gen-${asked}`,
        model: 'a/one',
        choices: [{ message: { role: 'assistant', content: 'ok' }, finish_reason: 'stop' }],
        usage: { prompt_tokens: 1, completion_tokens: asked * 100, total_tokens: 3, cost: asked / 1000 },
      });
    });
    const args = ['compare', 'hi', '-m', 'a/one', '--repeat', '4', '--no-stream', '--retries', '0', '--base-url', server.url];
    const data = JSON.parse((await runOrx([...args, '--json'], { env: KEY })).stdout);
    expect(data.lanes.map(({ lane, repetition }: { lane: number; repetition: number }) => [lane, repetition])).toEqual([
      [1, 1],
      [1, 2],
      [1, 3],
      [1, 4],
    ]);
    expect(data.ranking).toMatchObject([
      {
        rank: 1,
        lane: 1,
        requested_model: 'a/one',
        cost: '0.003',
        repetitions: 4,
        answered: 3,
        spread: {
          cost: { median: '0.003', low: '0.001', high: '0.004', range: 'min-max', values: 3 },
          completion_tokens: { median: 300, low: 100, high: 400 },
        },
      },
    ]);
    asked = 0;
    const { code, stdout } = await runOrx(args, { env: KEY });
    expect(code).toBe(0);
    expect(stdout).toContain('## a/one · #4\n\nok\n');
    expect(stdout).toMatch(/\n {7}min–max of 3 of 4 answered .* 100–400 {2}\$0\.00100–\$0\.00400\n/);
    expect(stdout).toMatch(/\n {2}– {2}a\/one · #\d .*not now\n$/);
  });
});

describe('the price before a comparison', () => {
  const EXPENSIVE = ['--sandbox', 'compare', 'hi', '-m', 'openai/gpt-4o,anthropic/claude-sonnet-4.6', '--max-tokens', '200'];

  it('in a pipe is refused above confirm-above, and sent with --yes', async () => {
    const env = { ORX_CONFIRM_ABOVE: '0.0001' };
    const refused = await runOrx(EXPENSIVE, { env });
    expect(refused).toMatchObject({ code: 2, stdout: '' });
    expect(refused.stderr).toMatch(/^error: these requests may cost \$0\.0\d+, more than confirm-above \(\$0\.000100\)\n/);
    expect(refused.stderr).toContain('--yes');
    const sent = await runOrx([...EXPENSIVE, '--yes'], { env });
    expect({ code: sent.code, stderr: sent.stderr }).toEqual({ code: 0, stderr: '' });
  });

  it('on a terminal is shown, and confirmed above confirm-above', async () => {
    const home = tempFolder();
    const no = openTerminal(EXPENSIVE, { home, env: { ORX_CONFIRM_ABOVE: '0.0001' } });
    await no.waitFor(/2 requests · about \$0\.0\d+[^]*2 requests may cost \$0\.0\d+\. Send them\? \[y\/N\]/);
    no.type('n\r');
    expect(await no.exit).toBe(130);
    expect((await no.everything()).join('\n')).not.toContain('##');
    const yes = openTerminal(EXPENSIVE, { home, env: { ORX_CONFIRM_ABOVE: '0.0001' } });
    await yes.waitFor('[y/N]');
    yes.type('y\r');
    expect(await yes.exit).toBe(0);
    expect((await yes.everything()).join('\n')).toContain('## anthropic/claude-sonnet-4.6');
  });

  it('that is not known stops nothing', async () => {
    const server = await startLaneServer({ 'a/one': { pieces: ['ok'] }, 'b/two': { pieces: ['ok'] } });
    const env = { ...KEY, ORX_CONFIRM_ABOVE: '0' };
    const { code, stderr } = await runOrx(['compare', 'hi', '-m', 'a/one,b/two', '--base-url', server.url], { env });
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  });
});
