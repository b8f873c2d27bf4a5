import { type AnyCommand, Option } from './commander.ts';

const targets = new WeakMap<Option, string>();

/** Declares an old spelling of a flag, which help does not show. `target` is the attribute of the flag that it stands for. */
export function addFlagAlias<C extends AnyCommand>(command: C, flags: string, target: string): C {
  const option = new Option(flags, `the same as ${target}`).hideHelp();
  targets.set(option, target);
  command.addOption(option);
  return command;
}

/** The attribute that a flag stands for: its own, but for an alias. */
export function attributeOf(option: Option): string {
  return targets.get(option) ?? option.attributeName();
}
