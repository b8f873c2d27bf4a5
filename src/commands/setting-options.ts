import { type AnyCommand, Option } from './commander.ts';
import { type OrxError, usageError } from '../errors.ts';
import { SETTINGS, type SettingKey } from '../core/settings/settings.ts';
import type { SettingSpec } from '../core/settings/spec.ts';
import { checkWords } from './unknown-command.ts';
import { checkContradictions } from './contradictions.ts';
import { attributeOf } from './flag-aliases.ts';
import { common } from './help-facts.ts';
import { mayBeTyped } from './partial-command.ts';
import type { SettingFlags } from './register.ts';
import { typedFlags } from './typed-flags.ts';

/** The input of a command: its words, its own flags, and settings given as flags. */
export interface TypedInput {
  words: readonly string[];
  options: Readonly<Record<string, unknown>>;
  flags: SettingFlags;
}

const settingOptions = new WeakMap<Option, SettingKey>();

/**
 * Declares the flags of these settings on a command, from the table of all settings. A switch is declared with its opposite
 * (`--zdr`, `--no-zdr`), which help does not list: it overrides a stored value for one command. Skips flags that the command
 * already has, also with another meaning.
 */
export function addSettingOptions<C extends AnyCommand>(
  command: C,
  keys: readonly SettingKey[],
  heading?: string,
  options: { hidden?: boolean } = {},
): C {
  for (const key of keys) {
    const spec = SETTINGS[key] as SettingSpec<unknown>;
    const { flags, join } = spec;
    // A setting has its value from elsewhere, so its flag matters only if it is typed.
    if (flags === undefined || !mayBeTyped(command, flags)) continue;
    const option = new Option(flags, describeSetting(spec));
    if (command.options.some(({ long }) => long === option.long)) continue;
    if (spec.isCommon === true) common(option);
    if (join !== undefined) {
      option.argParser<string>((text, before) => (before === undefined ? text : join(before, text)));
    }
    if (heading !== undefined) option.helpGroup(heading);
    if (options.hidden === true) option.hideHelp();
    const declared = flags.includes(' ') ? [option] : [option, new Option(oppositeSwitch(flags)).hideHelp()];
    // commander treats a `--no-` flag without its positive form as a switch that is on, so the positive form is declared first.
    for (const each of declared.toSorted((one, other) => Number(one.negate) - Number(other.negate))) {
      settingOptions.set(each, key);
      command.addOption(each);
    }
  }
  return command;
}

/** Returns the description of a setting, with its default at the end. */
export function describeSetting({
  description,
  default: fallback,
}: Pick<SettingSpec<unknown>, 'description' | 'default'>): string {
  if (typeof fallback !== 'string' && typeof fallback !== 'number') return description;
  return description.endsWith(')')
    ? description.replace(/\)$/, `, default: ${fallback})`)
    : `${description} (default: ${fallback})`;
}

function oppositeSwitch(flag: string): string {
  return flag.startsWith('--no-') ? flag.replace('--no-', '--') : flag.replace('--', '--no-');
}

/**
 * Splits the arguments of a commander action into words, settings (only those that the user typed) and the command's own options.
 * Throws a usage error for a flag that only the outer command has.
 */
export function typedInput(command: AnyCommand, given: readonly unknown[]): TypedInput {
  checkWords(command);
  // commander appends the options and the command itself to the words.
  const words = given
    .slice(0, -2)
    .flat()
    .filter((word) => typeof word === 'string');
  const options: Record<string, unknown> = {};
  const flags: Record<string, unknown> = {};
  // Outer commands come first, so that a flag after the command's name wins over the same flag before it.
  checkContradictions(command);
  const chain: AnyCommand[] = [];
  for (let current: AnyCommand | null = command; current !== null; current = current.parent) chain.unshift(current);
  for (const current of chain) {
    for (const option of current.options) {
      const name = option.attributeName();
      const meant = attributeOf(option);
      const key = settingOptions.get(option);
      if (key === undefined) {
        // If both commands have a flag, commander assigns it to the outer one: `orx models show x --json`.
        const ownFlag = ownOption(command, option);
        const own = ownFlag && attributeOf(ownFlag);
        const isTyped = current.getOptionValueSource(name) === 'cli';
        if (isTyped && own === undefined && current.parent !== null) throw doesNotApply(command, option);
        if (isTyped ? own !== undefined : current === command && meant === name && options[name] === undefined) {
          options[own ?? name] = together(options[own ?? name], current.getOptionValue(name));
        }
      } else if (current.getOptionValueSource(name) === 'cli') {
        const own = ownOption(command, option);
        // The command's own flag has another meaning: orx usage --profile selects requests.
        if (own === undefined || settingOptions.has(own)) flags[key] = current.getOptionValue(name);
        else options[attributeOf(own)] = together(options[attributeOf(own)], valueFor(own, option, current));
      }
    }
  }
  if (options['output'] === 'json') options['json'] = true;
  return { words, options, flags };
}

/** Returns the value of an outer flag for the command's own flag of that name, which may collect its values. */
function valueFor(own: Option, outer: Option, command: AnyCommand): unknown {
  const value: unknown = command.getOptionValue(outer.attributeName());
  const { parseArg, argChoices } = own;
  if (parseArg === undefined || argChoices !== undefined) return value;
  const texts = typedFlags(command).flatMap((flag) => (flag.option === outer && flag.value !== undefined ? [flag.value] : []));
  return (texts.length === 0 ? [String(value)] : texts).reduce<unknown>((before, text) => parseArg(text, before), undefined);
}

/** Returns the values of a repeatable flag that was typed before and after the name of the command; otherwise the last value. */
function together(before: unknown, value: unknown): unknown {
  return before !== undefined && Array.isArray(value) ? [before, value].flat() : value;
}

/** Returns the command's own option for the same flag, which may have another name. */
function ownOption({ options }: AnyCommand, { long, short }: Option): Option | undefined {
  return options.find((own) => (short !== undefined && own.short === short) || own.long === long);
}

function doesNotApply(command: AnyCommand, { long, short }: Option): OrxError {
  const name = `orx ${command.parent?.name()} ${command.name()}`;
  return usageError(`${name} does not support ${long ?? short}`, `list the flags: ${name} --help`);
}
