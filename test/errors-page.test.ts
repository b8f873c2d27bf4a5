import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { CommanderError } from 'commander';
import { describe, expect, test } from 'vitest';
import { COMMAND_NAMES } from '../src/cli/help/command-table.ts';
import { SLASH_COMMANDS } from '../src/commands/session/slash.ts';
import { PARAMETER_KEYS } from '../src/core/settings/parameters.ts';
import { parseSlash } from '../src/core/session/slash-commands.ts';
import { sessionHint } from '../src/errors.ts';
import { collectErrors } from './support/error-messages/collect.ts';
import { filled, hintCommand, orxCalls, uniqueHints } from './support/error-messages/hint-commands.ts';
import { errorsPage } from './support/error-messages/page.ts';
import { shellWords } from './support/error-messages/shell-words.ts';
import { parseCommand } from './support/parse-command.ts';

const ROOT = join(import.meta.dirname, '..');
const errors = collectErrors(join(ROOT, 'src'));
const NAMES = new RegExp(`\\borx (?:${COMMAND_NAMES.join('|')})\\b|…(?!\\])`);
const hints = uniqueHints(errors.flatMap((error) => error.hints));
/** Commands that a flag of a hint may belong to, with the arguments that they need. */
const COMMANDS = [
  ['chat', 'hi'],
  ['chat', 'hi', '-c'],
  ['compare', 'hi', '-m', 'a/b', '-m', 'c/d'],
  ['compare', '--prompts', 'cases.csv'],
  ['compare', 'hi', '-m', 'a/b,c/d', '--judge', 'e/f'],
  ['api', 'credits'],
  ['embed', '-m', 'a/b', '-f', 'x'],
  ['price', 'a/b'],
  ['models'],
  ['usage'],
  ['serve'],
  ['history', 'export', '7'],
  ['mcp', 'add', 'lab', '--', 'echo'],
  ['mcp', 'add', 'lab', '--url', 'https://example.com'],
];

test('docs/errors.md has every message of the source (npm run docs)', () => {
  expect(readFileSync(join(ROOT, 'docs/errors.md'), 'utf8')).toBe(errorsPage(errors));
});

test('a message that is not in the source comes from another failure', () => {
  const unknown = errors.filter(({ message }) => message === undefined).map(({ file }) => file);
  expect([...new Set(unknown)]).toEqual([
    'apis/direct/vendor-unreached.ts',
    'apis/openrouter/raw-calls.ts',
    'apis/wire/errors/hide-key.ts',
    'cli/files/evaluation-files.ts',
    'cli/files/read-input-bytes.ts',
    'cli/usage-failure.ts',
    'commands/catalogue/explain-failure.ts',
    'commands/catalogue/explain-removal.ts',
    'commands/text-rows/sender.ts',
    'commands/turn/finish-answer.ts',
    'core/gateway-config/parse-yaml.ts',
    'core/matrix/judge-requests.ts',
    'core/pipeline/all-failed.ts',
    'storage/ledger/writer/jobs.ts',
  ]);
});

describe('the form of a message', () => {
  const messages = [...new Set(errors.flatMap(({ message }) => (message === undefined ? [] : [message])))];

  test('one line in lower case, without a full stop', () => {
    const wrong = messages.filter(
      (text) => /\n|[^.]\.$/.test(text) || /^(?!API|TLS|HTTP|MCP|ORX_|OLLAMA_|Google)[A-Z]/.test(text),
    );
    // Texts that match OpenRouter's, for clients that look for them.
    const isOpenRouters = (text: string): boolean =>
      /^(No auth credentials|Rate limit exceeded: |(Generation|Model) <\w+> not)/.test(text);
    expect(wrong.filter((text) => !isOpenRouters(text))).toEqual([]);
  });

  test('at most 80 characters, apart from its values, its reason and optional parts', () => {
    const own = messages.map((text) => text.replaceAll(/\[[^\]]*\]|<[^>]*>|: .*$|, (?:not|such as) .*$|; .*$| \(.*\)$/g, ''));
    expect(own.filter((text) => text.length > 80)).toEqual([]);
  });
});

describe('hints', () => {
  test('start in lower case and end without a full stop', () => {
    expect(hints.map(({ shell }) => shell).filter((text) => /\n|[^.]\.$/.test(text) || /^[A-Z]/.test(text))).toEqual([]);
  });

  test('name commands and flags only where they can be copied: at the end, after a colon', () => {
    const wrong = hints.filter(({ shell }) => hintCommand(shell) === undefined && NAMES.test(shell));
    expect(wrong).toEqual([]);
  });

  const shells = [...new Set(hints.map(({ shell }) => shell))];

  test('that are orx commands can be parsed', async () => {
    const failures: string[] = [];
    for (const text of shells) {
      for (const args of orxCalls(hintCommand(text) ?? '')) {
        const failure = await parsed(args);
        if (failure !== undefined) failures.push(`${text}  (${args.join(' ')}): ${failure}`);
      }
    }
    expect(failures).toEqual([]);
  });

  test('that are flags are flags of a command', async () => {
    const failures: string[] = [];
    for (const text of shells) {
      const command = hintCommand(text);
      if (command?.startsWith('-') !== true) continue;
      const results: (string | undefined)[] = [];
      for (const words of COMMANDS) {
        const end = words.indexOf('--');
        const flags = shellWords(command.replaceAll(/, | or /g, ' '));
        results.push(await parsed(end === -1 ? [...words, ...flags] : [...words.slice(0, end), ...flags, ...words.slice(end)]));
        if (results.at(-1) === undefined) break;
      }
      if (!results.includes(undefined)) failures.push(`${text}: ${results.join(' | ')}`);
    }
    expect(failures).toEqual([]);
  });

  test('inside a conversation are existing slash commands, or say that they are for the shell', async () => {
    const failures: string[] = [];
    for (const { shell, session } of hints) {
      const text = sessionHint(shell === session ? filled(shell) : { shell, session });
      const command = hintCommand(text);
      if (command?.startsWith('/') === true) {
        const slash = parseSlash(command, SLASH_COMMANDS);
        if (slash?.type !== 'command' || (slash.name === 'params' && !isParameter(slash.rest))) failures.push(text);
      } else if (/^(?:orx|-)/.test(command ?? '') && !text.startsWith('in a shell, ')) failures.push(text);
    }
    expect(failures).toEqual([]);
  });
});

/** Returns why the program rejects the arguments, or undefined if it accepts them. */
async function parsed(args: readonly string[]): Promise<string | undefined> {
  try {
    await parseCommand(args, { terminals: ['stdin', 'stdout', 'stderr'], now: Date.UTC(2026, 11, 1) });
    return undefined;
  } catch (error) {
    // commander ends the help with an error.
    return error instanceof CommanderError && error.exitCode === 0 ? undefined : String(error);
  }
}

function isParameter(rest: string): boolean {
  const [name = '', ...values] = rest.split(' ').filter((word) => word !== '');
  return name === '' || (PARAMETER_KEYS.some((key) => key === name) && values.length <= 1);
}
