import { keychainAccountIn } from './keychain-reference.ts';
import type { LayerValue, SettingLayer } from '../layers.ts';
import { SETTINGS } from '../settings.ts';
import type { SettingSpec } from '../spec.ts';

/** Runs the command of `key-command` and returns what it prints. Throws kind `authentication`. */
export type RunKeyCommand = (command: string) => string;

/** Where a key comes from that is not in the settings themselves. */
export interface KeySources {
  runKeyCommand: RunKeyCommand;
  /** Returns the key of an entry of the system keychain. Throws kind `authentication`. */
  readKeychain: (account: string) => string;
}

/**
 * Returns the layer with the key to which it refers: that of the system keychain, or, without a key, what its `key-command` prints. The keychain is
 * read, or the command runs, when the key is first read.
 */
export function withKeySources(layer: SettingLayer, { runKeyCommand, readKeychain }: KeySources): SettingLayer {
  const ofKeychain = (found: LayerValue, spec: SettingSpec<unknown>): LayerValue => {
    const account = 'unparsed' in found ? keychainAccountIn(found.unparsed) : undefined;
    if (account === undefined) return found;
    return { source: 'keychain', unparsed: '', parse: () => spec.parse(readKeychain(account)) };
  };
  return {
    source: layer.source,
    find(key, spec) {
      const found = layer.find(key, spec);
      if (key !== 'api-key') return found;
      if (found !== undefined) return ofKeychain(found, spec);
      const command = layer.find('key-command', SETTINGS['key-command'] as SettingSpec<unknown>);
      if (command === undefined || !('parse' in command)) return undefined;
      return { source: 'command', unparsed: '', parse: () => spec.parse(runKeyCommand(command.parse() as string)) };
    },
  };
}
