import { directId } from '../../apis/direct-id.ts';
import { findSetting, type SettingLayer } from '../settings/layers.ts';
import { SETTINGS } from '../settings/settings.ts';
import type { SettingSpec } from '../settings/spec.ts';
import { type ConfiguredVendor, configuredVendors, isInUse, requireKeySource } from './resolve-vendor.ts';
import type { VendorEntries } from './vendor-entry.ts';

/**
 * Returns the layer that provides the default of `model` if only a vendor can be used: without a key for OpenRouter and without a custom base
 * URL, it is the default model of the first vendor that has a key. `above`: the layers that win over this one.
 */
export function vendorLayer(
  above: readonly SettingLayer[],
  entries: () => VendorEntries,
  env: Readonly<Record<string, string | undefined>>,
): SettingLayer {
  const isSet = (key: 'api-key' | 'base-url'): boolean =>
    findSetting(key, SETTINGS[key] as SettingSpec<unknown>, above).source !== 'default';
  const isSandbox = (): boolean => {
    const hit = findSetting('sandbox', SETTINGS.sandbox as SettingSpec<unknown>, above);
    return ('parse' in hit ? hit.parse() : hit.value) === true;
  };
  return {
    source: 'vendor',
    find(key) {
      if (key !== 'model' || isSet('api-key') || isSet('base-url') || isSandbox()) return undefined;
      const vendors = configuredVendors(entries(), env);
      const vendor = vendors.find(canAnswer);
      if (vendor !== undefined) return { value: directId({ vendor: vendor.name, model: vendor.defaultModel! }) };
      // The user has a key for this vendor, so the error says why it cannot be used.
      const faulty = vendors.find(({ fault, key }) => fault !== undefined && key !== undefined);
      return faulty === undefined ? undefined : { unparsed: faulty.name, parse: () => requireKeySource(faulty) };
    },
  };
}

function canAnswer(vendor: ConfiguredVendor): boolean {
  return vendor.defaultModel !== undefined && isInUse(vendor);
}
