import type { SettingLayer } from './layers.ts';
import { SETTINGS } from './settings.ts';
import type { SettingSpec } from './spec.ts';

/** Runs the command of `key-command` and returns what it prints. Throws kind `authentication`. */
export type RunKeyCommand = (command: string) => string;

/** Returns the layer; if it has no API key but a `key-command`, its key is what the command prints, which runs when the key is first read. */
export function withKeyCommand(layer: SettingLayer, run: RunKeyCommand): SettingLayer {
  return {
    source: layer.source,
    find(key, spec) {
      const found = layer.find(key, spec);
      if (key !== 'api-key' || found !== undefined) return found;
      const command = layer.find('key-command', SETTINGS['key-command'] as SettingSpec<unknown>);
      if (command === undefined || !('parse' in command)) return undefined;
      return { source: 'command', unparsed: '', parse: () => spec.parse(run(command.parse() as string)) };
    },
  };
}
