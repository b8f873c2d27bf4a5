import { findSetting, isExplicit, type SettingLayer } from '../layers.ts';
import { SETTINGS, type SettingKey } from '../settings.ts';
import type { SettingSpec } from '../spec.ts';
import type { ExtraHeader } from './extra-headers.ts';

/**
 * Returns the layers that apply to `headers`: a single one with the headers of all, of which a higher layer replaces those of the same name and
 * server. Each header is bound to a server: a stored one to that for which it was stored, one of a flag to the base URL in force, one of the
 * environment to the base URL that applies without flags. Other settings get all layers.
 */
export function withAllHeaders(key: SettingKey, layers: readonly SettingLayer[]): readonly SettingLayer[] {
  if (key !== 'headers') return layers;
  const spec = SETTINGS.headers as SettingSpec<unknown>;
  const found = layers.flatMap((layer) => {
    const value = layer.find(key, spec);
    return value === undefined ? [] : [{ ...value, source: layer.source }];
  });
  const [first] = found;
  if (first === undefined) return layers;
  const parse = (): readonly ExtraHeader[] => {
    const own = new Map<string, ExtraHeader>();
    for (const each of found.toReversed()) {
      const headers = ('parse' in each ? each.parse() : each.value) as readonly ExtraHeader[];
      for (const header of headers) {
        const origin = header.origin ?? originFor(each.source, layers);
        own.set(`${origin} ${header.name.toLowerCase()}`, { ...header, origin });
      }
    }
    return [...own.values()];
  };
  const { source } = first;
  const name = 'parse' in first ? first.name : undefined;
  return [{ source, find: () => ({ unparsed: '', parse, ...(name !== undefined && { name }) }) }];
}

function originFor(source: SettingLayer['source'], layers: readonly SettingLayer[]): string {
  const below = isExplicit(source) ? layers : layers.filter((layer) => !isExplicit(layer.source));
  const match = findSetting('base-url', SETTINGS['base-url'] as SettingSpec<unknown>, below);
  return new URL(String('parse' in match ? match.parse() : match.value)).origin;
}
