import { cpSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { CommandOutline } from '../../../src/core/tab-completion/outline.ts';
import { type HostileApi, startHostileApi } from '../../support/hostile/api.ts';
import { fillHostileHome } from '../../support/hostile/home.ts';
import { OTHERS, type Recipe, RECIPES } from '../../support/hostile/recipes.ts';
import { harmIn, HOSTILE, HOSTILE_NAME } from '../../support/hostile/text.ts';
import { tempFolder } from '../../support/temp-home.ts';
import { runInTerminal } from '../../support/terminal-host.ts';
import { openTerminal } from '../../support/terminal.ts';

// Every command in every output format, on a real terminal, with a catalogue, a ledger, a history, files and answers that attack it. The program
// itself lists its commands and their formats.
const { program } = JSON.parse(readFileSync(new URL('../../../dist/commands.json', import.meta.url), 'utf8')) as {
  program: CommandOutline;
};
const COMMANDS = new Map(commandsOf(program, []));
/** If a command does not say which formats it has, all are tried; an unknown format is an error that echoes it. */
const ALL_FORMS = ['text', 'table', 'json', 'jsonl', 'stream-json', 'csv', 'markdown', 'html', 'ids'];

function commandsOf(command: CommandOutline, path: readonly string[]): [string, CommandOutline][] {
  const own: [string, CommandOutline][] = path.length === 0 ? [] : [[path.join(' '), command]];
  return [...own, ...command.commands.flatMap((each) => commandsOf(each, [...path, each.name]))];
}

/** A command that only groups others lists them. */
const isGroup = ({ commands, flags }: CommandOutline): boolean =>
  commands.length > 0 && flags.every(({ names }) => names.some((name) => name.startsWith('--help')));

/** Returns the formats of a command, each as the arguments that request it. */
function forms({ flags }: CommandOutline): string[][] {
  const output = flags.find(({ names, takes }) => names.includes('-o') && takes !== undefined);
  const choices = output?.value?.choices?.filter((form) => ALL_FORMS.includes(form));
  const named = (choices ?? (output === undefined ? [] : ALL_FORMS)).map((form) => ['-o', form]);
  return [[], ...named, ...(flags.some(({ names }) => names.includes('--json')) ? [['--json']] : [])];
}

/** Wide enough for every column of every table. */
const COLUMNS = 160;
const AT_ONCE = 2;

interface Call extends Recipe {
  words: readonly string[];
}

const filled = mkdtempSync(join(tmpdir(), 'orx-test-'));
beforeAll(() => fillHostileHome(filled));
afterAll(() => rmSync(filled, { recursive: true }));

function callsOf(name: string, command: CommandOutline): Call[] {
  return (RECIPES[name] ?? []).flatMap((recipe) =>
    (recipe.isFixed === true ? [[]] : forms(command)).map((form) => ({
      ...recipe,
      words: [...name.split(' '), ...form, ...recipe.args],
    })),
  );
}

interface Ending {
  bytes: Buffer;
  code: number;
  /** Why it did not end. */
  failure?: string;
}

/** Opens a separate terminal, as for a user who types into it. */
async function drive(call: Call, api: HostileApi, home: string, env: Record<string, string>): Promise<Ending> {
  const terminal = openTerminal(call.words, {
    home,
    columns: COLUMNS,
    isUnread: true,
    env,
    isAlone: call.words[0] === '--complete',
  });
  const failure = await Promise.resolve(call.drive?.(terminal, api))
    .then(() => terminal.until(terminal.hasEnded))
    .catch((error: unknown) => String(error));
  const code = failure === undefined ? await terminal.exit : 1;
  return { bytes: terminal.bytes(), code, ...(failure === undefined ? {} : { failure }) };
}

/** Runs all commands, several at a time, and returns those whose output is harmful or empty. */
async function failures(calls: readonly Call[]): Promise<string[]> {
  const server = await startHostileApi();
  const matches: string[] = [];
  const waiting = [...calls];
  const work = async (): Promise<void> => {
    for (let call = waiting.shift(); call !== undefined; call = waiting.shift()) {
      // The folder's name is an attack too.
      const home = join(tempFolder(), HOSTILE_NAME);
      cpSync(filled, home, { recursive: true });
      const env = {
        OPENROUTER_BASE_URL: server.url,
        OPENROUTER_API_KEY: 'sk-or-v1-0123456789abcdef',
        ORX_RETRIES: '0',
        ...call.env,
      };
      const isOwn = call.drive !== undefined || call.words[0] === '--complete';
      const { bytes, code, failure }: Ending = isOwn
        ? await drive(call, server, home, env)
        : await runInTerminal(COLUMNS, { args: call.words, home, env });
      const harm = harmIn(bytes) ?? failure;
      const label = `orx ${call.words.map((word) => JSON.stringify(word.slice(0, 40))).join(' ')}`;
      if (harm !== undefined) matches.push(`${label}: ${harm}`);
      // If a command does not say which formats it has, it lacks some of those tried.
      else if (call.isSilent !== true && !/pwn/i.test(bytes.toString()) && (call.isFixed === true || code === 0))
        matches.push(`${label}: shows nothing: ${bytes.toString()}`);
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, work));
  return matches;
}

test('the check finds the attacks', () => {
  const written = (text: string): string | undefined => harmIn(Buffer.from(text));
  for (const attack of HOSTILE.split('PWN').filter((part) => /[^\u0020-\u007e\n\t\r]/.test(part))) {
    expect([attack, written(`row\r\n${attack}`)]).toEqual([attack, expect.any(String)]);
  }
  expect(harmIn(Buffer.from([0x61, 0x9b, 0x33, 0x31, 0x6d]))).toBeDefined();
  expect(
    written('\u001b[?25l\u001b[33mwarning\u001b[39m\r\n\u001b[2K\u001b[1A\u001b[G␛[2J <U+202E> نوشته‌ها 👩‍🔬 é\r\n\u001b[?25h'),
  ).toBeUndefined();
});

test('every command of the program has a recipe, and every recipe a command', () => {
  const running = [...COMMANDS].filter(([, command]) => !isGroup(command)).map(([name]) => name);
  expect(Object.keys(RECIPES).toSorted()).toEqual(running.toSorted());
});

describe('on a terminal external text has no effect', () => {
  test.each([...COMMANDS].filter(([name]) => RECIPES[name] !== undefined))('orx %s', async (name, command) => {
    expect(await failures(callsOf(name, command))).toEqual([]);
  });

  test('invocations other than commands', async () => {
    expect(await failures(OTHERS.map((recipe) => ({ ...recipe, words: recipe.args })))).toEqual([]);
  });
});
