import { configuredVendors } from '../../core/vendors/resolve-vendor.ts';
import { usageError } from '../../errors.ts';
import type { Context } from '../context.ts';
import { forgetKeys } from '../setup/store-key.ts';
import { parseVendorRemove, type VendorRemoveOptions } from './options.ts';

/** `orx vendors remove`: also removes an entry that cannot be read. */
export const removeVendor = { parse: parseVendorRemove, run: runRemove };

async function runRemove({ name }: VendorRemoveOptions, context: Context): Promise<number> {
  const store = await context.stores.openSettings();
  let wasThere = false;
  let removed: unknown;
  await store.update('vendors', (all) => {
    // A value that is not a set of entries cannot be used, so it is removed.
    const isDamaged = all !== undefined && (typeof all !== 'object' || all === null || Array.isArray(all));
    const entries = isDamaged ? {} : ((all ?? {}) as Record<string, unknown>);
    const stored = [name, name.toLowerCase()].find((one) => Object.hasOwn(entries, one));
    wasThere = isDamaged || stored !== undefined;
    removed = stored === undefined ? undefined : entries[stored];
    const rest = Object.fromEntries(Object.entries(entries).filter(([other]) => other !== stored));
    return Object.keys(rest).length === 0 ? undefined : rest;
  });
  if (!wasThere) throw usageError(`the vendor ${name} is not stored`, 'list the vendors: orx vendors list');
  await forgetKeys([removed], context);
  const { stderr } = context.terminal.streams;
  stderr.write(`removed everything stored for ${name}\n`);
  const left = configuredVendors(context.stores.vendorEntries(), context.env).find((vendor) => vendor.name === name);
  if (left?.key?.source === 'environment')
    stderr.write(`warning: ${left.key.name} is set in the environment: ${left.label} can still be used\n`);
  return 0;
}
