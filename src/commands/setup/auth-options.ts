import type { ConnectionSettings } from '../../core/settings/groups.ts';
import type { ResolvedSettings } from '../../core/settings/settings.ts';
import { usageError } from '../../errors.ts';
import type { CommandInput } from '../register.ts';
import type { JsonFlags } from '../with-json.ts';
import { type KeychainChoice, keychainChoice } from './store-key.ts';
import type { LoginFlags } from './flags.ts';

export interface LoginOptions {
  settings: ConnectionSettings;
  /** The source of the key in force. */
  source: ResolvedSettings['sources']['api-key'];
  /** `code`: a browser on another machine, which shows a code. Undefined: ask. */
  way: 'paste' | 'browser' | 'code' | undefined;
  /** A user can type; otherwise the key comes from a pipe. */
  hasKeyboard: boolean;
  /** Send a short test question, which costs a fraction of a cent. */
  asksTest: boolean;
  keychain: KeychainChoice;
}

export interface StatusOptions {
  settings: ConnectionSettings;
  source: ResolvedSettings['sources']['api-key'];
  isJson: boolean;
}

export interface CreditsOptions {
  settings: ConnectionSettings;
  isJson: boolean;
}

export function parseCredits({ options, settings }: CommandInput<JsonFlags>): CreditsOptions {
  return { settings, isJson: options.json === true };
}

export function parseLogin({ options, settings, resolved, terminal }: CommandInput<LoginFlags>): LoginOptions {
  if (settings.sandbox) {
    throw usageError('the sandbox needs no key', 'log in to the API instead: orx auth login --no-sandbox');
  }
  const { hasKeyboard } = terminal;
  // A script that stores a key does not expect a request that costs money.
  const asksTest = options.test ?? (hasKeyboard && terminal.stderr.isTerminal);
  const source = resolved.sources['api-key'];
  return { settings, source, way: wayOf(options), hasKeyboard, asksTest, keychain: keychainChoice(resolved) };
}

function wayOf({ paste, browser }: LoginFlags): LoginOptions['way'] {
  if (paste === true) return 'paste';
  if (browser === true) return 'browser';
  return browser === false ? 'code' : undefined;
}

export function parseStatus({ options, settings, resolved: { sources } }: CommandInput<JsonFlags>): StatusOptions {
  return { settings, source: sources['api-key'], isJson: options.json === true };
}
