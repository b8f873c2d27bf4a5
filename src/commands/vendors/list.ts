import { isInUse } from '../../core/vendors/resolve-vendor.ts';
import { OrxError } from '../../errors.ts';
import { vendorsJson, vendorsTable, type VendorRow } from '../../output/vendors/table.ts';
import type { ConfiguredVendor } from '../../core/vendors/resolve-vendor.ts';
import type { Context } from '../context.ts';
import { showJson, showTable } from '../show-table.ts';
import { parseVendorList, type VendorListOptions } from './options.ts';

/** The timeout for a server on this machine, which answers at once if it is running. */
const PROBE_MS = 2_000;

/** `orx vendors list`: lists the vendors that can be used. Requests the models only of servers on this machine. */
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
    // A server may accept the connection and never answer.
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
