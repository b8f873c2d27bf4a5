import type { CacheControl } from '../../../apis/request-parameters.ts';
import { type Fields, isFields } from '../fields.ts';

/** `cache_control` of a body or a block. A form that orx does not know is left to the vendor that does. */
export function parseCacheControl(fields: Fields): CacheControl | undefined {
  const control = fields.get('cache_control');
  if (!isFields(control) || control['type'] !== 'ephemeral') return undefined;
  const { ttl } = control;
  return { type: 'ephemeral', ...((ttl === '5m' || ttl === '1h') && { ttl }) };
}
