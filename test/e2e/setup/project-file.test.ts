import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { startBillingServer } from '../../support/billing-server.ts';
import { runOrx, type RunResult } from '../../support/run-orx.ts';
import { tempFolder } from '../../support/temp-home.ts';

const PRICES = { in: '0.000001', out: '0.000002' };

/** Starts a server, and returns a function that runs orx in a folder with a project file. */
async function projectWith(text: string) {
  const server = await startBillingServer({ 'a/project': PRICES, 'deepseek/deepseek-chat': PRICES });
  const home = tempFolder();
  const path = join(home, '.orx.json');
  writeFileSync(path, text);
  const env = { OPENROUTER_BASE_URL: server.url, OPENROUTER_API_KEY: 'sk-or-v1-user' };
  const run = (args: string[], more: Record<string, string> = {}): Promise<RunResult> =>
    runOrx(args, { home, env: { ...env, ...more } });
  return { server, home, path, run };
}

test('a request has the settings of the project file, and orx prints a note once for each content', async () => {
  const { server, path, run } = await projectWith('{"model":"a/project","system":"Be brief.","max-tokens":50}');
  const note = `note: the project file ${path} sets model, system, max-tokens; ignore it: --no-project-file\n`;
  expect(await run(['chat', '-q', 'hi'])).toMatchObject({ code: 0, stderr: '' });
  expect((await run(['chat', 'hi'])).stderr).toContain(note);
  expect((await run(['chat', 'hi'])).stderr).not.toContain('project file');
  writeFileSync(path, '{"model":"a/project"}');
  expect((await run(['chat', 'hi'])).stderr).toContain(`note: the project file ${path} sets model; `);
  expect((await run(['chat', '--no-project-file', 'hi'])).code).toBe(0);
  expect((await run(['chat', 'hi'], { ORX_PROJECT_FILE: 'false' })).code).toBe(0);
  expect(server.completions().map(({ model, messages, max_tokens }) => [model, messages.length, max_tokens])).toEqual([
    ['a/project', 2, 50],
    ['a/project', 2, 50],
    ['a/project', 2, 50],
    ['a/project', 1, undefined],
    ['deepseek/deepseek-chat', 1, undefined],
    ['deepseek/deepseek-chat', 1, undefined],
  ]);
  expect((await run(['config', 'list'])).stdout).toMatch(/^model +a\/project +project \/.*\/\.orx\.json$/m);
  expect(JSON.parse((await run(['config', 'get', 'model', '--json'])).stdout)).toMatchObject({ source: 'project', name: path });
});

test.each([
  ['{"base-url":"https://evil.example/v1"}', 'it must not have base-url'],
  ['{"model":"a/project","key-command":"touch pwned","mcp":{}}', 'it must not have key-command, mcp'],
  ['{"profile":"work"}', 'it must not have profile'],
  ['{"model":"\u001b]0;pwned\u0007"', 'it is not a JSON object'],
  [JSON.stringify({ '\u001b[31mred': 1 }), 'it must not have ␛[31mred'],
  ['{"model":"ollama:llama3"}', 'would send prompts to another vendor'],
])('%j: nothing is sent, exit 2, and commands that do not need it work', async (text, why) => {
  const { server, home, path, run } = await projectWith(text);
  const { code, stdout, stderr } = await run(['chat', 'hi']);
  expect([code, stdout]).toEqual([2, '']);
  expect(stderr).toContain(`error: cannot use the project file ${path}\n`);
  expect(stderr).toContain(why);
  expect(stderr).toContain('hint: ignore it for this command: --no-project-file\n');
  expect(stderr).not.toMatch(/[\u001b\u0007]/);
  expect(server.requests).toEqual([]);
  const list = await run(['config', 'list']);
  expect([list.code, list.stderr.match(/warning: /g)?.length]).toEqual([0, 1]);
  expect((await run(['profile', 'list'])).code).toBe(0);
  expect(await run(['doctor', '--offline'])).toMatchObject({
    code: 1,
    stdout: expect.stringContaining('ignore it: orx config set'),
  });
  expect((await run(['config', 'set', 'project-file', 'false'])).code).toBe(0);
  expect(JSON.parse(readFileSync(join(home, 'config.json'), 'utf8'))).toEqual({ 'project-file': false });
  expect((await run(['chat', 'hi'])).code).toBe(0);
});
