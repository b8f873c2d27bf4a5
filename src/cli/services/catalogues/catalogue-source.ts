import type { ConnectionSettings } from '../../../core/settings/groups.ts';
import { VERSION } from '../../../version.ts';

/**
 * Returns the API that a stored catalogue belongs to. The sandbox's catalogue depends on the version of orx, and its URL changes
 * with every command.
 */
export function catalogueSource(settings: Pick<ConnectionSettings, 'sandbox' | 'base-url'>): string {
  return settings.sandbox ? `sandbox ${VERSION}` : settings['base-url'];
}
