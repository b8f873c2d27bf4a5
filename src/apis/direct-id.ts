import { findVendorName } from './vendors.ts';

/** A model that orx requests directly from its vendor, with the user's own key: `anthropic:claude-sonnet-4-6`. */
export interface DirectId {
  /** The vendor's canonical name, even if an alias such as `gemini` was typed. */
  readonly vendor: string;
  /** The vendor's name of the model: everything after the first colon, including slashes and colons. */
  readonly model: string;
}

const DIRECT = /^([a-z][a-z0-9-]{0,39}):\s*(\S.*)$/is;
/** Suffixes of OpenRouter ids: `gpt-4o:nitro` is not a vendor and a model, unless a vendor is named `gpt-4o`. */
const VARIANT = /^(nitro|floor|online|exacto|free|thinking|extended|batch|beta)(:|@|$)/i;
/** Escapes the name of a model that would be read as a variant: `lab::free`. */
const ESCAPE = ':';

/**
 * Parses a name as the id of a direct model: a vendor name and a colon before any slash. Returns undefined for any other name.
 * Accepts unknown vendor names, because the vendors that the user added are not known here; opening the vendor reports the error.
 * A second colon states that no variant follows.
 */
export function parseDirectId(text: string): DirectId | undefined {
  // A request asks about the same few names many times.
  const known = parsed.get(text);
  if (known !== undefined || parsed.has(text)) return known;
  const direct = parseName(text);
  if (text.length > LONGEST_KEPT) return direct;
  if (parsed.size >= MOST_KEPT) parsed.clear();
  parsed.set(text, direct);
  return direct;
}

/** Clients choose the names, so their number and length are limited. */
const parsed = new Map<string, DirectId | undefined>();
const MOST_KEPT = 500;
const LONGEST_KEPT = 200;

function parseName(text: string): DirectId | undefined {
  if (!text.includes(':')) return undefined;
  const [, name = '', model = ''] = DIRECT.exec(text.trim()) ?? [];
  if (name === '') return undefined;
  const known = findVendorName(name);
  if (known === undefined && VARIANT.test(model)) return undefined;
  const isEscaped = model.length > 1 && model.startsWith(ESCAPE);
  return { vendor: known ?? name.toLowerCase(), model: isEscaped ? model.slice(1) : model };
}

/** Returns the id of a direct model. `parseDirectId` parses it. */
export function directId({ vendor, model }: DirectId): string {
  const isAmbiguous = model.startsWith(ESCAPE) || (findVendorName(vendor) === undefined && VARIANT.test(model));
  return `${vendor}:${isAmbiguous ? ESCAPE : ''}${model}`;
}

/** Returns whether a request goes to the vendor itself instead of OpenRouter. */
export function isDirect(text: string): boolean {
  return parseDirectId(text) !== undefined;
}
