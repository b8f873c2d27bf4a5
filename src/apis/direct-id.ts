import { findVendorName } from './vendors.ts';

/** A model that is asked at its vendor, with the user's own key: `anthropic:claude-sonnet-4-6`. */
export interface DirectId {
  /** The vendor's own name, also where an alias such as `gemini` was typed. */
  vendor: string;
  /** What the vendor calls the model: everything behind the first colon, slashes and colons included. */
  model: string;
}

const DIRECT = /^([a-z][a-z0-9-]{0,39}):\s*(\S.*)$/is;
/** What follows a colon in OpenRouter's ids: `gpt-4o:nitro` is no vendor and a model, unless `gpt-4o` is the name of a vendor. */
const VARIANT = /^(nitro|floor|online|exacto|free|thinking|extended|batch|beta)(:|@|$)/i;
/** Stands before the name of a model that would be read as a variant: `lab::free`. */
const ESCAPE = ':';

/**
 * Reads a name as the id of a direct model: a vendor name and a colon before any slash. Undefined for any other name. Names of vendors that
 * the user added are not known here, so that a name of no vendor is read as one: whoever opens it says so. A second colon says that no variant
 * follows.
 */
export function parseDirectId(text: string): DirectId | undefined {
  const [, name = '', model = ''] = DIRECT.exec(text.trim()) ?? [];
  if (name === '') return undefined;
  const known = findVendorName(name);
  if (known === undefined && VARIANT.test(model)) return undefined;
  const isEscaped = model.length > 1 && model.startsWith(ESCAPE);
  return { vendor: known ?? name.toLowerCase(), model: isEscaped ? model.slice(1) : model };
}

/** The id of a direct model. `parseDirectId` reads it back. */
export function directId({ vendor, model }: DirectId): string {
  const isAmbiguous = model.startsWith(ESCAPE) || (findVendorName(vendor) === undefined && VARIANT.test(model));
  return `${vendor}:${isAmbiguous ? ESCAPE : ''}${model}`;
}

/** Whether the vendor itself is asked, not OpenRouter. */
export function isDirect(text: string): boolean {
  return parseDirectId(text) !== undefined;
}
