import * as commander from 'commander';
import type { AnyCommand } from './commander.ts';

/** Parts of the declarations of flags, such as `-m` and `-stream` for `-m` and `--no-stream`. */
export type MentionedFlags = readonly string[];

/** Arguments whose output or error needs all flags. */
const NEEDS_ALL = new Set(['help', '--help', '--help-all', '--version', '-h', '-V']);

/**
 * Returns what the declaration of each flag contains that the arguments after `orx` may have. It may have more, because the values of flags are not
 * told apart. Undefined: all flags have to be declared.
 */
export function mentionedFlags(args: readonly string[]): MentionedFlags | undefined {
  const names: string[] = [];
  for (const word of args) {
    if (NEEDS_ALL.has(word)) return undefined;
    if (word === '--') continue;
    if (word.startsWith('--')) names.push(word.replace(/^--(?:no-)?/, '-').replace(/=.*/s, ''));
    else if (word.startsWith('-')) for (const letter of word.slice(1)) names.push(`-${letter}`);
  }
  return names.some((name) => NEEDS_ALL.has(name)) ? undefined : names;
}

/**
 * A command that declares only the flags that the arguments mention, and those that have a value even if they are not typed. Declaring a hundred flags
 * takes longer than all that commander does with them. What it parses is the same; if it fails, all flags have to be declared, because commander's
 * errors suggest similar ones.
 */
export class PartialCommand extends commander.Command {
  readonly #mentioned: MentionedFlags;
  /** The attributes of the flags that are not declared. */
  readonly #leftOut = new Set<string>();

  constructor(name: string | undefined, mentioned: MentionedFlags) {
    super(name);
    this.#mentioned = mentioned;
  }

  override createCommand(name?: string): PartialCommand {
    return new PartialCommand(name, this.#mentioned);
  }

  override addOption(option: commander.Option): this {
    // A `--no-` flag alone is a switch that is on. With its positive form it has no value, so both may be left out.
    const isOn = option.negate && !this.#leftOut.has(option.attributeName());
    const hasValue = isOn || option.defaultValue !== undefined || option.mandatory;
    if (hasValue || this.mentions(option.flags)) return super.addOption(option);
    this.#leftOut.add(option.attributeName());
    return this;
  }

  mentions(flags: string): boolean {
    return this.#mentioned.some((name) => flags.includes(name));
  }
}

/** Returns false if a command need not declare these flags, because the arguments do not mention them. */
export function mayBeTyped(command: AnyCommand, flags: string): boolean {
  return !(command instanceof PartialCommand) || command.mentions(flags);
}
