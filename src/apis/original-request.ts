import type { ChatRequest } from './completion.ts';
import { OrxError } from '../errors.ts';

/** Throws status 400 where a request asks for something that only the dialect in which it came can ask for. `label` names who is asked in another one. */
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
