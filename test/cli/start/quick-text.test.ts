import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { commandPath, isHidden } from '../../../src/cli/help/command-help.ts';
import { storedPages } from '../../../src/cli/help/stored-pages.ts';
import { HELP_TOPICS } from '../../../src/cli/help/topics.ts';
import { createProgram } from '../../../src/cli/program.ts';
import { quickText } from '../../../src/cli/start/quick-text.ts';
import type { AnyCommand } from '../../../src/commands/commander.ts';
import { helpText } from '../../../src/cli/help/help-text.ts';
import { VERSION } from '../../../src/version.ts';
import { runOrx } from '../../support/run-orx.ts';
import { openTerminal } from '../../support/terminal.ts';

const PROGRAM = await createProgram();
const PAGES = storedPages(PROGRAM);
const quick = (args: readonly string[]): string | undefined =>
  quickText(args, { version: () => VERSION, pages: () => PAGES, columns: () => undefined });

function paths(command: AnyCommand): string[][] {
  const names = [command.name(), ...command.aliases()].map((name) => [...commandPath(command).split(' ').slice(1, -1), name]);
  return [...names, ...command.commands.filter((inner) => !isHidden(inner)).flatMap(paths)];
}
const PATHS = PROGRAM.commands.flatMap(paths);

test('the build has stored the pages of these sources', () => {
  expect(readFileSync(new URL('../../../dist/help.json', import.meta.url), 'utf8')).toBe(PAGES);
});

// The process of runOrx has loaded the program, and calls it without what bin/orx.js does before.
test('every page is the one that the program prints', async () => {
  const lines = [
    ['--help'],
    ['-h'],
    ['help'],
    ...Object.keys(HELP_TOPICS).map((topic) => ['help', topic]),
    ...PATHS.flatMap((path) => [
      [...path, '--help'],
      ['help', ...path],
    ]),
  ];
  for (const args of lines) {
    expect([args, quick(args)]).not.toEqual([args, undefined]);
    const { code, stdout, stderr } = await runOrx(args);
    expect({ args, code, stdout, stderr }).toEqual({ args, code: 0, stdout: quick(args), stderr: '' });
  }
});

test.each([
  [['--version', '-q'], `${VERSION}\n`],
  [['-q', '--version'], `${VERSION}\n`],
  [['-V', '--no-such-flag', 'words'], `${VERSION}\n`],
  [['chat', '--version'], undefined],
  [['-m', '--version'], undefined],
  [['--', '--version'], undefined],
])('%j', (args, text) => {
  expect(quick(args)).toBe(text);
});

test.each([
  [['--version'], `${VERSION}\n`],
  [['-q', '--version'], `${VERSION}\n`],
  [['--help'], helpText(undefined, false, undefined)],
])('the built program prints %j into a pipe', async (args, text) => {
  expect(await runOrx(args, { isAlone: true })).toEqual({ code: 0, signal: null, stdout: text, stderr: '' });
});

test('the built program wraps a page to the width of the terminal', async () => {
  const run = openTerminal(['models', '--help'], { columns: 50, isUnread: true });
  expect(await run.exit).toBe(0);
  const models = PROGRAM.commands.find((command) => command.name() === 'models');
  expect(run.raw().replaceAll('\r\n', '\n')).toBe(helpText(models, false, 50));
});

describe('a command line that it accepts', () => {
  const words = ['chat', 'history', 'show', 'models', 'usage', 'help', 'environment', 'favorites', 'fav', 'add', 'hello', '-'];
  const flags = ['--help', '-h', '--help-all', '--version', '-V', '-q', '--quiet', '--json', '--sandbox', '--verbose', '-c'];
  const others = ['--theme', '--theme=dark', '-m', '--no-such-flag', '--', '-qh', '--help=x', '--no-history', '--static'];
  const line = fc.array(fc.constantFrom(...words, ...flags, ...flags, ...others), { maxLength: 4 });

  test('prints what the program prints', async () => {
    const checked = new Set<string>();
    await fc.assert(
      fc.asyncProperty(line, async (args) => {
        const text = quick(args);
        if (text === undefined || checked.has(args.join(' '))) return;
        checked.add(args.join(' '));
        const { code, stdout, stderr } = await runOrx(args);
        expect({ code, stdout, stderr }).toEqual({ code: 0, stdout: text, stderr: '' });
      }),
      { numRuns: 3000, examples: [[['help', 'environment', '--help']]] },
    );
    expect(checked.size).toBeGreaterThan(50);
  });
});
