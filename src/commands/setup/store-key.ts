import { keychainAccountIn, type KeychainReference } from '../../core/settings/keys/keychain-reference.ts';
import type { ResolvedSettings } from '../../core/settings/settings.ts';
import { OrxError, withFacts } from '../../errors.ts';
import { visibleLine } from '../../output/text/visible.ts';
import type { Context } from '../context.ts';

/** Whether a key is stored in the system keychain. `required`: the user typed the flag; `preferred`: a file takes its place if it cannot be used. */
export type KeychainChoice = 'no' | 'preferred' | 'required';

export function keychainChoice({ values, sources }: ResolvedSettings): KeychainChoice {
  if (!values.keychain) return 'no';
  return sources.keychain.source === 'flag' ? 'required' : 'preferred';
}

/** What the settings file gets in the place of a key, and where the key is. */
export interface PlacedKey {
  stored: string | KeychainReference;
  /** Undefined: in the settings file. */
  place: string | undefined;
}

/**
 * Stores a key in the system keychain, if that is the choice, and returns what the settings file gets. If the keychain cannot be used, that is the
 * key itself, with a warning; if the user has asked for the keychain, an error of kind `authentication`.
 */
export async function placeKey(key: string, account: string, choice: KeychainChoice, context: Context): Promise<PlacedKey> {
  if (choice === 'no') return { stored: key, place: undefined };
  try {
    await context.stores.keychain.store(account, key, context.lifetime.interrupt);
    return { stored: { keychain: account }, place: `the system keychain (${account})` };
  } catch (error) {
    if (!(error instanceof OrxError) || error.kind === 'interrupted' || choice === 'required') throw withFileHint(error);
    tell(context, `warning: the key is stored in a file: ${error.message}`);
    return { stored: key, place: undefined };
  }
}

/** Throws now if the user has asked for a keychain and none answers: a key that a browser has granted would be lost otherwise. */
export async function checkKeychain(choice: KeychainChoice, context: Context): Promise<void> {
  if (choice !== 'required') return;
  try {
    await context.stores.keychain.check(context.lifetime.interrupt);
  } catch (error) {
    throw withFileHint(error);
  }
}

function withFileHint(error: unknown): unknown {
  if (!(error instanceof OrxError) || error.kind === 'interrupted') return error;
  return withFacts(error, { what: 'cannot use the system keychain', hints: [FILE_HINT, ...error.hints] });
}

const FILE_HINT = 'omit --keychain to store the key in a file that only you can read';

/**
 * Removes the keychain entries to which stored values referred, except that of `kept`, which has taken the place of one. An entry that cannot be
 * removed is a warning, because the settings no longer refer to it. Returns whether all were removed.
 */
export async function forgetKeys(removed: readonly unknown[], context: Context, kept?: unknown): Promise<boolean> {
  let isDone = true;
  const accounts = new Set(removed.map(keychainAccountIn));
  accounts.delete(keychainAccountIn(kept));
  for (const account of accounts) {
    if (account === undefined) continue;
    try {
      await context.stores.keychain.remove(account, context.lifetime.interrupt);
    } catch (error) {
      if (!(error instanceof OrxError) || error.kind === 'interrupted') throw error;
      isDone = false;
      tell(context, `warning: the key stays in the system keychain (orx, ${account}): ${error.why ?? error.message}`);
    }
  }
  return isDone;
}

function tell(context: Context, text: string): void {
  context.terminal.streams.stderr.write(`${visibleLine(text)}\n`);
}
