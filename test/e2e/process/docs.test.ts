import { execFile, spawnSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, test, vi } from 'vitest';
import { commandLines, stableOutput } from '../../../docs/command-blocks.js';
import { makeProject, runCommands } from '../../../docs/run-commands.js';
import { orxWords } from '../../support/command-lines.ts';
import { parseCommand } from '../../support/parse-command.ts';
import { runQuickly } from '../../support/quick-lines.ts';
import { openTerminal } from '../../support/terminal.ts';
import { tempFolder } from '../../support/temp-home.ts';

const ROOT = join(import.meta.dirname, '../../..');
const read = (name: string): string => readFileSync(join(ROOT, name), 'utf8');
const README = read('README.md');

const inDocs = readdirSync(join(ROOT, 'docs'), { recursive: true, encoding: 'utf8' });
const PAGES = [
  'README.md',
  'CONTRIBUTING.md',
  'SECURITY.md',
  'CHANGELOG.md',
  'examples/README.md',
  ...inDocs.filter((name) => name.endsWith('.md')).map((name) => `docs/${name}`),
];
/** Pages for developers of orx: their commands are npm commands, or take a long time. */
const FOR_DEVELOPERS = /^(CONTRIBUTING|SECURITY|CHANGELOG)\.md$|^docs\/internals\//;
/** Generated pages; they have no commands of their own. */
const GENERATED = new Set(['docs/cli.md', 'docs/gateway-config.md', 'docs/errors.md']);

const MISSING = ['jq', 'curl', 'git'].filter((program) => spawnSync(program, ['--version']).status !== 0);
if (MISSING.length > 0) console.warn(`${MISSING.join(', ')} not found: command lines with it are skipped`);
const needsMissing = (line: string): boolean => MISSING.some((program) => new RegExp(`\\b${program} `).test(line));

/** Examples of typing errors. */
const MISTYPED = new Set(['orx modles', 'orx chta hi']);

/** Setup commands, as at the start of the README. */
const isSetUp = (line: string): boolean => line.startsWith('npm ');

describe('the README', () => {
  test('starts with the two commands that set up everything', () => {
    const first = /```sh\n([\s\S]*?)```/.exec(README)?.[1] ?? '';
    expect(first.split('\n').map((line) => line.split('#')[0]?.trim())).toEqual([
      'npm ci && npm run demo',
      'npm ci && npm test',
      '',
    ]);
    expect(README.indexOf('npm ci')).toBeLessThan(200);
  });

  test('compares orx with other tools and shows pictures', () => {
    for (const name of ['llm', 'aichat', 'mods', 'LiteLLM']) expect(README).toContain(name);
    expect(README.match(/<picture>/g)?.length).toBeGreaterThanOrEqual(4);
  });
});

