import type { Model } from '../../providers/catalogue.ts';
import type { Market } from './market.ts';

export interface MarketPlace {
  folder: string;
  /** Which API: its base URL. */
  source: string;
  decode: (wire: unknown) => Model | undefined;
}

/** Opens the past catalogues. */
export function openMarket({ folder, source }: MarketPlace): Market {
  throw new Error(`no market yet at ${folder} for ${source}`);
}
