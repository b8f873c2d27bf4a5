import { vendorOf } from './direct-name.ts';

/** Whose models a catalogue holds. */
export interface CatalogueScope {
  /** Those of OpenRouter. */
  routed: boolean;
  /** Those of these vendors; `in-use`: of all that can be asked. */
  vendors: 'in-use' | readonly string[];
  /** Ids of direct models that are asked for: what is known of one is told also where no list of its vendor is at hand. */
  direct?: readonly string[] | undefined;
}

const EVERYTHING: CatalogueScope = { routed: true, vendors: 'in-use' };

/** The part of the catalogue that `--vendor` names; `openrouter` is a name there. Undefined: the default. */
export function vendorScope(vendors: readonly string[] | undefined): CatalogueScope | undefined {
  if (vendors === undefined) return undefined;
  return { routed: vendors.includes('openrouter'), vendors: vendors.filter((name) => name !== 'openrouter') };
}

/** The part of the catalogue that tells of these names; undefined where a name may be anybody's: the default. */
export function scopeOf(names: readonly string[]): CatalogueScope | undefined {
  const vendors = [...new Set(names.map(vendorOf).filter((vendor) => vendor !== undefined))];
  const others = names.filter((name) => vendorOf(name) === undefined);
  const routed = others.some((name) => name.includes('/'));
  if (others.every((name) => name.includes('/')))
    return { routed, vendors, direct: names.filter((name) => vendorOf(name) !== undefined) };
  return routed ? EVERYTHING : undefined;
}
