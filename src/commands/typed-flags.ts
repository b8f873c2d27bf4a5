import type { AnyCommand, Option } from './commander.ts';

/** A flag as typed, in its order among the others. */
export interface TypedFlag {
  option: Option;
  /** Undefined for a switch. */
  value: string | undefined;
}

const typed = new WeakMap<AnyCommand, TypedFlag[]>();

/** Records every flag typed for a command and its subcommands. commander itself keeps only the last value of each. */
export function watchFlags(command: AnyCommand): void {
  const flags: TypedFlag[] = [];
  typed.set(command, flags);
  for (const option of command.options) {
    command.on(`option:${option.name()}`, (value: unknown) => {
      flags.push({ option, value: typeof value === 'string' ? value : undefined });
    });
  }
  for (const inner of command.commands) watchFlags(inner);
}

/** Returns the flags typed for a command and its outer commands. */
export function typedFlags(command: AnyCommand): readonly TypedFlag[] {
  return [...(command.parent === null ? [] : typedFlags(command.parent)), ...(typed.get(command) ?? [])];
}
