import { CommanderError } from 'commander';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { createProgram, openProgram } from '../../src/cli/program.ts';
import type { AnyCommand } from '../../src/commands/commander.ts';
import { mentionedFlags } from '../../src/commands/partial-command.ts';
import { OrxError } from '../../src/errors.ts';
import { parseCommand } from '../support/parse-command.ts';

const PROGRAM = await createProgram();

/** Returns what a command line leads to: options, an error of orx, or an error of commander, after which all flags are declared. */
async function outcomeOf(args: readonly string[], mentioned?: readonly string[]): Promise<unknown> {
  try {
    // Some options are settings that are read, and may be invalid, only now.
    return JSON.stringify(await parseCommand(args, { mentioned }), (_, value: unknown) =>
      value instanceof Set ? [...value] : value,
    );
  } catch (error) {
    if (error instanceof CommanderError) return 'commander';
    if (error instanceof OrxError) return { message: error.message, why: error.why, hints: error.hints };
    throw error;
  }
}

const VALUES = ['a/b', 'json', 'text', '0.5', '12', 'strict', '1,2', 'key=value', '-', '-5', 'not valid', 'day'];

/** Returns the names that lead to each command: `['auth']`, `['auth', 'login']`. */
function paths(command: AnyCommand, above: readonly AnyCommand[] = []): (readonly AnyCommand[])[] {
  const path = [...above, command];
  return [path, ...command.commands.flatMap((inner) => paths(inner, path))];
}

/** Command lines with flags of a command, those above it and orx, in all spellings, some of them mistyped, and words between them. */
function commandLines(path: readonly AnyCommand[]): fc.Arbitrary<string[]> {
  const command = path.at(-1)!;
  const flags = [...path.flatMap(({ options }) => options), ...PROGRAM.options].filter(
    ({ long }) => long !== '--help' && long !== '--version',
  );
  const flag = fc.constantFrom(...flags).chain((option) => {
    const { short, long, required, optional } = option;
    const value = fc.constantFrom(...(option.argChoices ?? []), ...VALUES);
    const names = [short, long].filter((name) => name !== undefined);
    const name = fc.oneof({ weight: 9, arbitrary: fc.constantFrom(...names) }, fc.constant(`${long ?? ''}x`));
    if (!required && !optional) return name.map((typed) => [typed]);
    return fc.oneof(
      fc.tuple(name, value).map(([typed, given]) => [typed, given]),
      value.map((given) => [`${long ?? ''}=${given}`]),
      ...(short === undefined ? [] : [value.map((given) => [`${short}${given}`])]),
      name.map((typed) => [typed]),
    );
  });
  const letters = flags.flatMap(({ short }) => (short === undefined ? [] : [short.slice(1)]));
  const cluster = fc.array(fc.constantFrom('q', ...letters), { minLength: 2, maxLength: 3 }).map((each) => [`-${each.join('')}`]);
  const word = fc
    .constantFrom('hello', 'why is the sky blue?', 'a/b', '--', '-', ...command.commands.map((each) => each.name()))
    .map((each) => [each]);
  const piece = fc.oneof({ weight: 6, arbitrary: flag }, { weight: 3, arbitrary: word }, { weight: 1, arbitrary: cluster });
  return fc.array(piece, { maxLength: 5 }).map((pieces) => [...path.map((each) => each.name()), ...pieces.flat()]);
}

const COMMANDS = PROGRAM.commands
  .filter((command) => !['help', 'completion'].includes(command.name()))
  .flatMap((command) => paths(command as AnyCommand));

test('with only the mentioned flags, every command line is parsed as with all flags', async () => {
  const lines = fc.oneof(
    ...COMMANDS.map(commandLines),
    commandLines(COMMANDS[0]!).map((args) => args.slice(1)),
  );
  await fc.assert(
    fc.asyncProperty(lines, async (args) => {
      const mentioned = mentionedFlags(args);
      fc.pre(mentioned !== undefined);
      expect(await outcomeOf(args, mentioned)).toEqual(await outcomeOf(args));
    }),
    { numRuns: 200 },
  );
});

test.each(COMMANDS.map((path) => path.map((command) => command.name()).join(' ')))(
  'orx %s has the same defaults',
  async (name) => {
    for (const words of [[], ['word']]) {
      const args = [...name.split(' '), ...words];
      expect(await outcomeOf(args, mentionedFlags(args))).toEqual(await outcomeOf(args));
    }
  },
);

test('a piped question declares few flags, help and the version all of them', async () => {
  const args = ['chat', '-m', 'a/b', 'hello'];
  const { program } = await openProgram(() => undefined, args, mentionedFlags(args));
  const declared = program.commands[0]!.options.map(({ long }) => long);
  expect(declared).toContain('--model');
  expect(declared).not.toContain('--system');
  for (const line of [['chat', '--help'], ['chat', '-qh'], ['-V'], ['history', 'help', 'show']])
    expect(mentionedFlags(line)).toBe(undefined);
});
