import type { ChatRequest } from './completion.ts';
import { OrxError } from '../errors.ts';

/**
 * Throws status 400 for a request with parts that only its own dialect supports. `label` names the vendor, which has another
 * dialect.
 */
export function refuseUntranslated({ original }: ChatRequest, label: string): void {
  const what = original?.untranslated?.[0];
  if (what === undefined) return;
  throw new OrxError(`${label} does not support ${what}`, {
    kind: 'usage',
    code: 'invalid_request',
    status: 400,
    hints: ['remove it, or use a vendor that supports it'],
  });
}
