import type { Settings } from '../../core/settings/settings.ts';
import { VERSION } from '../../version.ts';

/** Which API a kept catalogue is of. The sandbox's catalogue changes with orx's version, its address with every run. */
export function catalogueSource(settings: Settings): string {
  return settings.sandbox ? `sandbox ${VERSION}` : settings['base-url'];
}
