import type { CacheControl } from '../../../apis/request-parameters.ts';
import { type Fields, isFields } from '../fields.ts';

/**
 * Parses `cache_control` of a body or a block. Unknown forms are ignored here, and reach a vendor of the same dialect in the
 * original body.
 */
export function parseCacheControl(fields: Fields): CacheControl | undefined {
  const control = fields.get('cache_control');
  if (!isFields(control) || control['type'] !== 'ephemeral') return undefined;
  const { ttl } = control;
  return { type: 'ephemeral', ...((ttl === '5m' || ttl === '1h') && { ttl }) };
}
