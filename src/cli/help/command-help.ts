import { type AnyCommand, type Argument, Command, type Option } from '../../commands/commander.ts';
import { helpFacts, isCommon } from '../../commands/help-facts.ts';
import { addSettingOptions } from '../../commands/setting-options.ts';
import { APPEARANCE_SETTINGS, CONNECTION_SETTINGS, SELECTION_SETTINGS } from '../../core/settings/groups.ts';
import { type HelpItem, type HelpPage, helpPageText } from './layout.ts';

const FLAGS = 'Flags:';
const SELECTION = 'Settings:';
const CONNECTION = 'Connection:';
const APPEARANCE = 'Appearance:';

const GLOBAL_FLAGS: FlagGroup = {
  heading: 'Global flags:',
  items: [
    ['-h, --help', 'show common flags and examples'],
    ['--help-all', 'show all flags'],
    ['-V, --version', 'print the version'],
    ['--verbose', 'print the causes of an error'],
  ],
};

/** The content of a command's help. */
export interface CommandHelp {
  path: string;
  description: string;
  usage: string;
  words: readonly HelpItem[];
  commands: readonly HelpItem[];
  /** Flags in groups: the common ones in one group, or all. */
  flags: readonly FlagGroup[];
  /** There are further flags, not counting those of every command. */
  hasMore: boolean;
  examples: readonly string[];
  notes: string;
  details: string;
}

export interface FlagGroup {
  heading: string;
  items: readonly HelpItem[];
}

/**
 * Which flags help shows: `common` (all own flags if none is marked common), `all` in groups, or `own`: all without those of
 * every command.
 */
export type HelpExtent = 'common' | 'all' | 'own';

export function describeCommandHelp(command: AnyCommand, extent: HelpExtent): CommandHelp {
  const own = command.options.filter(({ hidden }) => !hidden);
  const common = own.filter(isCommon);
  const isShort = extent === 'common' && common.length > 0;
  const { examples, notes = '', details = '' } = helpFacts(command);
  return {
    path: commandPath(command),
    description: command.description(),
    usage: usageOf(command),
    words: command.registeredArguments.filter(({ description }) => description !== '').map(wordItem),
    commands: command.commands.filter((inner) => !isHidden(inner)).map((inner) => commandItem(command, inner)),
    flags: isShort
      ? [{ heading: FLAGS, items: common.map(flagItem) }]
      : extent === 'all'
        ? [...grouped([...own, ...shared(own)]), GLOBAL_FLAGS]
        : grouped(own),
    hasMore: isShort && common.length < own.length,
    examples,
    notes,
    details: extent === 'common' ? '' : details,
  };
}

/** Returns help as text, wrapped to a number of columns. */
export function commandHelpText(command: AnyCommand, extent: HelpExtent, columns: number): string {
  return helpPageText(commandHelpPage(command, extent), columns);
}

export function commandHelpPage(command: AnyCommand, extent: HelpExtent): HelpPage {
  const help = describeCommandHelp(command, extent);
  const { path, description, usage, words, commands, flags, examples, notes, details } = help;
  return [
    description,
    `Usage: ${usage}`,
    { heading: 'Commands:', items: commands },
    { heading: 'Arguments:', items: words },
    ...flags,
    { examples },
    notes,
    details,
    extent === 'common' ? seeAlso(path, commands.length > 0, help.hasMore) : '',
  ];
}

function seeAlso(path: string, hasCommands: boolean, hasMore: boolean): string {
  return [
    ...(hasCommands ? [`Help for a command: ${path} <command> --help`] : []),
    `${hasMore ? 'All flags' : 'More flags'}: ${path} --help-all`,
  ].join('\n');
}

/** Returns the full name of a command, such as `orx history show`. */
export function commandPath(command: AnyCommand): string {
  return command.parent === null ? command.name() : `${commandPath(command.parent)} ${command.name()}`;
}

function usageOf(command: AnyCommand): string {
  const words = command.registeredArguments.map(wordTerm);
  const hasCommands = command.commands.some((inner) => !isHidden(inner));
  // The command also runs without a sub-command, like orx models.
  const inner = hasCommands && words.length === 0 ? ['[command]'] : [];
  return [commandPath(command), ...inner, '[flags]', ...words].join(' ');
}

/** Returns a sub-command with its description. Marks the default one, which runs when no sub-command is given. */
function commandItem(outer: AnyCommand, inner: AnyCommand): HelpItem {
  const { _defaultCommandName: defaultName } = outer as unknown as { _defaultCommandName?: string };
  const term = [inner.name(), ...inner.registeredArguments.map(wordTerm)].join(' ');
  return [term, inner.name() === defaultName ? `${inner.description()} (default)` : inner.description()];
}

function wordTerm(argument: Argument): string {
  const name = `${argument.name()}${argument.variadic ? '...' : ''}`;
  return argument.required ? `<${name}>` : `[${name}]`;
}

function wordItem(argument: Argument): HelpItem {
  return [argument.name(), argument.description];
}

/** Returns a flag with its description, which already contains its default and values. */
function flagItem({ flags, description }: Pick<Option, 'flags' | 'description'>): HelpItem {
  return [flags, description];
}

export function isHidden(command: AnyCommand): boolean {
  return (command as unknown as { _hidden?: boolean })._hidden === true;
}

/** Returns the flags of every command, except those that this command declares itself. */
function shared(own: readonly Option[]): Option[] {
  return sharedOptions().filter(({ long }) => own.every((option) => option.long !== long));
}

/** Returns the settings that every command accepts as flags, in their groups. */
function sharedOptions(): readonly Option[] {
  const scratch = new Command();
  addSettingOptions(scratch, SELECTION_SETTINGS, SELECTION);
  addSettingOptions(scratch, CONNECTION_SETTINGS, CONNECTION);
  addSettingOptions(scratch, APPEARANCE_SETTINGS, APPEARANCE);
  return scratch.options.filter(({ hidden }) => !hidden);
}

/** Returns the flags of every command, in their groups. */
export function sharedFlagGroups(): readonly FlagGroup[] {
  return [...grouped(sharedOptions()), GLOBAL_FLAGS];
}

function grouped(options: readonly Option[]): FlagGroup[] {
  const groups = new Map<string, HelpItem[]>();
  for (const option of options) {
    const heading = option.helpGroupHeading ?? FLAGS;
    groups.set(heading, [...(groups.get(heading) ?? []), flagItem(option)]);
  }
  return [...groups].map(([heading, items]) => ({ heading, items }));
}
