import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { answerPieces, chunk, sendPieces, startApiServer } from '../../support/api-server.ts';
import { runOrx } from '../../support/run-orx.ts';
import { tempFolder } from '../../support/temp-home.ts';
import { openTerminal } from '../../support/terminal.ts';
import { asked, startToolApi } from '../../support/tool-api.ts';

const KEY = { OPENROUTER_API_KEY: 'sk-or-v1-0123456789abcdef', GIVEN: 'yes' };
const FILE = `
tools:
  say:
    description: Says a word.
    parameters: { word: string, 'times?': integer }
    command: [/usr/bin/printf, '%s.', '{{word}}', '{{times}}']
    read-only: true
  environment:
    description: What it is given.
    command: [/usr/bin/env]
    env: [GIVEN]
  much:
    description: Too much.
    command: [/bin/sh, -c, 'yes | head -c 300000; echo $$ > pid; exit 3']
    output: 1000
  slow:
    description: Leaves a child behind.
    command: [/bin/sh, -c, 'sleep 300 & echo $! > child; wait']
    timeout: 0.5
`;

function homeWith(name: string): string {
  const home = tempFolder();
  writeFileSync(join(home, name), FILE);
  return home;
}

test('commands run without a shell, with limits, a minimal environment, and in order', async () => {
  const home = homeWith('tools.yaml');
  const api = await startToolApi([
    [
      { name: 'slow', arguments: {} },
      { name: 'say', arguments: { word: '$(id); `id`', times: 2 } },
      { name: 'say', arguments: { word: '--version' } },
      { name: 'say', arguments: { wrong: 1 } },
      { name: 'say', arguments: '{not json' },
      { name: 'environment', arguments: {} },
      { name: 'much', arguments: {} },
      { name: 'nobody', arguments: {} },
    ],
  ]);
  const run = await runOrx(['chat', '--base-url', api.url, '--tool', '*', '--allow-tool', '*', '--json', 'x'], {
    home,
    env: KEY,
  });
  expect(run).toMatchObject({ code: 0 });
  const [slow, said, dashed, wrong, broken, environment, much, nobody] = JSON.parse(run.stdout).steps[0].tool_results;
  expect(slow).toMatchObject({ state: 'failed', content: expect.stringContaining('it ran longer than it may') });
  expect(said.content).toBe('$(id); `id`.2.');
  expect(dashed.content).toContain('starts with a dash');
  expect(wrong.content).toContain('do not fit');
  expect(broken).toMatchObject({
    state: 'faulty',
    content: expect.stringMatching(/^not run: the arguments are not a JSON object: "/),
  });
  expect(environment.content).toContain('GIVEN=yes');
  expect(environment.content).not.toContain('OPENROUTER');
  expect(much.content).toMatch(/^(y\n){500}\n\[cut here: the result is longer than 1000 bytes\]\n\[exit code 3\]$/);
  expect(nobody).toMatchObject({ state: 'faulty' });
  // Processes that the command started are gone with it.
  await expect.poll(() => isRunning(home)).toBe(false);
  expect(
    asked(api)
      .at(-1)
      .messages.slice(2)
      .map((message: any) => message.content),
  ).toHaveLength(8);
});

test('Ctrl-C ends a command and all its processes, and keeps the received part', async () => {
  const home = homeWith('tools.yaml');
  writeFileSync(join(home, 'tools.yaml'), FILE.replace('timeout: 0.5', 'timeout: 60'));
  const api = await startToolApi([[{ name: 'slow', arguments: {} }]]);
  const run = await runOrx(['chat', '--base-url', api.url, '--tool', 'slow', '--allow-tool', 'slow', 'x'], {
    home,
    env: KEY,
    onStart: (child) =>
      child.stderr.on('data', async (text: Buffer) => {
        if (!text.includes('→ slow')) return;
        while (!existsSync(join(home, 'child'))) await new Promise((resolve) => setTimeout(resolve, 10));
        child.kill('SIGINT');
      }),
  });
  expect(run).toMatchObject({ code: 130, stdout: 'Let me see.\n' });
  await expect.poll(() => isRunning(home)).toBe(false);
});

test('a second Ctrl-C ends orx immediately, together with the command', async () => {
  const home = homeWith('tools.yaml');
  const stubborn = `[/bin/sh, -c, 'trap "" TERM; echo $$ > child; while :; do sleep 1; done']`;
  writeFileSync(
    join(home, 'tools.yaml'),
    FILE.replace(/\[\/bin\/sh, -c, 'sleep.*\]/, () => stubborn).replace('timeout: 0.5', 'timeout: 60'),
  );
  const api = await startToolApi([[{ name: 'slow', arguments: {} }]]);
  const run = await runOrx(['chat', '--base-url', api.url, '--tool', 'slow', '--allow-tool', 'slow', 'x'], {
    home,
    env: KEY,
    onStart: (child) =>
      child.stderr.on('data', async (text: Buffer) => {
        if (!text.includes('→ slow')) return;
        while (!existsSync(join(home, 'child'))) await new Promise((resolve) => setTimeout(resolve, 10));
        while (child.exitCode === null) {
          child.kill('SIGINT');
          await new Promise((resolve) => setTimeout(resolve, 20));
        }
      }),
  });
  expect(run).toMatchObject({ code: 130 });
  expect(Number(readFileSync(join(home, 'child'), 'utf8'))).toBeGreaterThan(1);
  await expect.poll(() => isRunning(home)).toBe(false);
});

/**
 * Returns whether the child of the slow command is alive; a process that has ended but has not been waited for is not. A killed
 * process may end a moment after orx, so poll for that.
 */
function isRunning(home: string): boolean {
  const pid = readFileSync(join(home, 'child'), 'utf8').trim();
  try {
    process.kill(Number(pid), 0);
    return !/\) Z /.test(readFileSync(`/proc/${pid}/stat`, 'utf8'));
  } catch {
    return false;
  }
}

test("a project's file is trusted once in its current form; a pipe requires that or a flag", async () => {
  const home = homeWith('project.yaml');
  const api = await startToolApi([]);
  const args = ['chat', '--base-url', api.url, '--tools', 'project.yaml', 'x'];
  const pipe = () => runOrx(args, { home, env: KEY });
  expect(await pipe()).toMatchObject({ code: 2, stderr: expect.stringContaining('--trust-tools') });
  expect(await runOrx([...args, '--trust-tools'], { home, env: KEY })).toMatchObject({ code: 0 });
  expect((await pipe()).code).toBe(2);
  const terminal = openTerminal(args, { home, env: KEY });
  await terminal.waitFor('y trust this content');
  await terminal.waitFor('/usr/bin/printf');
  terminal.type('y');
  expect(await terminal.exit).toBe(0);
  expect((await pipe()).code).toBe(0);
  writeFileSync(join(home, 'project.yaml'), FILE.replace('/usr/bin/env', '/bin/rm'));
  expect((await pipe()).code).toBe(2);
});

test('the setting allows by name, the flag accepts only existing names, and a plain name is no server’s tool', async () => {
  const home = homeWith('tools.yaml');
  await runOrx(['config', 'set', 'allow-tools', 'say'], { home });
  const api = await startToolApi([
    [
      { name: 'say', arguments: { word: 'hi' } },
      { name: 'environment', arguments: {} },
    ],
  ]);
  const run = await runOrx(['chat', '--base-url', api.url, '--tool', '*', '--json', 'x'], { home, env: KEY });
  expect(JSON.parse(run.stdout).steps[0].tool_results).toMatchObject([{ state: 'done' }, { state: 'refused' }]);
  const typo = await runOrx(['chat', '--base-url', api.url, '--tool', 'say', '--allow-tool', 'sya', 'x'], { home, env: KEY });
  expect(typo).toMatchObject({ code: 2, stderr: expect.stringContaining('use one of these: say') });
});

test("the API's own tools are requested, and the sources of an answer are listed below it", async () => {
  const citation = { type: 'url_citation', url_citation: { url: 'https://a.example/\u202e', title: 'A\u001b[2J' } };
  const api = await startApiServer((_, response) =>
    sendPieces(response, [chunk({ annotations: [citation, citation] }), ...answerPieces(['Yes.'])]),
  );
  const home = tempFolder();
  const flags = ['--web-results', '3', '--server-tool', 'datetime', '--server-tool', 'web_fetch={"max_uses":2}'];
  const run = await runOrx(['chat', '-u', '--base-url', api.url, ...flags, 'x'], { home, env: KEY });
  expect(asked(api)[0].tools).toEqual([
    { type: 'openrouter:web_search', parameters: { max_results: 3 } },
    { type: 'openrouter:datetime' },
    { type: 'openrouter:web_fetch', parameters: { max_uses: 2 } },
  ]);
  expect(run.stdout).toBe('Yes.\n');
  expect(run.stderr).toContain('[1] A␛[2J — https://a.example/<U+202E>\n');
  expect(run.stderr).not.toContain('[2] ');
  await runOrx(['chat', '--web', '--base-url', api.url, 'x'], { home, env: KEY });
  expect(asked(api)[1].tools).toEqual([{ type: 'openrouter:web_search' }]);
  expect((await runOrx(['chat', '--server-tool', 'x=1', 'x'], { home, env: KEY })).code).toBe(2);
});

test('a dry run shows the tools as they would be sent', async () => {
  const home = homeWith('tools.yaml');
  const run = await runOrx(['chat', '--tool', 'say', '--web', '--dry-run', '--json', 'x'], { home, env: KEY });
  expect(run).toMatchObject({ code: 0 });
  expect(run.stdout).toContain('"openrouter:web_search"');
  expect(run.stdout).toContain('"say"');
});

test('results from before Ctrl-C are in the next request, also in another process', async () => {
  const home = tempFolder();
  writeFileSync(
    join(home, 'tools.yaml'),
    'tools:\n  fast:\n    description: Answers.\n    command: [/usr/bin/printf, paid for]\n  slow:\n    description: Waits.\n    command: [/bin/sh, -c, "touch child; sleep 60"]\n',
  );
  const calls = [
    { name: 'fast', arguments: {} },
    { name: 'slow', arguments: {} },
  ];
  const api = await startToolApi([calls]);
  const stopped = await runOrx(['chat', '--base-url', api.url, '--tool', '*', '--allow-tool', '*', 'x'], {
    home,
    env: KEY,
    onStart: (child) => {
      let seen = '';
      child.stderr.on('data', async (text: Buffer) => {
        const before = seen.includes('← fast');
        seen += text.toString();
        if (before || !seen.includes('← fast')) return;
        while (!existsSync(join(home, 'child'))) await new Promise((resolve) => setTimeout(resolve, 10));
        child.kill('SIGINT');
      });
    },
  });
  expect(stopped.code).toBe(130);
  expect(await runOrx(['chat', '--base-url', api.url, '-c', 'go on'], { home, env: KEY })).toMatchObject({ code: 0 });
  const sent = asked(api).at(-1).messages;
  expect(sent.map(({ role }: any) => role)).toEqual(['user', 'assistant', 'tool', 'tool', 'assistant', 'user']);
  expect(sent[1].tool_calls).toHaveLength(2);
  expect(sent.slice(2, 4).map(({ content }: any) => content)).toEqual(['paid for', 'stopped by the user']);
});
