import type { OrxError } from '../errors.ts';
import type { ResolvedSettings } from '../core/settings/settings.ts';
import type { TerminalFacts } from './is-drawable.ts';
import type { CommandInput, SettingFlags } from './register.ts';
import type { TypedInput } from './setting-options.ts';

/** What a command may need besides its arguments and flags. */
interface Known {
  resolveSettings: (flags: SettingFlags) => ResolvedSettings;
  terminal: TerminalFacts;
  now: number;
  isBare?: boolean | undefined;
  refusal?: OrxError | undefined;
}

/** Returns the input of a command. Its flags have the types with which they were declared. */
export function commandInput<Flags>({ words, options, flags }: TypedInput, known: Known): CommandInput<Flags> {
  let resolved: ResolvedSettings | undefined;
  const resolve = (): ResolvedSettings => (resolved ??= known.resolveSettings(flags));
  return {
    words,
    options: options as Readonly<Flags>,
    flags,
    get resolved() {
      return resolve();
    },
    get settings() {
      return resolve().values;
    },
    terminal: known.terminal,
    now: known.now,
    isBare: known.isBare,
    refusal: known.refusal,
  };
}
