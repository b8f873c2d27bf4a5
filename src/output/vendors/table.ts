import type { ConfiguredVendor } from '../../core/vendors/resolve-vendor.ts';
import { maskKey } from '../text/error.ts';
import { countText } from '../text/number.ts';
import { visibleLine } from '../text/visible.ts';
import type { Cell, Table } from '../table/table.ts';

/** A vendor with its current state. */
export interface VendorRow {
  vendor: ConfiguredVendor;
  /** `running` and `not-running` are states of local servers. */
  state: 'ready' | 'no-key' | 'key-for-other-host' | 'unreadable' | 'running' | 'not-running';
  /** The number of models of a running local server. */
  models?: number;
}

export function vendorsTable(rows: readonly VendorRow[]): Table {
  return {
    columns: [
      { heading: 'vendor', align: 'left', dropOrder: 0 },
      { heading: 'state', align: 'left', dropOrder: 0, cut: 'end' },
      { heading: 'key', align: 'left', dropOrder: 1 },
      { heading: 'address', align: 'left', dropOrder: 3 },
      { heading: 'default model', align: 'left', dropOrder: 2, cut: 'model' },
    ],
    rows: rows.map((row) => [
      { text: visibleLine(row.vendor.name), tone: isUsable(row) ? 'accent' : 'dim' },
      stateCell(row),
      { text: keyText(row.vendor), tone: 'dim' },
      { text: addressText(row.vendor), tone: row.vendor.baseUrlSource.source === 'default' ? 'dim' : undefined },
      { text: isUsable(row) ? visibleLine(row.vendor.defaultModel ?? '–') : '', tone: 'dim' },
    ]),
  };
}

/** Returns the rows as data, with masked keys. */
export function vendorsJson(rows: readonly VendorRow[]): readonly Record<string, unknown>[] {
  return rows.map(({ vendor, state, models }) => ({
    name: vendor.name,
    label: vendor.label,
    dialect: vendor.dialect,
    base_url: vendor.baseUrl,
    base_url_source: vendor.baseUrlSource,
    key: vendor.key !== undefined && 'key' in vendor.key ? maskKey(vendor.key.key) : null,
    key_source: vendor.key?.source ?? null,
    key_variables: vendor.keyVariables,
    default_model: vendor.defaultModel ?? null,
    is_local: vendor.isLocal === true,
    is_custom: vendor.isCustom,
    state,
    models: models ?? null,
  }));
}

function isUsable({ state }: VendorRow): boolean {
  return state === 'ready' || state === 'running';
}

function stateCell({ vendor, state, models }: VendorRow): Cell {
  switch (state) {
    case 'ready':
      return { text: 'ready' };
    case 'running':
      return { text: `running, ${countText(models ?? 0)} ${models === 1 ? 'model' : 'models'}` };
    case 'not-running':
      return { text: 'not running', tone: 'dim' };
    case 'key-for-other-host':
      return { text: 'stored key is for another host', tone: 'warning' };
    case 'unreadable':
      return { text: visibleLine(vendor.fault?.message ?? 'cannot be read'), tone: 'warning' };
    case 'no-key':
      return { text: `no key${vendor.keyVariables[0] === undefined ? '' : `: ${vendor.keyVariables[0]}`}`, tone: 'dim' };
  }
}

function keyText({ key, isKeyOptional }: ConfiguredVendor): string {
  switch (key?.source) {
    case undefined:
      return isKeyOptional === true ? 'none needed' : '–';
    case 'environment':
      return `${maskKey(key.key)} ${key.name}`;
    case 'file':
      return `${maskKey(key.key)} stored`;
    case 'keychain':
      return 'in the keychain';
    case 'command':
      return visibleLine(`from: ${key.command}`);
  }
}

function addressText({ baseUrl, baseUrlSource }: ConfiguredVendor): string {
  return visibleLine(baseUrlSource.source === 'environment' ? `${baseUrl} ${baseUrlSource.name}` : baseUrl);
}
