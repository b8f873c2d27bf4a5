import type { ConnectionSettings } from '../../core/settings/groups.ts';
import type { CommandInput } from '../register.ts';
import type { JsonFlags } from '../with-json.ts';

export interface ListOptions {
  isJson: boolean;
}

export interface ShowOptions extends ListOptions {
  name: string;
}

/** A template to write in an editor. */
export interface WriteOptions {
  name: string;
  /** Resolved when the editor is opened. */
  readonly settings: ConnectionSettings;
  hasKeyboard: boolean;
}

export function parseList({ options }: CommandInput<JsonFlags>): ListOptions {
  return { isJson: options.json === true };
}

export function parseShow({ words: [name = ''], options }: CommandInput<JsonFlags>): ShowOptions {
  return { name, isJson: options.json === true };
}

export function parseWrite(input: CommandInput): WriteOptions {
  const [name = ''] = input.words;
  return {
    name,
    get settings() {
      return input.settings;
    },
    hasKeyboard: input.terminal.hasKeyboard,
  };
}

export function parseNames({ words }: CommandInput): readonly string[] {
  return words;
}
