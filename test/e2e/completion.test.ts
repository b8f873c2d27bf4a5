import { spawnSync } from 'node:child_process';
import { chmodSync, existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { beforeEach, describe, expect, test } from 'vitest';
import { SHELLS, type Shell } from '../../src/core/completion/shell-lines.ts';
import { sendJson, startApiServer } from '../support/api-server.ts';
import { wireModel } from '../support/catalogue.ts';
import { cleanEnvironment, ORX, runOrx } from '../support/run-orx.ts';
import { tempFolder } from '../support/temp-home.ts';
import { openTerminal, type TerminalRun } from '../support/terminal.ts';

const BREAKS = ' \t\n"\'@><=;|&(:';
const CATALOGUE = [
  'qwen/coder:free',
  '~anthropic/latest',
  'openai/gpt-4o',
  'evil/$(touch hacked)',
  'evil/`touch hacked`',
  'evil/a b',
  "evil/';touch hacked;'",
  'evil/\u001b[2Jx',
  'evil/\u202ex',
];

const PROGRAMS: Readonly<Record<Shell, string>> = { bash: 'bash', zsh: 'zsh', fish: 'fish', powershell: 'pwsh' };

function isInstalled(shell: Shell): boolean {
  const isThere = (process.env['PATH'] ?? '').split(delimiter).some((folder) => existsSync(join(folder, PROGRAMS[shell])));
  if (!isThere) console.warn(`${PROGRAMS[shell]} is not installed: what it completes is not tested`);
  return isThere;
}
const INSTALLED = new Set(SHELLS.filter(isInstalled));

/** A home with a stored catalogue, an alias, a favourite and a budget, and an API that counts what it is asked. */
async function withHome() {
  const home = tempFolder();
  const server = await startApiServer((_, response) =>
    sendJson(response, 200, { data: CATALOGUE.map((id) => wireModel(id, {}, { description: 'it says "id":"fake/model"' })) }),
  );
  const env = { OPENROUTER_BASE_URL: server.url };
  await runOrx(['models'], { home, env });
  const settings = { aliases: { fast: 'openai/gpt-4o' }, favourites: ['openai/gpt-4o'] };
  writeFileSync(join(home, 'config.json'), JSON.stringify(settings));
  const asked = server.requests.length;
  return { home, env, isUnasked: () => server.requests.length === asked };
}

/** A folder for the PATH with an `orx` in it. */
function binIn(home: string): string {
  const bin = join(home, 'bin');
  mkdirSync(bin);
  writeFileSync(join(bin, 'orx'), `#!/bin/sh\nexec "${process.execPath}" "${ORX}" "$@"\n`);
  chmodSync(join(bin, 'orx'), 0o755);
  return `${bin}${delimiter}${process.env['PATH']}`;
}

describe('what a script asks for', () => {
  test('models of the stored catalogue, own names first; nothing of a hostile one; no question to the API', async () => {
    const { home, env, isUnasked } = await withHome();
    const { code, stdout, stderr } = await runOrx(['--complete', 'zsh', 'orx', 'chat', '-m', '='], { home, env });
    expect({ code, stderr, isUnasked: isUnasked() }).toEqual({ code: 0, stderr: '', isUnasked: true });
    expect(stdout).toBe(
      'words\nfast\talias of openai/gpt-4o\nopenai/gpt-4o\tfavourite\nqwen/coder:free\t\n~anthropic/latest\t\n',
    );
  });

  test('the catalogue is that of the API on the line', async () => {
    const { home, env } = await withHome();
    const other = await runOrx(['--complete', 'fish', 'orx', '--base-url', 'https://other.example/v1', 'chat', '-m', '=q'], {
      home,
      env,
    });
    expect(other.stdout).toBe('words\n');
    const flag = await runOrx(['--complete', 'fish', 'orx', `--base-url=${env.OPENROUTER_BASE_URL}`, 'chat', '-m', '=q'], {
      home,
    });
    expect(flag.stdout).toBe('words\nqwen/coder:free\t\n');
  });

  test('budgets and conversations of the ledger, which is only read', async () => {
    const home = tempFolder();
    const before = await runOrx(['--complete', 'bash', BREAKS, 'orx budget remove '], { home });
    expect(before.stdout).toBe('words\n');
    expect(readdirSync(home)).toEqual([]);
    const env = { ORX_SANDBOX: '1', ORX_SANDBOX_SPEED: '100000' };
    await runOrx(['budget', 'set', '--month', '20'], { home, env });
    await runOrx(['chat', 'hello'], { home, env });
    const cost = JSON.parse((await runOrx(['cost', '--json'], { home, env })).stdout) as { entries: { conversation: string }[] };
    const budgets = await runOrx(['--complete', 'zsh', 'orx', 'budget', 'remove', '='], { home, env });
    expect(budgets.stdout).toBe('words\n1\t20 USD, month\n');
    const conversations = await runOrx(['--complete', 'bash', BREAKS, 'orx cost 0'], { home, env });
    expect(conversations.stdout).toBe(`words\n${cost.entries[0]!.conversation}\n`);
  });

  test.each([
    ['settings that are none', (home: string) => writeFileSync(join(home, 'config.json'), '{ not json')],
    ['an alias that is none', (home: string) => writeFileSync(join(home, 'config.json'), '{"aliases":{"a b":{}}}')],
    [
      'a damaged catalogue',
      (home: string) => {
        mkdirSync(join(home, 'cache'));
        writeFileSync(join(home, 'cache', 'catalogue-0123456789abcdef'), '\u0000\nnothing');
      },
    ],
    [
      'a damaged ledger',
      (home: string) => {
        mkdirSync(join(home, 'data'));
        writeFileSync(join(home, 'data', 'ledger.db'), 'no database at all'.repeat(100));
      },
    ],
  ])('%s: nothing on stderr', async (_, spoil) => {
    const home = tempFolder();
    spoil(home);
    for (const line of ['orx chat -m ', 'orx budget remove ']) {
      const { stdout, stderr } = await runOrx(['--complete', 'bash', BREAKS, line], { home });
      expect(stderr).toBe('');
      expect(['', 'words\n']).toContain(stdout);
    }
  });

  test('a word of the user is never taken for it', async () => {
    const { code } = await runOrx(['--complete']);
    expect(code).toBe(1);
  });
});

describe('orx completion', () => {
  test.each(SHELLS)('prints a script for %s that its shell can read', async (shell) => {
    const { code, stdout, stderr } = await runOrx(['completion', shell]);
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(stdout).toContain(`orx --complete ${shell}`.slice(shell === 'powershell' ? 4 : 0));
    if (!INSTALLED.has(shell) || shell === 'powershell') return;
    expect(spawnSync(PROGRAMS[shell], ['-n'], { input: stdout, encoding: 'utf8' })).toMatchObject({ status: 0, stderr: '' });
  });

  test('help says how each is installed, and what is no shell is bad usage', async () => {
    const { stdout } = await runOrx(['completion', '--help']);
    for (const place of ['~/.bashrc', '~/.zshrc', '~/.config/fish/completions/orx.fish', '$PROFILE'])
      expect(stdout).toContain(place);
    const wrong = await runOrx(['completion', 'tcsh']);
    expect({ code: wrong.code, stdout: wrong.stdout }).toEqual({ code: 2, stdout: '' });
    expect(wrong.stderr).toContain('bash, zsh, fish, powershell');
  });
});

describe.skipIf(!INSTALLED.has('bash'))('bash, with Tab pressed', () => {
  let home: string;
  let terminal: TerminalRun;
  beforeEach(async () => {
    const made = await withHome();
    ({ home } = made);
    writeFileSync(join(home, 'notes.txt'), '');
    writeFileSync(join(home, 'rc'), 'PS1="ready> "\nsource <(orx completion bash)\n');
    const env = { ...made.env, PATH: binIn(home), INPUTRC: '/dev/null' };
    terminal = openTerminal(['--noprofile', '--rcfile', join(home, 'rc'), '-i'], { program: ['bash'], home, env, columns: 100 });
    await terminal.waitFor('ready> ');
  });

  /** Types, presses Tab, waits for what is on the line then, and lets bash say which words it makes of that line. */
  async function wordsAfterTab(typed: string, shown: string): Promise<string[]> {
    terminal.type(`${typed}\t`);
    await terminal.waitFor(`ready> ${shown}`);
    terminal.type("\u0001printf '[%s]\\n' \r");
    await terminal.waitFor(/^\[orx\]\n(?:.*\n)*ready> $/m);
    const words = (await terminal.everything()).filter((line) => /^\[.*\]$/.test(line)).map((line) => line.slice(1, -1));
    terminal.type('clear\r');
    return words.slice(words.lastIndexOf('orx') + 1);
  }

  test('ids with : ~ and /, flags with =, quotes and files come out as the words that were meant', async () => {
    expect(await wordsAfterTab('orx mod', 'orx models ')).toEqual(['models']);
    expect(await wordsAfterTab('orx chat -m qwen/coder:f', 'orx chat -m qwen/coder:free ')).toEqual([
      'chat',
      '-m',
      'qwen/coder:free',
    ]);
    expect(await wordsAfterTab('orx chat -m qw', 'orx chat -m qwen/coder:free ')).toEqual(['chat', '-m', 'qwen/coder:free']);
    expect(await wordsAfterTab('orx chat -m ~a', 'orx chat -m \\~anthropic/latest ')).toEqual([
      'chat',
      '-m',
      '~anthropic/latest',
    ]);
    expect(await wordsAfterTab('orx chat -m "~a', 'orx chat -m "~anthropic/latest" ')).toEqual([
      'chat',
      '-m',
      '~anthropic/latest',
    ]);
    expect(await wordsAfterTab('orx models --sort=pr', 'orx models --sort=price ')).toEqual(['models', '--sort=price']);
    expect(await wordsAfterTab('orx chat -m coder', 'orx chat -m qwen/coder:free ')).toEqual(['chat', '-m', 'qwen/coder:free']);
    expect(await wordsAfterTab('orx price --file no', 'orx price --file notes.txt ')).toEqual(['price', '--file', 'notes.txt']);
  });

  test('hostile names are not offered, nothing runs, and no orx of the working folder is asked', async () => {
    writeFileSync(join(home, 'orx'), '#!/bin/sh\ntouch hacked\n');
    chmodSync(join(home, 'orx'), 0o755);
    terminal.type('./orx chat -m \t\t');
    await terminal.waitFor('qwen/coder:free');
    const shown = (await terminal.everything()).join('\n');
    expect(shown).toContain('openai/gpt-4o');
    expect(shown).not.toContain('evil');
    expect(shown).not.toContain('fake/model');
    expect(existsSync(join(home, 'hacked'))).toBe(false);
  });
});

/** Without a terminal: the shell is asked what it would complete. */
function answerOf(shell: Shell, script: string, home: string, env: Record<string, string>): string[] {
  const { stdout } = spawnSync(PROGRAMS[shell], shell === 'powershell' ? ['-NoProfile', '-Command', script] : ['-c', script], {
    encoding: 'utf8',
    cwd: home,
    env: cleanEnvironment(home, { ...env, PATH: binIn(home) }),
  });
  return stdout.split(/\r?\n/).filter((line) => line !== '');
}

test.skipIf(!INSTALLED.has('fish'))('fish', async () => {
  const { home, env } = await withHome();
  const script = "orx completion fish | source; complete -C'orx chat -m qw'; complete -C'orx mod'";
  expect(answerOf('fish', script, home, env).map((line) => line.split('\t')[0])).toEqual(['qwen/coder:free', 'models']);
});

test.skipIf(!INSTALLED.has('powershell'))('PowerShell', async () => {
  const { home, env } = await withHome();
  const script = `orx completion powershell | Out-String | Invoke-Expression
foreach ($line in 'orx chat -m qw', 'orx chat -m ~', 'orx mod', 'orx cost ') {
  (TabExpansion2 $line $line.Length).CompletionMatches | Select-Object -First 1 -ExpandProperty CompletionText
}`;
  expect(answerOf('powershell', script, home, env)).toEqual(['qwen/coder:free', "'~anthropic/latest'", 'models', 'last']);
});

test.skipIf(!INSTALLED.has('zsh'))('zsh, with Tab pressed', async () => {
  const { home, env } = await withHome();
  writeFileSync(join(home, '.zshrc'), "PS1='ready> '\nautoload -U compinit; compinit -u\nsource <(orx completion zsh)\n");
  const terminal = openTerminal(['-i'], { program: ['zsh'], home, env: { ...env, ZDOTDIR: home, PATH: binIn(home) } });
  await terminal.waitFor('ready> ');
  terminal.type('orx chat -m qw\t');
  await terminal.waitFor('orx chat -m qwen/coder:free ');
  terminal.type('\u0015orx chat -m \\~a\t');
  await terminal.waitFor('\\~anthropic/latest');
});

test('the docs name every shell and the callback', () => {
  const text = readFileSync(new URL('../../docs/completion.md', import.meta.url), 'utf8');
  for (const shell of SHELLS) expect(text).toContain(`orx completion ${shell}`);
});
