import { type AnyCommand, Option } from './commander.ts';

const targets = new WeakMap<Option, string>();

/** Declares an old spelling of a flag, hidden from help. `target` is the attribute of the flag that it stands for. */
export function addFlagAlias<C extends AnyCommand>(command: C, flags: string, target: string): C {
  const option = new Option(flags, `the same as ${target}`).hideHelp();
  targets.set(option, target);
  command.addOption(option);
  return command;
}

/** Returns the attribute that a flag sets: its own, or that of the flag that an alias stands for. */
export function attributeOf(option: Option): string {
  return targets.get(option) ?? option.attributeName();
}
