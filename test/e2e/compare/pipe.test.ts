import { describe, expect, it } from 'vitest';
import { startLaneServer } from '../../support/lane-server.ts';
import { runOrx, type RunOptions } from '../../support/run-orx.ts';

const KEY = { OPENROUTER_API_KEY: 'sk-or-v1-0123456789abcdef0123456789abcdef' };
const fine = { pieces: ['Blue ', 'light ', 'scatters.'], cost: 0.000412 };
const slow = { pieces: ['Ray', 'leigh\n'], pauseMs: 80, cost: 0.00512, completionTokens: 1322 };

function compare(url: string, args: readonly string[], options: RunOptions = {}) {
  return runOrx(['compare', ...args, '--base-url', url, '--retries', '0'], { ...options, env: { ...KEY, ...options.env } });
}

describe('orx compare in a pipe', () => {
  it('writes the answers one after another, then the ranking, without any escape code', async () => {
    const server = await startLaneServer({ 'a/slow': slow, 'b/broken': { status: 400 }, 'c/fine': fine });
    const { code, stdout, stderr } = await compare(
      server.url,
      ['Why is the sky blue?', '-m', 'a/slow', '-m', 'b/broken', '-m', 'c/fine'],
      {
        env: { FORCE_COLOR: '' },
      },
    );
    expect(code).toBe(0);
    expect(stderr).toBe('');
    const [answers, ranking] = stdout.split('\n\n     model');
    expect(answers).toBe(
      '## a/slow\n\nRayleigh\n\n## b/broken\n\nfailed: refused with 400\n\n## c/fine\n\nBlue light scatters.\n'.trimEnd(),
    );
    expect(ranking!.split('\n').map((line) => line.replace(/ +/g, ' ').trim())).toEqual([
      'first token tok/s tokens cost ×',
      expect.stringMatching(/^1 c\/fine \d\.\d\d s [\d.]+ 340 \$0\.000412 1\.0$/),
      expect.stringMatching(/^2 a\/slow \d\.\d\d s [\d.]+ 1,322 \$0\.00512 12\.4$/),
      '– b/broken refused with 400',
      '',
    ]);
    expect(stdout).not.toContain('\u001b');
    expect(server.requests.map((request) => request.json().messages)).toEqual(
      Array.from({ length: 3 }, () => [{ role: 'user', content: 'Why is the sky blue?' }]),
    );
  });

  it('sends all requests at once and shows the first answer as it arrives', async () => {
    const server = await startLaneServer({
      'a/endless': { pieces: ['first words'], finish: 'silence' },
      'b/fine': fine,
    });
    let shown = '';
    const { code, stdout } = await compare(server.url, ['hello', '-m', 'a/endless,b/fine'], {
      onStart: (child) => {
        child.stdout.on('data', (piece: Buffer) => {
          shown += piece.toString();
          if (!shown.includes('first words')) return;
          // The other answer is complete on the server's side soon after its request; only orx knows when it has read it.
          const both = setInterval(() => {
            if (server.requests.length < 2) return;
            clearInterval(both);
            setTimeout(() => child.kill('SIGINT'), 2000);
          }, 20);
        });
      },
    });
    expect(server.requests).toHaveLength(2);
    expect(code).toBe(130);
    expect(stdout).toMatch(/^## a\/endless\n\nfirst words\n\nstopped\n\n## b\/fine\n\nBlue light scatters\.\n\n {5}model /);
    expect(stdout).toMatch(/1 {2}b\/fine {4} /);
    expect(stdout).toContain('  –  a/endless  stopped\n');
  });

  it('puts piped text before the prompt, applies the settings to every lane, and accepts comma-separated lists', async () => {
    const server = await startLaneServer({ 'a/one': fine, 'b/two': fine });
    const { code, stderr } = await compare(
      server.url,
      [
        'summarize',
        '-m',
        'a/one, b/two',
        '-m',
        'a/one',
        '-s',
        'Be brief.',
        '--temperature',
        '0.5',
        '--max-tokens',
        '50',
        '--only',
        'Novita',
        '--zdr',
      ],
      { stdin: 'a long text\n' },
    );
    expect(code).toBe(0);
    expect(stderr).toBe('note: a/one is listed more than once, and used once\n');
    expect(server.requests.map((request) => request.json().model).sort()).toEqual(['a/one', 'b/two']);
    for (const request of server.requests) {
      expect(request.json()).toMatchObject({
        messages: [
          { role: 'system', content: 'Be brief.' },
          { role: 'user', content: 'a long text\n\nsummarize' },
        ],
        temperature: 0.5,
        max_tokens: 50,
        provider: { only: ['Novita'], zdr: true },
      });
    }
  });

  it('with --json prints one object with the exact text', async () => {
    const hostile = 'ok \u001b[2J\u202e "quoted"\r\n\u0000';
    const server = await startLaneServer({
      'a/hostile': { pieces: [hostile] },
      'b/broken': { pieces: ['half an '], finish: 'error' },
    });
    const { code, stdout } = await compare(server.url, ['q', '-m', 'a/hostile,b/broken', '--json']);
    expect(code).toBe(0);
    expect(stdout).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u202e]/);
    const data = JSON.parse(stdout);
    expect(data).toMatchObject({
      prompt: 'q',
      lanes: [
        {
          state: 'done',
          requested_model: 'a/hostile',
          id: 'gen-a/hostile',
          provider: 'TestProvider',
          content: hostile,
          finish_reason: 'stop',
          cost: '0.000412',
        },
        {
          state: 'failed',
          requested_model: 'b/broken',
          content: 'half an ',
          usage: null,
          cost: null,
          error: { kind: 'provider', status: 502 },
        },
      ],
      ranked_by: 'cost',
      ranking: [
        { rank: 1, requested_model: 'a/hostile', cost: '0.000412', relative_cost: '1' },
        { rank: null, requested_model: 'b/broken', cost: null, relative_cost: null },
      ],
    });
    expect(data.lanes[0].usage).toMatchObject({ prompt_tokens: 12, completion_tokens: 340, cost: 0.000412 });
    expect(data.lanes[0].timing).toEqual({
      time_to_first_token_ms: expect.any(Number),
      duration_ms: expect.any(Number),
      tokens_per_second: null,
    });
  });

  it('ranks by the requested metric', async () => {
    const server = await startLaneServer({ 'a/early': { ...fine, cost: 9 }, 'b/late': { ...fine, cost: 1, pieces: ['x', 'y'] } });
    const { stdout } = await compare(server.url, ['q', '-m', 'a/early,b/late', '--json', '--rank-by', 'first-token']);
    const { ranking, ranked_by } = JSON.parse(stdout);
    expect(ranked_by).toBe('first-token');
    expect(ranking.map((row: { rank: number }) => row.rank)).toEqual([1, 2]);
    const { stdout: byCost } = await compare(server.url, ['q', '-m', 'a/early,b/late', '--json']);
    expect(JSON.parse(byCost).ranking.map((row: { requested_model: string }) => row.requested_model)).toEqual([
      'b/late',
      'a/early',
    ]);
  });

  it('-q prints only the answers, -u the receipts', async () => {
    const server = await startLaneServer({ 'a/one': fine, 'b/two': { ...fine, served: 'b/other' } });
    const quiet = await compare(server.url, ['q', '-m', 'a/one,b/two', '-q']);
    expect(quiet.stdout).toBe('## a/one\n\nBlue light scatters.\n\n## b/two\n\nBlue light scatters.\n');
    expect(quiet.stderr).toBe('');
    const full = await compare(server.url, ['q', '-m', 'a/one,b/two', '-u']);
    expect(full.stderr).toMatch(
      /^one · TestProvider · .*12 in → 340 out · \$0\.000412\nwarning: answered by b\/other, not b\/two.*\nother · TestProvider/,
    );
  });

  it('with --diff compares each answer word by word, in text and as data', async () => {
    const server = await startLaneServer({
      'a/one': fine,
      'b/two': { ...fine, pieces: ['Red light scatters.'] },
      'c/three': { status: 400 },
    });
    const text = await compare(server.url, ['q', '-m', 'a/one,b/two,c/three', '--diff']);
    expect(text.stdout).toMatch(/\n\n## b\/two against a\/one\n\n\[-Blue-\]\{\+Red\+\} light scatters\.\n$/);
    const named = await compare(server.url, ['q', '-m', 'a/one,b/two', '--diff', 'two', '--json']);
    expect(JSON.parse(named.stdout).diffs).toEqual([
      {
        lane: 1,
        against: 2,
        pieces: [
          { kind: 'removed', text: 'Red' },
          { kind: 'added', text: 'Blue' },
          { kind: 'same', text: ' light scatters.' },
        ],
      },
    ]);
    const wrong = await compare('http://127.0.0.1:9/api/v1', ['q', '-m', 'a/one,b/two', '--diff', '3']);
    expect(wrong).toMatchObject({ code: 2, stderr: expect.stringContaining('--diff names no lane: 3\nhint: use the number') });
  });

  it.each<[string, string[], number, RegExp]>([
    ['no model', ['q'], 2, /compare needs at least two models\n.*-m/],
    ['one model', ['q', '-m', 'a/one', '-m', 'a/one'], 2, /needs at least two models, not only a\/one/],
    ['too many', ['q', '-m', Array.from({ length: 17 }, (_, index) => `a/m${index}`).join()], 2, /at most 16 lanes, not 17/],
    ['no prompt', ['-m', 'a/one,b/two'], 2, /no prompt given/],
    ['an unknown measure', ['q', '-m', 'a/one,b/two', '--rank-by', 'taste'], 2, /rank-by/],
    ['an unknown format', ['q', '-m', 'a/one,b/two', '-o', 'xml'], 2, /allowed values: text, json/],
  ])('%s is a usage error', async (_name, args, code, message) => {
    const result = await compare('http://127.0.0.1:9/api/v1', args);
    expect(result.code).toBe(code);
    expect(result.stderr).toMatch(message);
    expect(result.stdout).toBe('');
  });

  it('reports a missing key', async () => {
    const { code, stderr } = await runOrx(['compare', 'q', '-m', 'a/one,b/two']);
    expect(code).toBe(3);
    expect(stderr).toContain('no API key');
  });

  it('exits with the first failure if no model answered, after reporting all failures', async () => {
    const server = await startLaneServer({ 'a/limited': { status: 429 }, 'b/poor': { status: 402 } });
    const { code, stdout, stderr } = await compare(server.url, ['q', '-m', 'a/limited,b/poor']);
    expect(code).toBe(5);
    expect(stdout).toMatch(
      /^## a\/limited\n\nfailed: .*429.*\n\n## b\/poor\n\nfailed: .*402.*\n\n {2}– {2}a\/limited {2}.*\n {2}– {2}b\/poor {5}.*\n$/,
    );
    expect(stderr).toMatch(/^error: /);
  });

  it('with --strict-model exits with 9 if another model answered, whose answer is stopped', async () => {
    const server = await startLaneServer({ 'a/one': fine, 'b/two': { ...fine, served: 'b/other' } });
    const { code, stdout, stderr } = await compare(server.url, ['q', '-m', 'a/one,b/two', '--strict-model']);
    expect(code).toBe(9);
    expect(stdout).toContain('## b/two\n\nfailed: b/other answered, not b/two\n');
    expect(stderr).toContain('b/other answered, not b/two');
    expect((await compare(server.url, ['q', '-m', 'a/one,b/two'])).code).toBe(0);
  });

  it('aborts every request when it is stopped', async () => {
    const server = await startLaneServer({
      'a/one': { pieces: ['x'], finish: 'silence' },
      'b/two': { pieces: ['y'], finish: 'silence' },
    });
    const { code } = await compare(server.url, ['q', '-m', 'a/one,b/two', '--json'], {
      onStart: (child) => {
        const timer = setInterval(() => {
          if (server.requests.length < 2) return;
          clearInterval(timer);
          child.kill('SIGTERM');
        }, 20);
      },
    });
    expect(code).toBe(130);
    await Promise.all(server.requests.map((request) => request.closed));
  });
});
