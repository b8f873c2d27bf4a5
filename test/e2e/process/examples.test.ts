import { execFile, execFileSync, spawnSync } from 'node:child_process';
import { chmodSync, cpSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { runServe } from '../../support/run-serve.ts';
import { cleanEnvironment, ORX, runOrx } from '../../support/run-orx.ts';
import { serveSandbox } from '../../support/sandbox.ts';
import { tempFolder } from '../../support/temp-home.ts';

const ROOT = join(import.meta.dirname, '../../..');
const EXAMPLES = join(ROOT, 'examples');
const SANDBOX = { ORX_SANDBOX: '1', ORX_SANDBOX_SPEED: '100000' };

interface Result {
  code: number;
  stdout: string;
  stderr: string;
}

/** Returns whether all programs are installed; prints a notice if one is missing. */
function has(...programs: (readonly string[])[]): boolean {
  const missing = programs.find(([program, ...args]) => spawnSync(program!, args).status !== 0);
  if (missing !== undefined) console.warn(`${missing.join(' ')} does not work here: what needs it is skipped`);
  return missing === undefined;
}
const JQ = ['jq', '--version'];
const GIT = ['git', '--version'];
const CURL = ['curl', '--version'];

/** Creates a home folder with `orx` in the path, and a folder to work in. */
function workplace(): { home: string; env: Record<string, string> } {
  const home = tempFolder();
  mkdirSync(join(home, 'bin'));
  writeFileSync(join(home, 'bin/orx'), `#!/bin/sh\nexec "${process.execPath}" "${ORX}" "$@"\n`);
  chmodSync(join(home, 'bin/orx'), 0o755);
  return { home, env: cleanEnvironment(home, { ...SANDBOX, PATH: `${join(home, 'bin')}${delimiter}${process.env['PATH']}` }) };
}

function runIn(
  { home, env }: ReturnType<typeof workplace>,
  command: readonly string[],
  input = '',
  more: Record<string, string> = {},
): Promise<Result> {
  const [program, ...args] = command;
  return new Promise((resolve) => {
    const child = execFile(program!, args, { cwd: home, env: { ...env, ...more } }, (error, stdout, stderr) =>
      resolve({ code: error === null ? 0 : Number(error.code), stdout, stderr }),
    );
    child.stdin?.on('error', () => undefined).end(input);
  });
}
const example = (name: string): string => join(EXAMPLES, name);

/** Creates a repository with a branch `main`, a commit ahead of it, and a staged change. */
function repository(folder: string): void {
  const git = (...args: string[]): void =>
    void execFileSync('git', ['-c', 'user.name=a', '-c', 'user.email=a@example.com', ...args], { cwd: folder });
  git('init', '-q', '-b', 'main');
  writeFileSync(join(folder, 'a.txt'), 'one\n');
  git('add', 'a.txt');
  git('commit', '-qm', 'first');
  git('checkout', '-qb', 'work');
  writeFileSync(join(folder, 'a.txt'), 'two\n');
  git('commit', '-qam', 'second');
  writeFileSync(join(folder, 'a.txt'), 'three\n');
  git('add', 'a.txt');
}

describe('the examples', () => {
  test.runIf(has(GIT))('commit-message.sh reads the staged diff', async () => {
    const place = workplace();
    expect((await runIn(place, [example('commit-message.sh')])).code).not.toBe(0);
    repository(place.home);
    const result = await runIn(place, [example('commit-message.sh')]);
    expect(result).toMatchObject({ code: 0, stdout: expect.stringContaining('diff --git a/a.txt') as string });
  });

  test.runIf(has(GIT, JQ))('review.sh sends the diff to two models and names the cheaper one', async () => {
    const place = workplace();
    repository(place.home);
    const { code, stdout } = await runIn(place, [example('review.sh')]);
    expect(code).toBe(0);
    expect(stdout).toContain('## anthropic/claude-haiku-4.5');
    expect(stdout).toMatch(/Cheapest: deepseek\/deepseek-chat, 0\.\d+ USD/);
  });

  test('summarize-log.sh sends the end of a log', async () => {
    const lines = Array.from({ length: 600 }, (_, index) => `line ${index}`).join('\n');
    const { code, stdout } = await runIn(workplace(), [example('summarize-log.sh')], `${lines}\n`);
    expect(code).toBe(0);
    // The simulated answer quotes the beginning of its prompt.
    expect(stdout).toContain('line 100');
  });

  test.skipIf(!has(JQ))('search-lines.sh stores vectors once, and prints the nearest lines', async () => {
    const place = workplace();
    writeFileSync(join(place.home, 'notes.txt'), 'Opening hours: 9 to 5\nRefunds take five days\nHow to request a refund\n');
    const search = (): Promise<Result> => runIn(place, [example('search-lines.sh'), 'notes.txt', 'request a refund']);
    for (const { code, stdout } of [await search(), await search()])
      expect([code, stdout.split('\n')[0]]).toEqual([0, 'How to request a refund']);
    const { stdout } = await runOrx(['--sandbox', 'ledger', 'export', '-o', 'jsonl'], { home: place.home });
    // The file once, and the question twice.
    expect(stdout.trim().split('\n')).toHaveLength(3);
  });

  test('explain-failure.sh explains a failure and keeps its exit code', async () => {
    const place = workplace();
    expect(await runIn(place, [example('explain-failure.sh'), 'echo', 'fine'])).toEqual({
      code: 0,
      stdout: 'fine\n',
      stderr: '',
    });
    const failed = await runIn(place, [example('explain-failure.sh'), 'sh', '-c', 'echo broken; exit 3']);
    expect(failed).toMatchObject({ code: 3, stdout: 'broken\n', stderr: expect.stringContaining('exited with 3') as string });
  });

  test.runIf(has(JQ))('extract-invoice.sh prints a line of CSV', async () => {
    const { code, stdout } = await runIn(workplace(), [example('extract-invoice.sh')], 'Invoice 12 of ACME, 30 EUR');
    expect(code).toBe(0);
    expect(stdout.trim().split(',')).toHaveLength(5);
  });

  test('price-batch.sh prices every file and records nothing', async () => {
    const place = workplace();
    writeFileSync(join(place.home, 'a.txt'), 'some text');
    const { code, stdout } = await runIn(place, [example('price-batch.sh'), 'a.txt']);
    expect(code).toBe(0);
    expect(stdout).toMatch(/^a\.txt\n.*\n.*\$0\.\d+/);
    expect((await runIn(place, ['orx', 'ledger', 'show', '--json'])).stdout).toMatch(/"entries": ?0|\[\]/);
  });

  test('batch-in-budget.sh stops when the budget is used up', async () => {
    const place = workplace();
    for (const name of ['a.txt', 'b.txt', 'c.txt']) writeFileSync(join(place.home, name), 'a text '.repeat(100));
    const command = [example('batch-in-budget.sh'), 'a.txt', 'b.txt', 'c.txt'];
    const stopped = await runIn(place, command, '', { BUDGET: '0.001' });
    expect(stopped).toMatchObject({ code: 4, stderr: expect.stringContaining('the budget of today is used up') as string });
    const done = readdirSync(place.home).filter((name) => name.endsWith('.summary'));
    expect(done).not.toContain('c.txt.summary');
    expect(readdirSync(place.home).filter((name) => name.endsWith('.partial'))).toEqual([]);
    expect((await runIn(place, command, '', { BUDGET: '1' })).code).toBe(0);
    expect(readFileSync(join(place.home, 'c.txt.summary'), 'utf8')).toContain('simulated');
  });

  test('weekly-report.sh prints a table of models', async () => {
    const place = workplace();
    await runOrx(['chat', 'hi'], { home: place.home, env: SANDBOX });
    const { code, stdout } = await runIn(place, [example('weekly-report.sh')]);
    expect(code).toBe(0);
    expect(stdout).toContain('| deepseek/deepseek-chat | 1 |');
  });

  test('templates/translate.md is a valid template', async () => {
    const home = tempFolder();
    cpSync(example('templates/translate.md'), join(home, 'translate.md'));
    const args = ['chat', '--dry-run', '-t', './translate.md', '-p', 'to=French', 'Hello'];
    const { code, stdout } = await runOrx(args, { home, env: SANDBOX });
    expect(code).toBe(0);
    expect(stdout).toContain('Translate into French:\\n\\nHello');
  });
});

describe('the examples of the gateway', () => {
  test.runIf(has(CURL, JQ))('chat.sh prints answer and cost', async () => {
    const { url } = await serveSandbox();
    const { code, stdout } = await runIn(workplace(), [example('gateway/chat.sh'), 'hi'], '', { OPENAI_BASE_URL: url });
    expect(code).toBe(0);
    expect(stdout).toMatch(/simulated[\s\S]*cost: [\d.e-]+ USD/);
  });

  test("openai-client.mjs runs with OpenAI's JavaScript client", async () => {
    const { url } = await serveSandbox();
    const more = { OPENAI_BASE_URL: url, OPENAI_API_KEY: 'any' };
    const { code, stdout } = await runIn(workplace(), [process.execPath, example('gateway/openai-client.mjs')], '', more);
    expect(code).toBe(0);
    expect(stdout).toMatch(/simulated[\s\S]*\d+ tokens, [\d.e-]+ USD/);
  });

  test.runIf(has(['python3', '-c', 'import openai']))("openai-client.py runs with OpenAI's Python client", async () => {
    const { url } = await serveSandbox();
    const more = { OPENAI_BASE_URL: url, OPENAI_API_KEY: 'any' };
    const { code, stdout } = await runIn(workplace(), ['python3', example('gateway/openai-client.py')], '', more);
    expect(code).toBe(0);
    expect(stdout).toMatch(/simulated[\s\S]*\d+ tokens, [\d.e-]+ USD/);
  });

  test('litellm-config.yaml serves its models, with a sandbox in place of OpenRouter', async () => {
    const openrouter = await serveSandbox();
    const env = {
      OPENROUTER_API_KEY: 'sk-or-v1-0123456789abcdef',
      OPENROUTER_BASE_URL: openrouter.url,
      ANTHROPIC_API_KEY: 'sk-ant-0123456789abcdef',
    };
    const { url } = await runServe(['--config', example('gateway/litellm-config.yaml')], { env });
    const response = await fetch(`${url}/chat/completions`, {
      method: 'POST',
      headers: { authorization: 'Bearer any' },
      body: JSON.stringify({ model: 'fast', messages: [{ role: 'user', content: 'hi' }] }),
    });
    expect(await response.text()).toContain('simulated');
  });
});

test('examples/README.md names every example', () => {
  const page = readFileSync(join(EXAMPLES, 'README.md'), 'utf8');
  const files = readdirSync(EXAMPLES, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
  const names = files.map(({ parentPath, name }) => join(parentPath, name).slice(EXAMPLES.length + 1));
  expect(names.filter((name) => name !== 'README.md' && !page.includes(`](${name})`))).toEqual([]);
});