describe.each(PAGES)('%s', (name) => {
  const page = read(name);

  test('links to existing files and headings', () => {
    const prose = page.replaceAll(/```[\s\S]*?```/g, '').replaceAll(/`[^`\n]*`/g, '');
    const links = [...prose.matchAll(/\]\(([^)\s]+)\)|(?:src|srcset|href)="([^"]+)"/g)].map(
      ([, link, source]) => link ?? source!,
    );
    const local = links.filter((link) => !/^[a-z]+:/.test(link));
    expect(local.filter((link) => !leadsSomewhere(name, link))).toEqual([]);
  });

  const commands = commandLines(page).filter(({ line }) => !isSetUp(line) && !needsMissing(line));
  test.runIf(commands.length > 0 && !FOR_DEVELOPERS.test(name) && !GENERATED.has(name))(
    'has command lines that run, and shows their output',
    async () => {
      const project = makeProject(tempFolder(), { speed: 100_000 });
      // Reports have something to show only after a question.
      if (!commands.some(({ output }) => output !== undefined))
        await runQuickly('orx chat "Hello" && orx chat -c "And why?"', project);
      const outcomes = await runCommands(commands, project, runQuickly);
      expect(
        outcomes.flatMap(({ command, code, output }) =>
          code === 0 && !/^\{"error"/m.test(output) ? [] : [{ ...command, code, output }],
        ),
      ).toEqual([]);
      for (const { command, output } of outcomes) {
        if (command.output === undefined) continue;
        expect(stableOutput(output), `${name}:${command.number}: npm run docs refreshes the output of ${command.line}`).toBe(
          stableOutput(command.output),
        );
      }
    },
  );

  test.runIf(!GENERATED.has(name))('names existing commands and flags', async () => {
    const inline = [...page.replaceAll(/```[\s\S]*?```/g, '').matchAll(/`(orx [^`\n]+)`/g)].map(([, line]) => line!);
    const lines = [...inline, ...commandLines(page).map(({ line }) => line)];
    const unknown: string[] = [];
    // Commander writes what is missing in a command line.
    const muted = vi.spyOn(process.stderr, 'write').mockReturnValue(true);
    for (const line of lines) {
      const words = orxWords(line.replace(/\s+# .*$/, ''));
      if (words === undefined || MISTYPED.has(line) || words[0] === '--complete' || /[|…[\]]/.test(words.join(' '))) continue;
      const told = await parseCommand(words, { now: Date.UTC(2026, 10, 30) }).then(
        () => '',
        (error: Error) => error.message,
      );
      if (/unknown (command|option|flag)|no such (command|flag)/.test(told)) unknown.push(`${line}: ${told}`);
    }
    muted.mockRestore();
    expect(unknown).toEqual([]);
  });
});

test('docs/README.md links to every page', () => {
  const index = read('docs/README.md');
  const pages = inDocs.filter((name) => name.endsWith('.md') && name !== 'README.md');
  expect(pages.filter((name) => !index.includes(`](${name})`))).toEqual([]);
});

test('docs/cli.md matches --help', async () => {
  const result = await new Promise<{ code: number | string | null | undefined; stderr: string }>((resolve) =>
    execFile(process.execPath, ['docs/generate-cli.js', '--check'], { cwd: ROOT }, (error, _stdout, stderr) =>
      resolve({ code: error === null ? 0 : error.code, stderr }),
    ),
  );
  expect(result).toEqual({ code: 0, stderr: '' });
});

test('the demo compares and prices, and ends without a key press on a terminal', async () => {
  expect(JSON.parse(read('package.json')).scripts.demo).toBe('npm run --silent build && node docs/demo.js');
  const terminal = openTerminal([], {
    program: [process.execPath, join(ROOT, 'docs/demo.js')],
    env: { ORX_SANDBOX_SPEED: '100000' },
    columns: 120,
  });
  expect(await terminal.exit).toBe(0);
  const shown = (await terminal.everything()).join('\n');
  expect(shown).not.toContain('any other key ends');
  expect(shown).toContain('$ orx --sandbox compare "Why is the sky blue?"');
  expect(shown).toContain('## anthropic/claude-sonnet-4.6');
  expect(shown).toContain('SANDBOX');
  expect(shown).toMatch(/openai\/gpt-4o-mini\s+\$0\.\d+/);
});

function leadsSomewhere(from: string, link: string): boolean {
  const [path = '', anchor] = link.split('#');
  const file = path === '' ? from : join(dirname(from), path);
  if (!existsSync(join(ROOT, file))) return false;
  return anchor === undefined || anchors(read(file)).has(anchor);
}

/** Returns the anchors that GitHub gives to headings. */
function anchors(page: string): Set<string> {
  const headings = [...page.replaceAll(/```[\s\S]*?```/g, '').matchAll(/^#+ (.+)$/gm)].map(([, heading]) => heading!);
  const slugs = headings.map((heading) =>
    heading
      .replaceAll(/\[([^\]]*)\]\([^)]*\)/g, '$1')
      .toLowerCase()
      .replaceAll(/[^\p{L}\p{N}\s_-]/gu, '')
      .replaceAll(' ', '-'),
  );
  return new Set(
    slugs.map((slug, index) =>
      slugs.indexOf(slug) === index ? slug : `${slug}-${slugs.slice(0, index).filter((s) => s === slug).length}`,
    ),
  );
}
