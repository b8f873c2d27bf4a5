import type { ConnectionSettings } from '../../core/settings/groups.ts';
import { VERSION } from '../../version.ts';

/** Which API a stored catalogue is of. The sandbox's catalogue changes with orx's version, its address with every run. */
export function catalogueSource(settings: Pick<ConnectionSettings, 'sandbox' | 'base-url'>): string {
  return settings.sandbox ? `sandbox ${VERSION}` : settings['base-url'];
}
