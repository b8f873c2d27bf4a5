import { configureVendor, type ConfiguredVendor, requireVendor } from '../../core/vendors/resolve-vendor.ts';
import { directId } from '../../apis/direct-id.ts';
import { findVendor } from '../../apis/vendors.ts';
import type { VendorEntries, VendorEntry } from '../../core/vendors/vendor-entry.ts';
import { apiKey } from '../../core/settings/parsers.ts';
import { OrxError, usageError, withFacts } from '../../errors.ts';
import { maskKey } from '../../output/text/error.ts';
import { visibleLine } from '../../output/text/visible.ts';
import type { Context } from '../context.ts';
import { checkKeychain, forgetKeys, placeKey } from '../setup/store-key.ts';
import { parseVendorAdd, type VendorAddOptions } from './options.ts';

/** How long to wait for a standard input that nothing writes to. */
const SILENCE_MS = 500;

/**
 * `orx vendors add`: stores the given values in addition to those already stored. Checks a key with the vendor first: does not
 * store one that the vendor rejects; stores one that cannot be checked now, with a notice. Prints only to stderr.
 */
export const addVendor = { parse: parseVendorAdd, run: runAdd };

async function runAdd(options: VendorAddOptions, context: Context): Promise<number> {
  const { name } = options;
  const print = (text: string): void => void context.terminal.streams.stderr.write(`${visibleLine(text)}\n`);
  const entries = readableEntries(context);
  const { baseUrl, dialect, keyVariable, keyCommand, model } = options;
  const given = withoutAbsent({ baseUrl, dialect, keyVariable, keyCommand, model });
  // An entry that cannot be read is replaced.
  const { fault, ...readable } = entries.get(name) ?? {};
  const stored: VendorEntry = fault === undefined ? readable : {};
  if (findVendor(name) === undefined && baseUrl === undefined && stored.baseUrl === undefined) throw needsAddress(name);
  const before = requireVendor(name, new Map(entries).set(name, { ...stored, ...given }), context.env);
  await checkKeychain(options.keychain, context);
  const key = await readKey(options, before, context);
  const keyOrigin = key === undefined && keyCommand === undefined ? undefined : new URL(before.baseUrl).origin;
  // A new source of the key replaces the old one.
  const { key: _, keychain: _1, keyOrigin: _2, keyCommand: _3, keyVariable: _4, ...others } = stored;
  const rest = key !== undefined || keyCommand !== undefined || keyVariable !== undefined ? others : stored;
  const entry: VendorEntry = { ...rest, ...given, ...withoutAbsent({ key, keyOrigin }) };
  const vendor = configureVendor(name, new Map(entries).set(name, entry), context.env)!;
  const tested: ConfiguredVendor = key === undefined ? vendor : { ...vendor, key: { source: 'file', key } };
  const failure = await check(tested, options, context);

  const store = await context.stores.openSettings();
  const placed =
    key === undefined
      ? undefined
      : await placeKey(key, context.stores.keychainAccount({ vendor: name }), options.keychain, context);
  const { key: __, ...withoutKey } = entry;
  const kept: VendorEntry = typeof placed?.stored === 'object' ? { ...withoutKey, keychain: placed.stored.keychain } : entry;
  await store.update('vendors', (all) => ({ ...(isEntries(all) ? all : {}), [name]: kept }));
  await forgetKeys([stored], context, kept);
  const place = placed?.place === undefined ? '' : `, in ${placed.place}`;
  print(`stored ${vendor.label}${key === undefined ? '' : ` with the key ${maskKey(key)}${place}`} in ${store.path}`);
  if (failure !== undefined)
    print(`warning: the key could not be checked: ${failure.message}; check it later: orx vendors test ${name}`);
  if (key !== undefined && vendor.key?.source === 'environment')
    print(`warning: ${vendor.key.name} is set in the environment and overrides the stored key`);
  if (vendor.isKeyForOtherHost === true)
    print(`warning: the stored key of ${vendor.label} is for a different host, and is not sent to this one`);
  const asked = directId({ vendor: name, model: vendor.defaultModel ?? '<model>' });
  if (vendor.key !== undefined || vendor.isKeyOptional === true) print(`ask it: orx chat -m ${asked}`);
  return 0;
}

async function readKey(
  { key: way, settings, name }: VendorAddOptions,
  vendor: ConfiguredVendor,
  context: Context,
): Promise<string | undefined> {
  if (way === 'none') return undefined;
  if (way === 'take') {
    const [line = ''] = ((await context.terminal.readStdin({ words: [], isQuiet: true, silenceMs: SILENCE_MS })) ?? '').split(
      '\n',
    );
    return line.trim() === '' ? undefined : apiKey(line);
  }
  const { ask } = await context.apis.for(settings).openLogin();
  const isOptional = vendor.isKeyOptional === true;
  const text = await ask(way === 'read' ? '' : `key of ${vendor.label} (not shown${isOptional ? '; Enter for none' : ''}): `);
  if (text.trim() !== '') return apiKey(text);
  if (isOptional && way === 'ask') return undefined;
  throw way === 'ask'
    ? usageError('no key given', `try again: orx vendors add ${name}`)
    : usageError('no key on standard input', `pipe the key in: pass show ${name} | orx vendors add ${name}`);
}

/** Checks the key. Throws kind `authentication` if the vendor rejects it; returns other failures. */
async function check(vendor: ConfiguredVendor, { settings }: VendorAddOptions, context: Context): Promise<OrxError | undefined> {
  if (vendor.key === undefined && vendor.isKeyOptional !== true) return undefined;
  try {
    const api = await context.apis.for(settings).openVendor(vendor);
    await api.fetchModels({ signal: context.lifetime.interrupt });
    return undefined;
  } catch (error) {
    if (!(error instanceof OrxError) || error.kind === 'interrupted' || error.kind === 'usage') throw error;
    if (error.kind !== 'authentication' && error.status !== 403) return error;
    const reason =
      vendor.key === undefined
        ? `${vendor.label} requires a key; nothing was stored`
        : `${vendor.label} rejected this key; it was not stored`;
    throw withFacts(error, {
      what: reason,
      why: error.why ?? error.message,
      kind: 'authentication',
      code: 'key-refused',
      hints: [
        `check the base URL (now ${vendor.baseUrl}): orx vendors add ${vendor.name} --base-url URL`,
        `store another key: orx vendors add ${vendor.name}`,
      ],
      cause: error,
    });
  }
}

/** Returns the stored vendors. If the setting contains something else, returns none, so that the added vendor replaces it. */
function readableEntries({ stores }: Context): VendorEntries {
  try {
    return stores.vendorEntries();
  } catch (error) {
    if (error instanceof OrxError && error.code === 'vendors-unreadable') return new Map();
    throw error;
  }
}

function isEntries(stored: unknown): stored is Record<string, unknown> {
  return typeof stored === 'object' && stored !== null && !Array.isArray(stored);
}

function needsAddress(name: string): OrxError {
  return usageError(
    `unknown vendor ${name}: a base URL is needed`,
    `add it with its URL: orx vendors add ${name} --base-url http://localhost:8000/v1`,
    'list the known vendors: orx vendors list',
  );
}

function withoutAbsent<T extends object>(object: T): T {
  return Object.fromEntries(Object.entries(object).filter(([, value]) => value !== undefined)) as T;
}
