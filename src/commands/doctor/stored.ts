import { basename } from 'node:path';
import { type DoctorCheck, checkOfError, failedCheck, okCheck, skippedCheck, warningCheck } from '../../core/doctor/check.ts';
import type { StoredFolderFacts } from '../../core/doctor/judge-files.ts';
import { catalogueCheck } from '../../core/doctor/judge-machine.ts';
import type { ConnectionSettings } from '../../core/settings/groups.ts';
import { OrxError } from '../../errors.ts';
import type { Context } from '../context.ts';
import { withinLimit } from './within-limit.ts';

/** Checks the stored catalog, without a request. */
export async function storedCatalogueCheck(settings: ConnectionSettings, context: Context): Promise<DoctorCheck> {
  if (settings.sandbox) return skippedCheck('catalog', 'the sandbox has its own');
  try {
    const { value } = await withinLimit(context, (signal) => context.apis.for(settings).readCatalogue({ offline: true, signal }));
    return catalogueCheck({ ageMs: value.ageMs, models: value.catalogue.models.length });
  } catch (error) {
    context.lifetime.interrupt.throwIfAborted();
    return error instanceof OrxError && error.kind === 'network' ? catalogueCheck(undefined) : checkOfError('catalog', error);
  }
}

/** Opens the ledger as every command does, which finds damage, and reads a small one completely. Creates none. */
export async function ledgerCheckOf(
  settings: ConnectionSettings,
  folders: readonly StoredFolderFacts[],
  context: Context,
): Promise<DoctorCheck> {
  const name = settings.sandbox ? 'ledger-sandbox.db' : 'ledger.db';
  const exists = folders.some(({ holds, files }) => holds === 'data' && files.some(({ path }) => basename(path) === name));
  if (!exists) return okCheck('ledger', 'no requests recorded yet');
  const checkAll = 'check all of it: orx ledger check';
  try {
    const { value: ledger } = await withinLimit(context, () =>
      context.stores.for(settings).openLedger({ isThorough: 'if-small' }),
    );
    const [damage] = ledger.damage;
    if (damage !== undefined) return failedCheck('ledger', damage, checkAll);
    const [notice] = ledger.notices;
    if (notice === undefined) return okCheck('ledger', 'no damage found');
    return ledger.isIncomplete ? warningCheck('ledger', notice, checkAll) : failedCheck('ledger', notice, checkAll);
  } catch (error) {
    context.lifetime.interrupt.throwIfAborted();
    return checkOfError('ledger', error);
  }
}
