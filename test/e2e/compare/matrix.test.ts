import { spawn } from 'node:child_process';
import { readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { newGate } from '../../support/api-server.ts';
import { type MatrixServerOptions, startMatrixServer } from '../../support/matrix-server.ts';
import { cleanEnvironment, ORX, runOrx, type RunResult } from '../../support/run-orx.ts';
import { tempFolder } from '../../support/temp-home.ts';

const KEY = { OPENROUTER_API_KEY: 'sk-or-v1-0123456789abcdef0123456789abcdef' };
const MODELS = ['a/one', 'b/two', 'c/three'];

function csv(questions: readonly string[], expected = 'ok'): string {
  return `prompt,expected\n${questions.map((question) => `${question},${expected}\n`).join('')}`;
}

function numbered(count: number): string[] {
  return Array.from({ length: count }, (_, index) => `question ${index + 1}`);
}

/** A folder with `cases.csv`, and an API. */
async function setUp(questions: readonly string[], options: Partial<MatrixServerOptions> = {}) {
  const home = tempFolder();
  const server = await startMatrixServer({ models: MODELS, ...options });
  const path = join(home, 'cases.csv');
  writeFileSync(path, csv(questions));
  const args = (...more: readonly string[]): string[] => [
    'compare',
    '--prompts',
    path,
    '-m',
    MODELS.join(','),
    '--base-url',
    server.url,
    ...more,
  ];
  const compare = (...more: readonly string[]): Promise<RunResult> => runOrx(args(...more), { home, env: KEY });
  return { home, server, path, args, compare };
}

function cellsIn({ stdout }: RunResult): { case: string; lane: string; state: string; passed: boolean; content: string }[] {
  return (JSON.parse(stdout) as { cells: never[] }).cells;
}

test('asks every prompt in every lane, checks the answers, and says what it understood and what it may cost', async () => {
  const { compare, server, home } = await setUp(numbered(4), {
    reply: ({ model, question }) => ({ text: model === 'b/two' && question.endsWith('2') ? 'no' : `ok ${question}` }),
  });
  const run = await compare();
  expect(run.code).toBe(10);
  expect(server.asked).toHaveLength(12);
  expect(run.stderr).toContain('cases.csv: ');
  expect(run.stderr).toMatch(/12 requests · about \$0\.0\d+/);
  expect(run.stdout).toMatch(/^lane +passed +rate +95% interval +vs first +cost/);
  expect(run.stdout).toMatch(/^b\/two +3\/4 +75% +30–95% +−25\.0 +\$0\.00400/m);
  expect(run.stdout).toContain('4 cases · 12 cells · 11 of 12 passed · $0.0120 for the whole run');
  expect(run.stdout).toMatch(/^2 +b\/two +contains/m);
  const [journal] = readdirSync(join(home, 'data/runs'));
  expect(statSync(join(home, 'data/runs', journal!)).mode & 0o777).toBe(0o600);
  const entries = await runOrx(['usage', '--by', 'model', '--json'], { home, env: KEY });
  expect(entries.stdout.match(/"requests": 4/g)).toHaveLength(3);
});

test('a report has all cells, whether the results fit into memory or are read from the journal again', async () => {
  for (const [length, isLarge] of [
    [10, false],
    [800_000, true],
  ] as const) {
    const { compare, home } = await setUp(numbered(2), {
      reply: ({ model, question }) => ({ text: `ok ${model} ${question}`.padEnd(length, '.') }),
    });
    const run = await compare('-q', '--json');
    expect(cellsIn(run).map(({ case: id, lane, content }) => [id, lane, content.length, content.split('.')[0]])).toEqual(
      ['1', '2'].flatMap((id) =>
        MODELS.map((model) => {
          const text = `ok ${model} question ${id}`;
          return [id, model, Math.max(length, text.length), text];
        }),
      ),
    );
    const [journal] = readdirSync(join(home, 'data/runs'));
    expect(statSync(join(home, 'data/runs', journal!)).size > 4 * 1024 * 1024).toBe(isLarge);
  }
});

test('exit codes: 10 for failed expectations, with --min-pass and --exit-zero; a missing answer passes nothing', async () => {
  const { compare, path } = await setUp(['good', 'bad'], {
    reply: ({ question }) => ({ text: question === 'bad' ? 'no' : 'ok' }),
  });
  for (const [flags, code] of [
    [[], 10],
    [['--min-pass', '0.5'], 0],
    [['--min-pass', '51%'], 10],
    [['--exit-zero'], 0],
  ] as const)
    expect((await compare(...flags, '-q')).code).toBe(code);
  writeFileSync(path, csv(['good']));
  expect((await compare('-q')).code).toBe(0);
  const down = await setUp(['one'], { reply: () => ({ status: 502 }) });
  const missing = await down.compare('--retries', '0');
  expect([missing.code, missing.stderr]).toEqual([7, expect.stringContaining('error: some answers are missing')]);
  expect((await down.compare('--retries', '0', '--exit-zero', '--min-pass', '0.5')).code).toBe(7);
});

test('rows that cannot be read stop the command before anything is sent: exit 2, with their lines', async () => {
  const { compare, server, path } = await setUp(['one']);
  writeFileSync(path, 'prompt,expected\none,ok\ntwo,ok,extra\nthree,ok\nfour,"ok,x\n');
  const run = await compare();
  expect(run.code).toBe(2);
  expect(run.stderr).toContain('cases.csv:3: ');
  expect(run.stderr).toMatch(/error: \d rows? of .*cases\.csv cannot be read/);
  expect(server.asked).toEqual([]);
});

test(
  'a kill -9 in the middle of 300 cells: a resume of the reordered file sends exactly the missing requests',
  { timeout: 120_000 },
  async () => {
    const gate = newGate();
    const questions = numbered(100);
    const { home, server, path, args, compare } = await setUp(questions, {
      // Some answers are on their way when the process is killed.
      reply: async ({ question }, nth) => {
        if (nth > 120 && nth <= 200) await gate.opened;
        return { text: `ok ${question}` };
      },
    });
    const child = spawn(process.execPath, [ORX, ...args('-o', 'jsonl', '--concurrency', '6')], {
      env: cleanEnvironment(home, KEY),
      cwd: home,
      stdio: ['ignore', 'pipe', 'ignore'],
    });
    onTestFinished(() => void child.kill('SIGKILL'));
    let shown = '';
    child.stdout.on('data', (piece: Buffer) => (shown += piece.toString()));
    await waitUntil(() => server.asked.length > 120 && shown.split('\n').length > 100);
    child.kill('SIGKILL');
    await new Promise((resolve) => child.on('close', resolve));
    gate.open();
    const before = server.asked.length;
    expect(before).toBeLessThan(200);
    // What was shown is stored: the journal is written first.
    const answered = new Set(
      shown
        .split('\n')
        .slice(0, -1)
        .map((line) => JSON.parse(line) as { lane: string; prompt: { content: string }[] })
        .map(({ lane, prompt }) => `${lane}: ${prompt[0]!.content}`),
    );
    const journal = readdirSync(join(home, 'data/runs')).find((name) => name.endsWith('.jsonl'));
    const stored = readFileSync(join(home, 'data/runs', journal!), 'utf8')
      .split('\n')
      .filter((line) => line.includes('"type":"answer"')).length;
    expect(stored).toBeGreaterThanOrEqual(answered.size);

    writeFileSync(path, csv(questions.toReversed()));
    const resumed = await compare('--resume', '-o', 'json');
    expect([resumed.code, resumed.stderr.includes('error')]).toEqual([0, false]);
    const again = server.asked.slice(before);
    expect(again).toHaveLength(300 - stored);
    expect(again.filter((question) => answered.has(question))).toEqual([]);
    expect(
      cellsIn(resumed).every(
        ({ state, passed, content }) => state === 'answered' && passed && content.startsWith('ok question '),
      ),
    ).toBe(true);
    expect(JSON.parse(resumed.stdout)).toMatchObject({ cost: '0.3', complete: true, passed: 300 });

    // Edited: one case is new, one is gone, one expects something else. Only the new one is asked.
    writeFileSync(path, csv([...questions.slice(0, 98), 'new question']) + 'question 99,never\n');
    const edited = await compare('--resume', '-o', 'json');
    expect(server.asked.slice(before + again.length).toSorted()).toEqual(MODELS.map((model) => `${model}: new question`));
    expect(cellsIn(edited).filter(({ passed }) => !passed)).toHaveLength(3);
    expect(edited.code).toBe(10);
    expect(JSON.parse(edited.stdout)).toMatchObject({ cost: '0.303' });
  },
);

test('a storm of 429 loses nothing and fails no expectation', { timeout: 120_000 }, async () => {
  let refused = 0;
  const { server, compare } = await setUp(numbered(20), {
    reply: ({ question }, nth) => {
      if (nth % 3 === 0) return { text: `ok ${question}` };
      refused += 1;
      return { status: 429, headers: { 'retry-after-ms': '5' } };
    },
  });
  const run = await compare('-o', 'json');
  expect(run.code).toBe(0);
  expect(server.asked).toHaveLength(60 + refused);
  expect(refused).toBeGreaterThanOrEqual(118);
  expect(JSON.parse(run.stdout)).toMatchObject({ passed: 60, expecting: 60, cost: '0.06' });
});

test('a daily quota is not asked for again with each case', async () => {
  const { server, compare } = await setUp(numbered(30), {
    reply: ({ model }) =>
      model === 'a/one' ? { status: 429, message: 'Rate limit exceeded: free-models-per-day' } : { text: 'ok' },
  });
  const run = await compare('-o', 'json');
  expect(server.asked.filter((question) => question.startsWith('a/one')).length).toBeLessThanOrEqual(8);
  expect(cellsIn(run).filter(({ lane, state }) => lane !== 'a/one' && state === 'answered')).toHaveLength(60);
  expect(run.code).toBe(5);
  expect(run.stderr).toContain('--resume');
});

test('--max-cost stops before the limit, however many requests run at once, and a resume counts what was spent', async () => {
  // The highest cost of a request: some prompt tokens at 1 USD a million, and 1,000 tokens at 2 USD a million.
  const { server, compare } = await setUp(numbered(60), { reply: () => ({ text: 'ok', cost: 0.0015 }) });
  const run = await compare('--max-cost', '0.05', '-o', 'json');
  const { cost } = JSON.parse(run.stdout) as { cost: string };
  expect(run.code).toBe(4);
  expect(Number(cost)).toBeLessThanOrEqual(0.05);
  expect(Number(cost)).toBeGreaterThan(0.045);
  expect(run.stderr).toContain('error: stopped before --max-cost 0.05');
  const before = server.asked.length;
  expect(before * 0.0015).toBeCloseTo(Number(cost), 9);
  const resumed = await compare('--resume', '--max-cost', '0.06', '-o', 'json');
  expect(Number((JSON.parse(resumed.stdout) as { cost: string }).cost)).toBeLessThanOrEqual(0.06);
  expect(server.asked.length).toBeGreaterThan(before);
});

test('budgets hold for a run, and stop it', async () => {
  const { home, server, compare } = await setUp(numbered(60), { reply: () => ({ text: 'ok', cost: 0.0015 }) });
  await runOrx(['budget', 'add', '--day', '0.03'], { home, env: KEY });
  const run = await compare('-o', 'json');
  expect(run.code).toBe(4);
  expect(server.asked.length * 0.0015).toBeLessThanOrEqual(0.03);
  expect(server.asked.length).toBeGreaterThan(10);
});

test('nothing expensive is sent without a confirmation', async () => {
  const { home, server, compare } = await setUp(numbered(10));
  await runOrx(['config', 'set', 'confirm-above', '0.0001'], { home });
  const refused = await compare();
  expect([refused.code, server.asked.length]).toEqual([2, 0]);
  expect(refused.stderr).toMatch(/error: these requests may cost \$0\.0\d+, more than confirm-above \(\$0\.000100\)/);
  expect((await compare('--resume')).stderr).toContain('error: no stored run of');
  expect((await compare('--yes', '-q')).code).toBe(0);
});

test('--dry-run says what would be sent, and sends nothing', async () => {
  const { home, server, compare } = await setUp(numbered(200));
  const run = await compare('--dry-run', '--repeat', '2', '--filter', '1');
  expect(run.code).toBe(0);
  expect(run.stderr).toMatch(/^714 requests · about /m);
  expect(run.stderr).toMatch(/a difference between lanes below about \d+ points would not show with these cases/);
  expect(server.asked).toEqual([]);
  expect(readdirSync(home)).not.toContain('runs');
});

test('repetitions are separate requests, and each has its own answer in a resume', async () => {
  const { server, compare } = await setUp(['one'], { reply: (_, nth) => ({ text: `ok ${nth}` }) });
  const first = await compare('--repeat', '2', '-o', 'json');
  expect(server.asked).toHaveLength(6);
  const second = await compare('--repeat', '3', '--resume', '-o', 'json');
  expect(server.asked).toHaveLength(9);
  const texts = (run: RunResult): string[] => cellsIn(run).map(({ content }) => content);
  expect(texts(second)).toEqual(expect.arrayContaining(texts(first)));
  expect(new Set(texts(second)).size).toBe(9);
});

test('a misspelled key of a configuration stops the command before anything is sent: its case would pass without being checked', async () => {
  const { home, server } = await setUp([]);
  const path = join(home, 'promptfooconfig.yaml');
  const config = (key: string): string =>
    `prompts: ["Say {{word}}"]\nproviders: [openrouter:a/one]\nauthor: me\ntests:\n  - vars: { word: hi }\n    ${key}: [{ type: equals, value: no }]\n`;
  const compare = (): Promise<RunResult> => runOrx(['compare', '--prompts', path, '--base-url', server.url], { home, env: KEY });
  writeFileSync(path, config('asserts'));
  const run = await compare();
  expect(run.code).toBe(2);
  expect(run.stderr).toContain(
    `\n${path}:5: unknown key asserts; did you mean assert?\nerror: 1 row of ${path} cannot be read\nhint: correct the file; nothing was sent\n`,
  );
  expect(server.asked).toEqual([]);
  writeFileSync(path, config('assert'));
  const fixed = await compare();
  expect(fixed.code).toBe(10);
  expect(fixed.stderr).toContain('  not run: field author (orx does not know this field)');
});

test('parameters of --vary and of the file are lanes of their own', async () => {
  const { home, server, args } = await setUp(['one']);
  const varied = await runOrx([...args('--vary', 'temperature=0,1'), '-q'], { home, env: KEY });
  expect(varied.stdout.split('\n').filter((line) => line.includes('temperature')).length).toBe(6);
  const path = join(home, 'promptfooconfig.yaml');
  writeFileSync(
    path,
    'prompts: ["Say {{word}}"]\nproviders:\n  - id: openrouter:a/one\n    config: { temperature: 0.3, max_tokens: 7 }\n  - id: openrouter:b/two\n  - file://provider.js\ntests:\n  - vars: { word: hi }\n    assert: [{ type: contains, value: ok }, { type: python, value: "file://x.py" }]\n',
  );
  const from = server.requests.length;
  const run = await runOrx(['compare', '--prompts', path, '--base-url', server.url, '-o', 'json'], { home, env: KEY });
  expect(run.code).toBe(10);
  const bodies = server.requests
    .slice(from)
    .filter(({ url }) => url.endsWith('/chat/completions'))
    .map((request) => request.json() as Record<string, unknown>);
  expect(bodies).toHaveLength(2);
  expect(bodies.find(({ model }) => model === 'a/one')).toMatchObject({
    temperature: 0.3,
    max_tokens: 7,
    messages: [{ role: 'user', content: 'Say hi' }],
  });
  expect(run.stderr).toContain('provider.js');
  expect(JSON.parse(run.stdout)).toMatchObject({
    lanes: [
      { passed: 0, not_run: 1 },
      { passed: 0, not_run: 1 },
    ],
  });
});

test('reports: a file for the CI and the table on standard output; a file is never replaced without --force', async () => {
  const { home, server, compare } = await setUp(['one'], { reply: () => ({ text: 'no' }) });
  const out = join(home, 'results.xml');
  const run = await compare('--out-file', out);
  expect(run.code).toBe(10);
  expect(run.stdout).toMatch(/^lane +passed/);
  expect(readFileSync(out, 'utf8')).toMatch(/^<\?xml .*\n<testsuites .*tests="3" failures="3" errors="0"/);
  const asked = server.asked.length;
  expect((await compare('--out-file', out)).code).toBe(2);
  expect(server.asked).toHaveLength(asked);
  expect((await compare('--resume', '--out-file', out, '--force')).code).toBe(10);
  const text = join(home, 'results.txt');
  const shown = await compare('--resume', '--out-file', text);
  expect(readFileSync(text, 'utf8')).toBe(shown.stdout);
  expect(shown.stdout).toMatch(/^lane +passed[^]*\n\n {2}1 case · 3 cells[^]*\n\nnot passed +lane/);
  expect(await compare('--resume', '--out-file', text, '--force', '-q')).toMatchObject({ code: 10, stdout: '' });
  expect(readFileSync(text, 'utf8')).toBe(shown.stdout);
  const lines = join(home, 'lines.jsonl');
  await compare('--resume', '--out-file', lines);
  expect(
    readFileSync(lines, 'utf8')
      .trimEnd()
      .split('\n')
      .map((line) => (JSON.parse(line) as { type: string }).type),
  ).toEqual(['cell', 'cell', 'cell', 'summary']);
});

test('runs are listed and removed; with the history off, nothing of a run stays', async () => {
  const { home, compare } = await setUp(['one']);
  await compare('-q');
  const list = async (): Promise<{ id: string; answered: number; source: string }[]> =>
    JSON.parse((await runOrx(['compare', '--runs', '-o', 'json'], { home, env: KEY })).stdout) as never;
  const [run] = await list();
  expect(run).toMatchObject({ answered: 3, source: expect.stringContaining('cases.csv') });
  const off = await runOrx(['compare', '--prompts', 'cases.csv', '-m', 'a/one', '--base-url', 'x'], {
    home,
    env: { ...KEY, ORX_HISTORY: 'false' },
  });
  expect(off.code).not.toBe(0);
  const removed = await runOrx(['compare', '--remove-runs', run!.id], { home, env: KEY });
  expect(removed.stderr).toBe('removed 1 run\n');
  expect(await list()).toEqual([]);
  expect((await runOrx(['compare', '--remove-runs', '../x'], { home, env: KEY })).code).toBe(2);
});

test('flags of a matrix need --prompts, and flags of one prompt do not go with it', async () => {
  const { compare } = await setUp(['one']);
  const alone = await runOrx(['compare', 'hi', '-m', 'a/one,b/two', '--resume']);
  expect([alone.code, alone.stderr]).toEqual([2, expect.stringContaining('--resume needs --prompts')]);
  for (const flags of [
    ['-f', 'x'],
    ['-t', 'x'],
    ['--vary', 'prompt=a,b'],
    ['--min-pass', '2'],
    ['--max-cost', '0'],
  ])
    expect((await compare(...flags)).code).toBe(2);
  expect((await runOrx(['compare', 'hi', '-m', 'a/one,b/two', '-o', 'csv'])).stderr).toContain('-o csv needs --prompts');
});

async function waitUntil(isTrue: () => boolean): Promise<void> {
  while (!isTrue()) await new Promise((resolve) => setTimeout(resolve, 10));
}

test('--schema is checked for each answer, also in cases that expect nothing else', async () => {
  const { compare, path, server } = await setUp([], {
    reply: ({ question }) => ({ text: question === 'good' ? '{"name":"x"}' : 'name: x' }),
  });
  writeFileSync(path, 'prompt\ngood\nbad\n');
  const run = await compare('--schema', 'name', '-o', 'json');
  expect(run.code).toBe(10);
  expect(cellsIn(run).map(({ case: id, passed }) => [id, passed])).toEqual([
    ...MODELS.map(() => ['1', true]),
    ...MODELS.map(() => ['2', false]),
  ]);
  const again = await compare('--schema', 'name', '--resume', '--exit-zero');
  expect([again.code, server.asked.length]).toEqual([0, 6]);
  expect(again.stdout).toMatch(/^2 +a\/one +is-json: /m);
});

test('--cluster: cases from one source are one group in intervals; a field that no case has is an error', async () => {
  const { compare, path, server } = await setUp([]);
  const rows = Array.from({ length: 12 }, (_, index) => `question ${index},ok,page ${index % 3}`);
  writeFileSync(path, `prompt,expected,source\n${rows.join('\n')}\n`);
  const wrong = await compare('--cluster', 'sources');
  expect([wrong.code, server.asked]).toEqual([2, []]);
  expect(wrong.stderr).toContain('error: --cluster sources: no case has a value in this field');
  expect(wrong.stderr).toContain('hint: use one of these: source');
  const run = await compare('--cluster', 'source');
  expect(run.code).toBe(0);
  expect(run.stdout).toContain('intervals treat cases with the same source as one group: 3 groups');
  expect(run.stdout).toMatch(/b\/two: too few groups to compare with a\/one: .* 3 groups/);
  const data = JSON.parse((await compare('--cluster', 'source', '--resume', '-o', 'json')).stdout) as {
    cluster: string;
    lanes: { pass_rate: { items: number; clusters: number } }[];
  };
  expect([data.cluster, data.lanes[0]!.pass_rate.items, data.lanes[0]!.pass_rate.clusters]).toEqual(['source', 12, 3]);
});
