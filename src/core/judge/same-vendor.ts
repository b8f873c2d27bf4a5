import { parseDirectId } from '../../apis/direct-id.ts';
import { findVendor } from '../../apis/vendors.ts';

/** Returns the models that have the same author as the judge, which may prefer its own style. Each once, in the given order. */
export function sharesVendor(judge: string, models: readonly string[]): string[] {
  const author = authorOf(judge);
  return [...new Set(models)].filter((model) => author !== '' && authorOf(model) === author);
}

function authorOf(model: string): string {
  const direct = parseDirectId(model);
  const name = direct === undefined ? model : direct.model;
  const host = direct && (findVendor(direct.vendor)?.author ?? direct.vendor);
  const author = name.includes('/') ? name.slice(0, name.indexOf('/')) : (host ?? '');
  // `~author/model` follows the newest version.
  return author.toLowerCase().replace(/^~/, '');
}
