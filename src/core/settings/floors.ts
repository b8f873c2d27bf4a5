import { usageError } from '../../errors.ts';
import { findSetting, isExplicit, type SettingLayer } from './layers.ts';
import { DATA_POLICIES, SETTINGS, type SettingKey } from './settings.ts';
import type { SettingSpec } from './spec.ts';

/** Settings that protect data, with their values from the lowest to the highest protection. */
const PROTECTION: Partial<Record<SettingKey, readonly unknown[]>> = { 'data-policy': DATA_POLICIES, zdr: [false, true] };

/**
 * Returns the layers that apply to a setting that protects data: what is stored is the least protection, and flags and templates only raise it.
 * With the flag `--allow-data-collection`, what is stored does not apply; with the setting of that name, flags and templates may lower it.
 * Throws a usage error for a value that lowers it. A profile only raises it too: its value throws when it is read. Other settings get all
 * layers.
 */
export function withFloor(key: SettingKey, all: readonly SettingLayer[]): readonly SettingLayer[] {
  const values = PROTECTION[key];
  if (values === undefined) return all;
  const layers = all.map((layer) => (layer.source === 'profile' ? raising(key, layer, all) : layer));
  const explicit = layers.filter(({ source }) => isExplicit(source));
  // A template may come from somebody else, so it permits nothing.
  const flags = layers.filter(({ source }) => source === 'flag');
  if (valueIn('allow-data-collection', flags) === true)
    return layers.filter(({ source }) => isExplicit(source) || source === 'default');
  const own = valueIn(key, explicit);
  const stored = layers.filter(({ source }) => !isExplicit(source));
  const floor = own === undefined ? undefined : valueIn(key, stored);
  const isLower = own !== undefined && values.indexOf(own) < values.indexOf(floor);
  if (!isLower || valueIn('allow-data-collection', [...flags, ...stored]) === true) return layers;
  throw usageError(
    `the stored ${key} is ${String(floor)}, and a flag or template can only raise it`,
    'lower it for this command: --allow-data-collection',
    `lower it for all commands: orx config unset ${key}`,
  );
}

/** Returns the layer of a profile, with an error instead of a value that is lower than that of the settings file. */
function raising(key: SettingKey, profile: SettingLayer, layers: readonly SettingLayer[]): SettingLayer {
  const values = PROTECTION[key] ?? [];
  const file = layers.filter(({ source }) => source === 'file');
  return {
    source: profile.source,
    find(one, spec) {
      const found = profile.find(one, spec);
      if (one !== key || found === undefined || !('parse' in found)) return found;
      const parse = (): unknown => {
        const own = found.parse();
        const stored = valueIn(key, file);
        if (values.indexOf(own) >= values.indexOf(stored)) return own;
        throw usageError(
          `the stored ${key} is ${String(stored)}, and a profile can only raise it`,
          `remove it from the profile: orx profile unset ${found.name} ${key}`,
          `lower it for all commands: orx config unset ${key}`,
        );
      };
      return { ...found, parse };
    },
  };
}

function valueIn(key: SettingKey, layers: readonly SettingLayer[]): unknown {
  const match = findSetting(key, SETTINGS[key] as SettingSpec<unknown>, layers);
  return 'parse' in match ? match.parse() : match.value;
}
