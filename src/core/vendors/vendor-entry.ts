import { DIALECT_NAMES, type DialectName } from '../../apis/vendors.ts';
import { OrxError, usageError } from '../../errors.ts';
import { httpUrl } from '../settings/parsers.ts';

/** The stored entry of a vendor: for one of orx's table only the differences, for any other everything. */
export interface VendorEntry {
  baseUrl?: string | undefined;
  dialect?: DialectName | undefined;
  key?: string | undefined;
  /** The account under which the system keychain has the key. */
  keychain?: string | undefined;
  /** The origin for which the key was stored. orx sends it to no other origin. */
  keyOrigin?: string | undefined;
  /** Environment variable that contains the key. */
  keyVariable?: string | undefined;
  /** A shell command whose first line of output is the key. */
  keyCommand?: string | undefined;
  /** The model to use if the user names none. */
  model?: string | undefined;
  /** The vendor of orx's table of which this one is another account or host. */
  like?: string | undefined;
  /** The entry comes from a configuration file, which wins over the environment. */
  isFixed?: boolean | undefined;
  /** The stored entry is invalid. */
  fault?: OrxError | undefined;
}

export type VendorEntries = ReadonlyMap<string, VendorEntry>;

const NAME = /^[a-z][a-z0-9-]{0,39}$/;
const TEXTS = ['baseUrl', 'key', 'keychain', 'keyOrigin', 'keyVariable', 'keyCommand', 'model'] as const;

/** Parses the name of a vendor as ids contain it. Throws a usage error. */
export function parseVendorName(text: string): string {
  const name = text.trim().toLowerCase();
  if (NAME.test(name) && name !== 'openrouter') return name;
  if (name === 'openrouter')
    throw usageError('openrouter is not a vendor: use its models as author/model', 'log in to OpenRouter: orx auth login');
  throw usageError(
    `a vendor name must start with a letter and have only letters, digits and -, not "${text}"`,
    'choose a short name: orx vendors add lab --base-url http://localhost:8000/v1',
  );
}

/**
 * Reads the vendors of the settings file. An invalid entry has a `fault`, a usage error, which only affects requests to that vendor. Throws if
 * the whole value is not an object of entries.
 */
export function readVendorEntries(stored: unknown): VendorEntries {
  if (stored === undefined || stored === null) return new Map();
  if (!isObject(stored)) {
    throw new OrxError('cannot read the stored vendors (stored setting vendors)', {
      kind: 'usage',
      code: 'vendors-unreadable',
      hints: ['remove them: orx vendors remove vendors'],
    });
  }
  return new Map(Object.entries(stored).map(([name, value]) => [name, readOrFault(name, value)]));
}

function readOrFault(name: string, value: unknown): VendorEntry {
  try {
    return readEntry(name, value);
  } catch (error) {
    if (error instanceof OrxError) return { fault: error };
    throw error;
  }
}

function readEntry(name: string, value: unknown): VendorEntry {
  if (!NAME.test(name) || !isObject(value)) throw badEntry(name);
  const entry: Record<string, string> = {};
  for (const key of TEXTS) {
    const text = value[key];
    if (text === undefined) continue;
    if (typeof text !== 'string' || text === '') throw badEntry(name);
    entry[key] = key === 'baseUrl' ? readAddress(name, text) : text;
  }
  const { dialect } = value;
  if (dialect === undefined) return entry;
  if (!DIALECT_NAMES.some((one) => one === dialect)) throw badEntry(name);
  return { ...entry, dialect: dialect as DialectName };
}

function readAddress(name: string, text: string): string {
  try {
    return httpUrl('base-url')(text);
  } catch {
    throw badEntry(name);
  }
}

function badEntry(name: string): OrxError {
  return usageError(
    `cannot read the stored vendor ${name} (stored setting vendors)`,
    `store it again: orx vendors add ${name} --base-url URL`,
    `remove it: orx vendors remove ${name}`,
  );
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
