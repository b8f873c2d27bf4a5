import type { AnyCommand, Option } from './commander.ts';

/** A flag as it was typed, in its place among the others. */
export interface TypedFlag {
  option: Option;
  /** Undefined for a switch. */
  value: string | undefined;
}

const typed = new WeakMap<AnyCommand, TypedFlag[]>();

/** Notes every flag that is typed for a command and those under it. commander itself keeps the last value of each alone. */
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

/** What was typed for a command and for those around it. */
export function typedFlags(command: AnyCommand): readonly TypedFlag[] {
  return [...(command.parent === null ? [] : typedFlags(command.parent)), ...(typed.get(command) ?? [])];
}
