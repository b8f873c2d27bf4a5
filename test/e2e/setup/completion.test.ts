import { spawnSync } from 'node:child_process';
import { chmodSync, existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { beforeEach, describe, expect, test } from 'vitest';
import { SHELLS, type Shell } from '../../../src/core/tab-completion/shell-lines.ts';
import { sendJson, startApiServer } from '../../support/api-server.ts';
import { wireModel } from '../../support/catalogue.ts';
import { addTurn, newConversation } from '../../support/conversation-entries.ts';
import { testConversations } from '../../support/conversations.ts';
import { cleanEnvironment, ORX, runOrx } from '../../support/run-orx.ts';
import { tempFolder } from '../../support/temp-home.ts';
import { openTerminal, type TerminalRun } from '../../support/terminal.ts';

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

/** A home with a stored catalogue, an alias, a favorite and a budget, and an API that counts its requests. */
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

/** Titles and a description that would be harmful in a shell or on a terminal if they were not treated as text. */
const TITLE = 'evil $(touch hacked) `touch hacked` %F{red};touch hacked';
const IDS = ['01kaaa', '01kaab'] as const;

async function addStored(home: string): Promise<void> {
  const store = await testConversations({ folder: join(home, 'data') });
  addTurn(store, newConversation(IDS[0], { title: `${TITLE}\u001b[2J\t\u202e\nend` }), 'hi');
  addTurn(store, newConversation(IDS[1], { title: 'connection pool 漢字' }), 'hi');
  mkdirSync(join(home, 'templates'));
  writeFileSync(join(home, 'templates', 'translate.md'), '---\ndescription: $(touch hacked)\u001b[2J\n---\nx {{input}}\n');
  writeFileSync(join(home, 'templates', 'evil $(touch hacked).md'), 'x');
  mkdirSync(join(home, 'templates', 'folder.md'));
  writeFileSync(join(home, 'mcp.json'), '{"files":{},"a b":{}}');
}

/** Creates a folder for the PATH with an `orx` in it. */
function binIn(home: string): string {
  const bin = join(home, 'bin');
  mkdirSync(bin);
  writeFileSync(join(bin, 'orx'), `#!/bin/sh\nexec "${process.execPath}" "${ORX}" "$@"\n`);
  chmodSync(join(bin, 'orx'), 0o755);
  return `${bin}${delimiter}${process.env['PATH']}`;
}

describe("the scripts' callback", () => {
  test('names of profiles; the profile on the line decides which models and conversations exist', async () => {
    const home = tempFolder();
    const profiles = { work: { sandbox: true }, 'evil $(touch hacked)': {}, büro: {} };
    writeFileSync(join(home, 'config.json'), JSON.stringify({ profiles }));
    await runOrx(['--profile', 'work', 'models'], { home });
    const complete = async (...words: string[]): Promise<string[]> => {
      const { stdout } = await runOrx(['--complete', 'fish', 'orx', ...words], { home });
      return stdout.split('\n').slice(1, -1);
    };
    const names = ['default\tthe stored settings alone', 'büro\t', 'work\t'];
    expect((await complete('chat', '--profile', '=')).toSorted()).toEqual(names.toSorted());
    expect((await complete('profile', 'use', '=')).toSorted()).toEqual(names.toSorted());
    expect(await complete('profile', 'set', 'work', '=data-p')).toEqual([expect.stringMatching(/^data-policy\t/)]);
    expect(await complete('chat', '--profile', 'work', '-m', '=openai/gpt-4o-m')).toEqual(['openai/gpt-4o-mini\t']);
    expect(await complete('chat', '-m', '=openai/gpt-4o-m')).toEqual([]);
    expect(await complete('chat', '--profile=gone', '-m', '=openai/gpt-4o-m')).toEqual([]);
  });

  test('models of the stored catalogue, own names first; no hostile names; no API request', async () => {
    const { home, env, isUnasked } = await withHome();
    const { code, stdout, stderr } = await runOrx(['--complete', 'zsh', 'orx', 'chat', '-m', '='], { home, env });
    expect({ code, stderr, isUnasked: isUnasked() }).toEqual({ code: 0, stderr: '', isUnasked: true });
    expect(stdout).toBe('words\nfast\talias of openai/gpt-4o\nopenai/gpt-4o\tfavorite\nqwen/coder:free\t\n~anthropic/latest\t\n');
  });

  test('the catalogue is that of the API in the command line', async () => {
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

  test('vendors, including custom ones, and the default models of usable vendors', async () => {
    const home = tempFolder();
    const vendors = {
      lab: { baseUrl: 'http://localhost:9/v1', model: 'qwen3' },
      evil: { baseUrl: 'http://x', model: '$(touch hacked)' },
      bad: 5,
    };
    writeFileSync(join(home, 'config.json'), JSON.stringify({ vendors }));
    const env = { ANTHROPIC_API_KEY: 'sk-ant-0123456789' };
    const complete = async (...words: string[]): Promise<string[]> =>
      (await runOrx(['--complete', 'fish', 'orx', ...words], { home, env })).stdout.trimEnd().split('\n').slice(1);
    expect(await complete('vendors', 'remove', '=l')).toEqual(['lmstudio\tLM Studio', 'llamacpp\tllama.cpp', 'lab']);
    expect(await complete('models', '--vendor', '=anthropic,op')).toEqual([
      'anthropic,openai\tOpenAI',
      'anthropic,openrouter\tOpenRouter',
    ]);
    expect(await complete('chat', '-m', '=')).toEqual(['anthropic:claude-sonnet-4-6\tAnthropic', 'lab:qwen3\tlab']);
    expect(await complete('--sandbox', 'chat', '-m', '=anthropic:')).toEqual([]);
  });

  test('budgets and conversations of the ledger, which is only read', async () => {
    const home = tempFolder();
    const before = await runOrx(['--complete', 'bash', BREAKS, 'orx budget remove '], { home });
    expect(before.stdout).toBe('words\n');
    expect(readdirSync(home)).toEqual([]);
    const env = { ORX_SANDBOX: '1', ORX_SANDBOX_SPEED: '100000' };
    await runOrx(['budget', 'add', '--month', '20'], { home, env });
    await runOrx(['chat', 'hello'], { home, env });
    const cost = JSON.parse((await runOrx(['cost', '--json'], { home, env })).stdout) as { entries: { conversation: string }[] };
    const budgets = await runOrx(['--complete', 'zsh', 'orx', 'budget', 'remove', '='], { home, env });
    expect(budgets.stdout).toBe('words\n1\t20 USD, month\n');
    const conversations = await runOrx(['--complete', 'bash', BREAKS, 'orx cost 0'], { home, env });
    expect(conversations.stdout).toBe(`words\n${cost.entries[0]!.conversation}\n`);
  });

  test('stored conversations with their titles, templates with their descriptions, servers; each fits on a terminal line', async () => {
    const home = tempFolder();
    await addStored(home);
    const ask = async (...words: string[]): Promise<string> =>
      (await runOrx(['--complete', 'fish', 'orx', ...words], { home })).stdout;
    expect(await ask('chat', '--session', '=')).toBe(
      `words\n${IDS[1]}\tconnection pool 漢字\n${IDS[0]}\t${TITLE}␛[2J <U+202E> e…\n`,
    );
    expect(await ask('chat', '-t', '=')).toBe('words\nfolder\t\ntranslate\t$(touch hacked)␛[2J\n');
    expect(await ask('chat', '--mcp', '=')).toBe('words\nfiles\t\n');
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
        writeFileSync(join(home, 'data', 'conversations.db'), 'no database at all'.repeat(100));
        writeFileSync(join(home, 'mcp.json'), '[');
      },
    ],
  ])('%s: nothing on stderr', async (_, spoil) => {
    const home = tempFolder();
    spoil(home);
    for (const line of ['orx chat -m ', 'orx budget remove ', 'orx chat --session ', 'orx chat --mcp ']) {
      const { stdout, stderr } = await runOrx(['--complete', 'bash', BREAKS, line], { home });
      expect(stderr).toBe('');
      expect(['', 'words\n']).toContain(stdout);
    }
  });

  test('a word of the user is never taken for the callback', async () => {
    const { code } = await runOrx(['--complete']);
    expect(code).toBe(1);
  });
});

describe('orx completion', () => {
  test.each(SHELLS)('prints a script for %s that the shell can parse', async (shell) => {
    const { code, stdout, stderr } = await runOrx(['completion', shell]);
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(stdout).toContain(`orx --complete ${shell}`.slice(shell === 'powershell' ? 4 : 0));
    if (!INSTALLED.has(shell) || shell === 'powershell') return;
    const file = join(tempFolder(), 'script');
    writeFileSync(file, stdout);
    expect(spawnSync(PROGRAMS[shell], ['-n', file], { encoding: 'utf8' })).toMatchObject({ status: 0, stderr: '' });
  });

  test('help explains the installation for each shell, and an unknown shell is a usage error', async () => {
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

  /** Types, presses Tab, waits for the expected line, and returns the words into which bash splits it. */
  async function wordsAfterTab(typed: string, shown: string): Promise<string[]> {
    terminal.type(`${typed}\t`);
    await terminal.waitFor(`ready> ${shown}`);
    terminal.type("\u0001printf '[%s]\\n' \r");
    await terminal.waitFor(/^\[orx\]\n(?:.*\n)*ready> $/m);
    const words = (await terminal.everything()).filter((line) => /^\[.*\]$/.test(line)).map((line) => line.slice(1, -1));
    terminal.type('clear\r');
    return words.slice(words.lastIndexOf('orx') + 1);
  }

  test('ids with : ~ and /, flags with =, quotes and files are completed to the intended words', async () => {
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

  test('hostile names are not offered, nothing is executed, and an orx in the working folder is not used', async () => {
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

  test('numbers are listed with a description and inserted without it', async () => {
    await addStored(home);
    terminal.type('orx history show 01kaa\t\t');
    await terminal.waitFor(/^01kaab {2}connection pool 漢字$/m);
    expect((await terminal.everything()).join('\n')).toContain(`${IDS[0]}  ${TITLE}`);
    terminal.type('b\t');
    await terminal.waitFor(/orx history show 01kaab $/m);
    expect(existsSync(join(home, 'hacked'))).toBe(false);
  });
});

/** Asks the shell, without a terminal, for its completions. */
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
  await addStored(home);
  writeFileSync(join(home, 'notes.txt'), '');
  const lines = ['chat -m qw', 'chat -m coder', 'mod', 'models --sort=pr', 'chat --session 01', 'chat -t tr', 'chat -t ./no'];
  const script = ['orx completion fish | source', ...lines.map((line) => `complete -C'orx ${line}'`)].join('; ');
  expect(answerOf('fish', script, home, env)).toEqual([
    'qwen/coder:free',
    'qwen/coder:free',
    expect.stringMatching(/^models\t/),
    '--sort=price',
    `${IDS[1]}\tconnection pool 漢字`,
    expect.stringContaining(`${IDS[0]}\t${TITLE}`),
    'translate\t$(touch hacked)␛[2J',
    './notes.txt',
  ]);
  expect(existsSync(join(home, 'hacked'))).toBe(false);
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
  await addStored(home);
  writeFileSync(join(home, 'notes.txt'), '');
  writeFileSync(join(home, '.zshrc'), "PS1='ready> '\nautoload -U compinit; compinit -u\nsource <(orx completion zsh)\n");
  const terminal = openTerminal(['-i'], { program: ['zsh'], home, env: { ...env, ZDOTDIR: home, PATH: binIn(home) } });
  await terminal.waitFor('ready> ');
  const press = async (typed: string, shown: string | RegExp): Promise<void> => {
    terminal.type(`\u0015${typed}\t`);
    await terminal.waitFor(shown);
  };
  await press('orx chat -m qw', 'orx chat -m qwen/coder:free ');
  await press('orx chat -m coder', /ready> orx chat -m qwen\/coder:free $/m);
  await press('orx chat -m \\~a', '\\~anthropic/latest');
  await press('orx models --sort=pr', 'orx models --sort=price ');
  await press('orx chat -t ./no', 'orx chat -t ./notes.txt ');
  await press('orx chat -t tr', 'orx chat -t translate ');
  await press('orx history show \t', /^01kaab {2}connection pool 漢字$/m);
  expect((await terminal.everything()).join('\n')).toContain(`${IDS[0]}  ${TITLE}`);
  expect(existsSync(join(home, 'hacked'))).toBe(false);
});

test('the docs name every shell and the callback', () => {
  const text = readFileSync(new URL('../../../docs/completion.md', import.meta.url), 'utf8');
  for (const shell of SHELLS) expect(text).toContain(`orx completion ${shell}`);
});

test.each([
  ['flags', 'orx chat --', ['complete']],
  ['models', 'orx chat -m ', ['complete', 'complete-known-candidates']],
  ['templates', 'orx chat -t ', ['complete', 'complete-known-candidates', 'complete-stored-files']],
  ['budgets', 'orx budget remove ', ['complete', 'complete-stored-rows']],
])('the completion of %s loads only the files that it needs', async (_, line, names) => {
  const home = tempFolder();
  const [hook, file] = [join(home, 'hook.cjs'), join(home, 'loaded')];
  const record = 'require("fs").writeFileSync(process.env.LOADED_FILE, Object.keys(require.cache).join("\\n"))';
  writeFileSync(hook, `process.on('exit', () => ${record});`);
  const env = { NODE_OPTIONS: `--require ${hook}`, LOADED_FILE: file };
  expect((await runOrx(['--complete', 'bash', BREAKS, line], { home, env })).code).toBe(0);
  const loaded = readFileSync(file, 'utf8').match(/(?<=dist[\\/])[\w-]+(?=\.cjs)/g);
  expect(loaded?.toSorted()).toEqual(names);
});
