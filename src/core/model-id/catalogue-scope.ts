import { vendorOf } from './direct-name.ts';

/** Which models a catalogue contains. */
export interface CatalogueScope {
  /** Whether it contains the models of OpenRouter. */
  routed: boolean;
  /** The vendors whose models it contains; `in-use`: every vendor that can be used. */
  vendors: 'in-use' | readonly string[];
  /** Ids of requested direct models. The catalogue includes what is known of them even if their vendor's list of models is not available. */
  direct?: readonly string[] | undefined;
}

const EVERYTHING: CatalogueScope = { routed: true, vendors: 'in-use' };

/** Returns the part of the catalogue that `--vendor` selects; `openrouter` is a valid name. Undefined: the default. */
export function vendorScope(vendors: readonly string[] | undefined): CatalogueScope | undefined {
  if (vendors === undefined) return undefined;
  return { routed: vendors.includes('openrouter'), vendors: vendors.filter((name) => name !== 'openrouter') };
}

/** Returns the part of the catalogue that covers these names. Undefined, for the default, if a name could belong to any vendor. */
export function scopeOf(names: readonly string[]): CatalogueScope | undefined {
  const vendors = [...new Set(names.map(vendorOf).filter((vendor) => vendor !== undefined))];
  const others = names.filter((name) => vendorOf(name) === undefined);
  const routed = others.some((name) => name.includes('/'));
  if (others.every((name) => name.includes('/')))
    return { routed, vendors, direct: names.filter((name) => vendorOf(name) !== undefined) };
  return routed ? EVERYTHING : undefined;
}
