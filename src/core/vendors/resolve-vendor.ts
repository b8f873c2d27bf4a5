import { findVendor, type Vendor, VENDORS } from '../../apis/vendors.ts';
import { OrxError, usageError } from '../../errors.ts';
import { httpUrl } from '../settings/parsers.ts';
import { nearestWord } from '../text/near-names.ts';
import { ollamaAddress } from './ollama-address.ts';
import { isOwnHost } from './own-host.ts';
import type { VendorEntries, VendorEntry } from './vendor-entry.ts';

type Environment = Readonly<Record<string, string | undefined>>;

/** The source of a vendor's key. A command runs, and the system keychain is read, when the key is needed. */
export type KeySource =
  | { source: 'environment'; name: string; key: string }
  | { source: 'file'; key: string }
  | { source: 'command'; command: string }
  | { source: 'keychain'; account: string };

/** A vendor as configured on this machine: the table, the stored entry and the environment combined. */
export interface ConfiguredVendor extends Vendor {
  /** The vendor is not in orx's table. */
  isCustom: boolean;
  baseUrlSource: { source: 'default' | 'file' } | { source: 'environment'; name: string };
  key?: KeySource | undefined;
  /** A key is stored, but for another host. */
  isKeyForOtherHost?: boolean | undefined;
  /** The entry comes from a configuration file of the gateway, whose address wins over the environment. */
  isFixed?: boolean | undefined;
  /** The stored entry, or the variable with its address, is invalid: the vendor cannot be used. */
  fault?: OrxError | undefined;
}

/** Returns all vendors: first those of the table, then the user's own. An invalid one has a `fault` and does not affect the others. */
export function configuredVendors(entries: VendorEntries, env: Environment): ConfiguredVendor[] {
  const own = [...entries.keys()].filter((name) => findVendor(name) === undefined).toSorted();
  return [...VENDORS.map(({ name }) => name), ...own]
    .map((name) => configuredOrFaulty(name, entries, env))
    .filter((vendor) => vendor !== undefined);
}

function configuredOrFaulty(name: string, entries: VendorEntries, env: Environment): ConfiguredVendor | undefined {
  try {
    return configureVendor(name, entries, env);
  } catch (error) {
    if (!(error instanceof OrxError)) throw error;
    const vendor: Vendor = findVendor(name) ?? customVendor(name, { baseUrl: 'http://localhost' })!;
    return {
      ...vendor,
      isCustom: findVendor(name) === undefined,
      baseUrlSource: { source: 'default' },
      key: environmentKey(vendor.keyVariables, env),
      fault: error,
    };
  }
}

/** Returns one vendor by its name or alias. Throws kind `usage` if its entry or its address is invalid. Undefined if no vendor has that name. */
export function configureVendor(name: string, entries: VendorEntries, env: Environment): ConfiguredVendor | undefined {
  const known = findVendor(name);
  const entry = entries.get(known?.name ?? name) ?? {};
  if (entry.fault !== undefined) throw entry.fault;
  const vendor = known ?? anotherOf(name, entry) ?? customVendor(name, entry);
  if (vendor === undefined) return undefined;
  const address = addressOf(vendor, entry, env);
  const found: ConfiguredVendor = {
    ...vendor,
    ...(entry.dialect !== undefined && { dialect: entry.dialect }),
    ...(entry.keyVariable !== undefined && { keyVariables: [entry.keyVariable] }),
    ...(entry.model !== undefined && { defaultModel: entry.model }),
    ...(entry.isFixed === true && { isFixed: true }),
    isCustom: known === undefined,
    ...address,
    // A remote host, such as Ollama's cloud, belongs to someone else: it may charge, and it receives the prompts.
    isLocal: vendor.isLocal === true && isOwnHost(new URL(address.baseUrl).hostname),
  };
  return { ...found, ...keyOf(found, entry, env) };
}

/** Returns one vendor by its name or alias. Throws kind `usage` if no vendor has that name. */
export function requireVendor(name: string, entries: VendorEntries, env: Environment): ConfiguredVendor {
  const vendor = configureVendor(name, entries, env);
  if (vendor !== undefined) return vendor;
  const names = [...VENDORS.map((one) => one.name), ...entries.keys()];
  const near = nearestWord(name.toLowerCase(), names);
  throw new OrxError(`unknown vendor ${name}`, {
    kind: 'no-endpoint',
    code: 'vendor-not-found',
    hints: [
      ...(near === undefined ? [] : [`did you mean ${near}?`]),
      'list the vendors: orx vendors list',
      `add a vendor with an OpenAI-compatible API: orx vendors add ${name} --base-url URL`,
    ],
  });
}

/** Returns whether a vendor can be used: it has a key, or was added as one that needs none. */
export function isInUse(vendor: ConfiguredVendor): boolean {
  if (vendor.fault !== undefined) return false;
  if (vendor.key !== undefined) return true;
  return vendor.isKeyOptional === true && vendor.baseUrlSource.source !== 'default';
}

