import { isInUse } from '../../core/vendors/resolve-vendor.ts';
import { OrxError } from '../../errors.ts';
import { vendorsJson, vendorsTable, type VendorRow } from '../../output/vendors/table.ts';
import type { ConfiguredVendor } from '../../core/vendors/resolve-vendor.ts';
import type { Context } from '../context.ts';
import { showJson, showTable } from '../show-table.ts';
import { parseVendorList, type VendorListOptions } from './options.ts';

/** A server on this machine answers at once, or it is not there. */
const PROBE_MS = 2_000;

/** `orx vendors list`: who can be asked. Servers on this machine are asked for their models; nobody else is. */
export const listVendors = { parse: parseVendorList, run: runList };

async function runList({ settings, isJson }: VendorListOptions, context: Context): Promise<number> {
  const vendors = context.apis.for(settings).vendors();
  const rows = await Promise.all(vendors.map(async (vendor): Promise<VendorRow> => ({ vendor, ...(await stateOf(vendor)) })));
  if (isJson) await showJson(context, [], vendorsJson(rows));
  else await showTable(context, { isSandbox: false, notes: [], table: () => vendorsTable(rows) });
  return 0;

  async function stateOf(vendor: ConfiguredVendor): Promise<Pick<VendorRow, 'state' | 'models'>> {
    if (vendor.fault !== undefined) return { state: 'unreadable' };
    if (vendor.isKeyForOtherHost === true) return { state: 'key-for-other-host' };
    if (vendor.isLocal !== true) return { state: isInUse(vendor) ? 'ready' : 'no-key' };
    // The port may be there and say nothing.
    const tooLate = new AbortController();
    const timer = setTimeout(() => tooLate.abort(new OrxError('no response', { kind: 'network' })), PROBE_MS);
    try {
      const api = await context.apis.for(settings).openVendor(vendor);
      const models = await api.listModels({ signal: AbortSignal.any([tooLate.signal, context.lifetime.interrupt]) });
      return { state: 'running', models: models.length };
    } catch (error) {
      context.lifetime.interrupt.throwIfAborted();
      return { state: error instanceof OrxError && error.kind === 'authentication' ? 'no-key' : 'not-running' };
    } finally {
      clearTimeout(timer);
    }
  }
}
