import type { Argument, Command, Help, Option } from 'commander';
import type {
  CommandOutline,
  FlagOutline,
  Outline,
  SettingOutline,
  ValueOutline,
  WordOutline,
} from '../core/completion/outline.ts';
import { FLAG_VALUES, FLAG_VALUES_OF, WORD_VALUES } from '../core/completion/value-outlines.ts';
import { SETTINGS } from '../core/settings.ts';

/** What can be typed, out of commander's declarations. Made once, when orx is built: loading all of them takes longer than a key press may. */
export function describeProgram(program: Command): Outline {
  const shared = program.options.map(({ long }) => long);
  return {
    program: describeCommand(program, '', []),
    settings: Object.entries<{ flags?: string; description: string; secret?: boolean }>(SETTINGS)
      .filter(([, { secret }]) => secret !== true)
      .map(([name, spec]) => describeSetting(name, spec)),
  };

  function describeCommand(command: Command, path: string, without: readonly (string | undefined)[]): CommandOutline {
    const helper = command.createHelp();
    const shown = new Set<Option>(helper.visibleOptions(command));
    const all = [...new Set([...command.options, ...shown])];
    return {
      name: command.name(),
      about: oneLine(command.description()),
      flags: all
        .filter(({ long }) => !without.includes(long ?? undefined))
        .map((option) => describeFlag(option, path, shown.has(option))),
      words: command.registeredArguments.map((argument) => describeWord(argument, path)),
      commands: innerCommands(command, helper).map((inner) => describeCommand(inner, `${path} ${inner.name()}`.trim(), shared)),
    };
  }
}

/** commander makes `help` only where it shows it. */
function innerCommands(command: Command, helper: Help): readonly Command[] {
  return helper.visibleCommands(command);
}

function describeFlag(option: Option, path: string, isShown: boolean): FlagOutline {
  const { short, long, description, argChoices, required, optional, variadic } = option;
  const takes = variadic ? 'many' : required ? 'one' : optional ? 'optional' : undefined;
  const value: ValueOutline | undefined =
    argChoices === undefined ? (FLAG_VALUES_OF[`${path} ${long}`] ?? FLAG_VALUES[long ?? '']) : { choices: argChoices };
  return {
    names: [long, short].filter((name) => typeof name === 'string'),
    about: oneLine(description),
    ...(isShown ? {} : { isHidden: true }),
    ...(takes === undefined ? {} : { takes, ...(value === undefined ? {} : { value }) }),
  };
}

function describeWord(argument: Argument, path: string): WordOutline {
  const name = argument.name();
  const value = argument.argChoices === undefined ? WORD_VALUES[`${path} ${name}`] : { choices: argument.argChoices };
  const command = path === '' || path.endsWith('help') ? { kind: 'command' as const } : undefined;
  return { ...(value ?? command), ...(argument.variadic ? { isRepeated: true } : {}) };
}

function describeSetting(name: string, { flags, description }: { flags?: string; description: string }): SettingOutline {
  const isSwitch = flags !== undefined && !flags.includes(' ');
  return { name, about: oneLine(description), ...(isSwitch ? { choices: ['true', 'false'] } : FLAG_VALUES[`--${name}`]) };
}

function oneLine(text: string): string {
  return text.replaceAll(/\s+/g, ' ').trim();
}
