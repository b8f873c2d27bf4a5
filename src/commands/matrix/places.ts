import { parseDirectId } from '../../apis/direct-id.ts';
import { findVendor } from '../../apis/vendors.ts';
import type { MatrixLane } from '../../core/matrix/cell.ts';
import type { ChatSettings } from '../../core/settings/groups.ts';
import type { Context } from '../context.ts';

/** Returns whether a model runs on a server of this machine. */
export function isLocalModel(model: string): boolean {
  const direct = parseDirectId(model);
  return direct !== undefined && isLocalConnection(direct.vendor);
}

/** Returns whether a connection leads to a server of this machine. */
export function isLocalConnection(connection: string): boolean {
  return findVendor(connection)?.isLocal === true;
}

/** Returns where the requests of a model go: lanes with one connection share its limits. */
export function placeOf(model: string, settings: ChatSettings, context: Context): Pick<MatrixLane, 'address' | 'connection'> {
  const own = settings.sandbox ? 'sandbox' : settings['base-url'];
  const vendor = settings.sandbox ? undefined : parseDirectId(model)?.vendor;
  if (vendor === undefined) return { address: own, connection: own };
  const known = context.apis.for(settings).vendors();
  return { address: known.find(({ name }) => name === vendor)?.baseUrl ?? vendor, connection: vendor };
}
