import { readFileSync } from 'node:fs';
import type { AnyCommand } from '../../src/commands/commander.ts';
import { describe, expect, test } from 'vitest';
import { createProgram, outlineProgram } from '../../src/cli/program.ts';
import { FLAG_VALUES, FLAG_VALUES_OF, WORD_VALUES } from '../../src/core/tab-completion/value-outlines.ts';
import type { CommandOutline } from '../../src/core/tab-completion/outline.ts';

const PROGRAM = await createProgram();
const STORED = JSON.parse(readFileSync(new URL('../../dist/commands.json', import.meta.url), 'utf8')) as {
  program: CommandOutline;
};

interface Pair {
  path: string;
  command: AnyCommand;
  stored: CommandOutline | undefined;
}

/** Returns the subcommands without `help`, which groups have but do not show. */
function shown(command: AnyCommand): readonly AnyCommand[] {
  return command.createHelp().visibleCommands(command);
}

function pairs(path: string, command: AnyCommand, stored: CommandOutline | undefined): Pair[] {
  const inner = shown(command).flatMap((each) =>
    pairs(
      `${path} ${each.name()}`.trim(),
      each,
      stored?.commands.find(({ name }) => name === each.name()),
    ),
  );
  return [{ path, command, stored }, ...inner];
}
const ALL = pairs('', PROGRAM, STORED.program);

test('the outline stored at build time matches the source', async () => {
  expect(STORED).toEqual(JSON.parse(JSON.stringify(await outlineProgram())));
});

describe.each(ALL)('orx $path', ({ command, stored }) => {
  test('has every flag of commander, with the same values', () => {
    const known = [...(stored?.flags ?? []), ...STORED.program.flags];
    for (const { long, short, required, optional, variadic, argChoices } of command.options) {
      const flag = known.find(({ names }) => names.includes(long!));
      expect(flag?.names).toEqual([long, short].filter((name) => name !== undefined));
      expect(flag?.takes).toBe(variadic ? 'many' : required ? 'one' : optional ? 'optional' : undefined);
      expect(flag?.value?.choices).toEqual(argChoices ?? flag?.value?.choices);
    }
    expect(known.flatMap(({ names }) => names)).toContain('--help');
  });

  test('has exactly its arguments and its commands', () => {
    expect(stored?.words.map(({ isRepeated }) => isRepeated === true)).toEqual(
      command.registeredArguments.map(({ variadic }) => variadic),
    );
    expect(stored?.commands.map(({ name }) => name)).toEqual(shown(command).map((inner) => inner.name()));
  });
});

test('every rule for values belongs to an existing flag', () => {
  const flags = ALL.flatMap(({ path, command }) => command.options.map(({ long }) => ({ path, long })));
  const words = ALL.flatMap(({ path, command }) => command.registeredArguments.map((argument) => `${path} ${argument.name()}`));
  expect(flags.map(({ long }) => long)).toEqual(expect.arrayContaining(Object.keys(FLAG_VALUES)));
  expect(flags.map(({ path, long }) => `${path} ${long}`)).toEqual(expect.arrayContaining(Object.keys(FLAG_VALUES_OF)));
  expect(words).toEqual(expect.arrayContaining(Object.keys(WORD_VALUES)));
});