/** Throws kind `authentication` for a vendor that needs a key and has none, kind `usage` for one whose entry is invalid. */
export function requireKeySource(vendor: ConfiguredVendor): void {
  if (vendor.fault !== undefined) throw vendor.fault;
  if (vendor.key !== undefined || (vendor.isKeyOptional === true && vendor.isKeyForOtherHost !== true)) return;
  const { name, label, keyVariables, baseUrl } = vendor;
  const [variable] = keyVariables;
  if (vendor.isKeyForOtherHost === true) {
    throw new OrxError(`the stored key of ${label} is for a different host, not ${new URL(baseUrl).host}`, {
      kind: 'authentication',
      code: 'key-for-other-host',
      hints: [
        `store the URL with a key: orx vendors add ${name} --base-url ${baseUrl}`,
        ...(variable === undefined ? [] : [`set the key for this host: export ${variable}=KEY`]),
      ],
    });
  }
  throw new OrxError(`no key for ${label}`, {
    kind: 'authentication',
    code: 'no-vendor-key',
    hints: [
      `${variable === undefined ? '' : `set ${variable}, or `}store a key: orx vendors add ${name}`,
      'see where keys are read from: orx vendors list',
    ],
  });
}

/** Returns another account or host of a vendor of the table, with its own key and address. */
function anotherOf(name: string, { like, baseUrl, keyVariable, ...entry }: VendorEntry): Vendor | undefined {
  const vendor = like === undefined ? undefined : findVendor(like);
  if (vendor === undefined) return undefined;
  const { aliases: _, ...row } = vendor;
  const hasKey = storedKey(entry) !== undefined || keyVariable !== undefined;
  return {
    ...row,
    name,
    label: `${row.label} (${name})`,
    like: vendor.name,
    baseUrlVariables: baseUrl === undefined ? row.baseUrlVariables : [],
    // Without its own key it uses the vendor's key, but only at the vendor's own address.
    keyVariables: hasKey || baseUrl !== undefined ? [] : row.keyVariables,
    isKeyOptional: row.isKeyOptional === true || (baseUrl !== undefined && !hasKey),
  };
}

/** Returns a vendor that the user added. Default: a host that implements OpenAI's chat completions. */
function customVendor(name: string, { baseUrl, dialect, keyVariable }: VendorEntry): Vendor | undefined {
  if (baseUrl === undefined) return undefined;
  return {
    name,
    label: name,
    dialect: dialect ?? 'chat-completions',
    baseUrl,
    baseUrlVariables: [],
    keyVariables: keyVariable === undefined ? [] : [keyVariable],
    isKeyOptional: true,
  };
}

function addressOf(
  vendor: Vendor,
  { baseUrl, isFixed }: VendorEntry,
  env: Environment,
): Pick<ConfiguredVendor, 'baseUrl' | 'baseUrlSource'> {
  const name = vendor.baseUrlVariables.find((variable) => (env[variable] ?? '') !== '');
  if (name !== undefined && (isFixed !== true || baseUrl === undefined)) {
    const text = vendor.name === 'ollama' ? ollamaAddress(env[name]!) : env[name]!;
    return { baseUrl: withPath(httpUrl(name)(text), vendor.apiPath), baseUrlSource: { source: 'environment', name } };
  }
  if (baseUrl !== undefined) return { baseUrl: withPath(baseUrl, vendor.apiPath), baseUrlSource: { source: 'file' } };
  return { baseUrl: vendor.baseUrl, baseUrlSource: { source: 'default' } };
}

/** Appends the path that the vendor's own SDK adds, if it is missing. */
function withPath(baseUrl: string, apiPath = ''): string {
  return baseUrl.endsWith(apiPath) ? baseUrl : baseUrl + apiPath;
}

/** Returns the key, or that a stored key belongs to another host. The environment wins over the stored key. */
function keyOf(
  vendor: ConfiguredVendor,
  entry: VendorEntry,
  env: Environment,
): Pick<ConfiguredVendor, 'key' | 'isKeyForOtherHost'> {
  const isGiven = entry.isFixed === true && (entry.key !== undefined || entry.keyCommand !== undefined);
  const key = isGiven ? undefined : environmentKey(vendor.keyVariables, env);
  if (key !== undefined) return { key };
  const isForThisHost =
    (entry.keyOrigin ?? new URL(findVendor(vendor.like ?? vendor.name)?.baseUrl ?? vendor.baseUrl).origin) ===
    new URL(vendor.baseUrl).origin;
  const stored = storedKey(entry);
  if (stored === undefined) return {};
  return isForThisHost ? { key: stored } : { isKeyForOtherHost: true };
}

function storedKey({ key, keychain, keyCommand }: VendorEntry): KeySource | undefined {
  if (key !== undefined) return { source: 'file', key };
  if (keychain !== undefined) return { source: 'keychain', account: keychain };
  return keyCommand === undefined ? undefined : { source: 'command', command: keyCommand };
}

function environmentKey(variables: readonly string[], env: Environment): KeySource | undefined {
  const name = variables.find((variable) => (env[variable] ?? '').trim() !== '');
  return name === undefined ? undefined : { source: 'environment', name, key: env[name]!.trim() };
}

/** Throws a usage error for an address without TLS, unless it is on this machine or a configuration file names it in a private network. */
export function refuseReadable(
  { label, baseUrl, key, isFixed }: ConfiguredVendor,
  isAllowed: boolean,
  isLoopback: (host: string) => boolean,
): void {
  const { protocol, hostname } = new URL(baseUrl);
  if (protocol === 'https:' || isAllowed || isLoopback(hostname)) return;
  if (isFixed === true && isOwnHost(hostname)) return;
  throw usageError(
    `the base URL of ${label} (${baseUrl}) does not use TLS: ${key === undefined ? 'prompts' : 'key and prompts'} would be sent unencrypted`,
    'use https, or allow plain HTTP on a network that you trust: --allow-http',
  );
}
