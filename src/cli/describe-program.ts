import type { AnyCommand, Argument, Option } from '../commands/commander.ts';
import type {
  CommandOutline,
  FlagOutline,
  Outline,
  SettingOutline,
  ValueOutline,
  WordOutline,
} from '../core/tab-completion/outline.ts';
import { FLAG_VALUES, FLAG_VALUES_OF, WORD_VALUES } from '../core/tab-completion/value-outlines.ts';
import { MODEL_COLUMN_NAMES } from '../output/models/column-names.ts';
import type { SettingSpec } from '../core/settings/spec.ts';
import { type SettingKey, SETTINGS } from '../core/settings/settings.ts';

const TABLE_VALUES: Readonly<Record<string, ValueOutline>> = { '--columns': { choices: MODEL_COLUMN_NAMES } };

const ALL_HELP: FlagOutline = { names: ['--help-all'], about: 'show all flags' };

/** The facts of a setting that describe its flag and its stored value. */
type SettingFacts = Pick<SettingSpec<never>, 'flags' | 'description' | 'secret' | 'choices'>;

/**
 * Returns everything that can be typed, from commander's declarations. Computed once, when orx is built: loading all declarations
 * takes too long for a key press.
 */
export function describeProgram(program: AnyCommand): Outline {
  const shared = program.options.map(({ long, short }) => `${long} ${short}`);
  return {
    program: describeCommand(program, '', []),
    settings: Object.entries<SettingFacts>(SETTINGS)
      .filter(([, { secret }]) => secret !== true)
      .map(([name, spec]) => describeSetting(name, spec)),
  };

  function describeCommand(command: AnyCommand, path: string, without: readonly string[]): CommandOutline {
    const helper = command.createHelp();
    const shown = new Set<Option>(helper.visibleOptions(command));
    const all = [...new Set([...command.options, ...shown])];
    return {
      name: command.name(),
      about: oneLine(command.description()),
      ...(command.aliases().length === 0 ? {} : { aliases: command.aliases() }),
      flags: [
        ...all
          // A flag of the same name that also has a letter is another one.
          .filter(({ long, short }) => !without.includes(`${long} ${short}`))
          .map((option) => describeFlag(option, path, shown.has(option))),
        ALL_HELP,
      ],
      words: command.registeredArguments.map((argument) => describeWord(argument, path)),
      commands: helper.visibleCommands(command).map((inner) => describeCommand(inner, `${path} ${inner.name()}`.trim(), shared)),
    };
  }
}

function describeFlag(option: Option, path: string, isShown: boolean): FlagOutline {
  const { short, long, description, argChoices, required, optional, variadic } = option;
  const takes = variadic ? 'many' : required ? 'one' : optional ? 'optional' : undefined;
  const value: ValueOutline | undefined =
    argChoices === undefined
      ? (FLAG_VALUES_OF[`${path} ${long}`] ?? FLAG_VALUES[long ?? ''] ?? TABLE_VALUES[long ?? ''] ?? settingValue(option))
      : { choices: argChoices };
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
  return { ...value, ...(argument.variadic ? { isRepeated: true } : {}) };
}

/** Returns the values that the setting of a flag accepts. */
function settingValue({ flags, long }: Option): ValueOutline | undefined {
  const name = long?.slice('--'.length) ?? '';
  const { choices } = Object.hasOwn(SETTINGS, name) ? (SETTINGS[name as SettingKey] as SettingFacts) : {};
  return choices === undefined || !flags.includes(' <') ? undefined : { choices };
}

function describeSetting(name: string, { flags, description, choices }: SettingFacts): SettingOutline {
  const isSwitch = flags !== undefined && !flags.includes(' <');
  const value = isSwitch ? { choices: ['true', 'false'] } : choices === undefined ? FLAG_VALUES[`--${name}`] : { choices };
  return { name, about: oneLine(description), ...value };
}

function oneLine(text: string): string {
  return text.replaceAll(/\s+/g, ' ').trim();
}
