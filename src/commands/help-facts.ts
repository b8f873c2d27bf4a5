import type { AnyCommand, Option } from './commander.ts';

/** Additions to the help of a command. Lines have at most 80 columns. */
export interface HelpFacts {
  /** Commands that can be pasted. */
  examples: readonly string[];
  /** Paragraphs that are always shown. Lines that begin with a space are not wrapped. */
  notes?: string;
  /** Paragraphs that only `--help-all` and the man page show. */
  details?: string;
}

const factsOf = new WeakMap<AnyCommand, HelpFacts>();
const commonOptions = new WeakSet<Option>();

/** Adds examples and notes to the help of a command. */
export function withHelp<C extends AnyCommand>(command: C, facts: HelpFacts): C {
  factsOf.set(command, facts);
  return command;
}

export function helpFacts(command: AnyCommand): HelpFacts {
  return factsOf.get(command) ?? { examples: [] };
}

/** Marks a flag as one that `--help` shows. `--help` of a command without common flags shows all of its flags. */
export function common<O>(option: O): O {
  commonOptions.add(option as unknown as Option);
  return option;
}

/** Marks a flag as one that only `--help-all` shows, because the command has too many for a screen. */
export function uncommon<O>(option: O): O {
  commonOptions.delete(option as unknown as Option);
  return option;
}

export function isCommon(option: Option): boolean {
  return commonOptions.has(option);
}
