import { type ConfiguredVendor, isInUse, requireVendor } from '../../core/vendors/resolve-vendor.ts';
import { OrxError, usageError } from '../../errors.ts';
import { testedJson, testedTable, type TestedVendor } from '../../output/vendors/tested.ts';
import type { Context } from '../context.ts';
import { showJson, showTable } from '../show-table.ts';
import { parseVendorTest, type VendorTestOptions } from './options.ts';

/** `orx vendors test`: lists the models of each vendor. Tests all of them, then exits with the exit code of the first failure. */
export const testVendors = { parse: parseVendorTest, run: runTest };

async function runTest({ settings, names, isJson }: VendorTestOptions, context: Context): Promise<number> {
  const { vendorEntries } = context.stores;
  const vendors =
    names.length === 0
      ? context.apis
          .for(settings)
          .vendors()
          .filter((vendor) => isInUse(vendor) || vendor.fault !== undefined)
      : names.map((name) => requireVendor(name, vendorEntries(), context.env));
  if (vendors.length === 0)
    throw usageError('no vendor has a key', 'store a key: orx vendors add anthropic', 'list the vendors: orx vendors list');
  const tested = await Promise.all(vendors.map(testOne));
  if (isJson) await showJson(context, [], testedJson(tested));
  else await showTable(context, { isSandbox: false, notes: [], table: () => testedTable(tested) });
  const failed = tested.filter(({ error }) => error !== undefined);
  if (failed.length === 0) return 0;
  throw vendors.length === 1 ? failed[0]!.error : manyFailed(failed, vendors.length);

  async function testOne(vendor: ConfiguredVendor): Promise<TestedVendor> {
    const start = context.clock.monotonic();
    const taken = (): number => context.clock.monotonic() - start;
    try {
      const api = await context.apis.for(settings).openVendor(vendor);
      const models = await api.listModels({ signal: context.lifetime.interrupt });
      return { vendor, models: models.length, durationMs: taken() };
    } catch (error) {
      context.lifetime.interrupt.throwIfAborted();
      return { vendor, error, durationMs: taken() };
    }
  }
}

function manyFailed(failed: readonly TestedVendor[], of: number): OrxError {
  const first = failed.map(({ error }) => error).find((error) => error instanceof OrxError);
  return new OrxError(`${failed.length} of ${of} vendors failed`, {
    kind: first?.kind ?? 'unexpected',
    hints: [`show details of one: orx vendors test ${failed[0]!.vendor.name}`],
  });
}
