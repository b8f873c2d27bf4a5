import { type DoctorCheck, failedCheck, okCheck, warningCheck } from './check.ts';

/** Compares the version of Node with the oldest one that orx supports, both as `20.18.0`. */
export function nodeCheck(version: string, oldest: string): DoctorCheck {
  const [own, required] = [version, oldest].map((text) => text.split('.').map(Number)) as [number[], number[]];
  const at = required.findIndex((part, index) => (own[index] ?? 0) !== part);
  const isOld = at !== -1 && (own[at] ?? 0) < required[at]!;
  if (!isOld) return okCheck('node', version);
  return failedCheck('node', `${version}; orx needs ${oldest} or newer`, 'install a current version: npx n lts');
}

const DAY_MS = 24 * 60 * 60_000;
const OLD_MS = 7 * DAY_MS;

/** Judges the stored catalog. Undefined: there is none. */
export function catalogueCheck(stored: { ageMs: number; models: number } | undefined): DoctorCheck {
  const refresh = 'read the models again: orx models --refresh';
  if (stored === undefined)
    return warningCheck('catalog', 'no stored copy; --offline and tab completion have no models', refresh);
  const { ageMs, models } = stored;
  const days = Math.floor(ageMs / DAY_MS);
  const content = `${models} ${models === 1 ? 'model' : 'models'}, ${days === 0 ? 'less than a day' : days === 1 ? '1 day' : `${days} days`} old`;
  return ageMs > OLD_MS ? warningCheck('catalog', content, refresh) : okCheck('catalog', content);
}
