import { OrxError, withFacts } from '../../errors.ts';
import type { Vendor } from '../vendors.ts';

/** Failures before a connection, which a wrong URL may cause. */
const ADDRESS_CODES: ReadonlySet<string | undefined> = new Set(['dns', 'refused']);

/** Returns the failure with hints for this vendor: --base-url only sets OpenRouter's URL. */
export function vendorUnreached(error: unknown, { name, label, baseUrl, isLocal }: Vendor): unknown {
  if (!(error instanceof OrxError) || error.kind !== 'network' || !ADDRESS_CODES.has(error.code)) return error;
  const first =
    isLocal === true
      ? `check that ${label} is running: orx vendors list`
      : 'check the network connection and the proxy: orx config get proxy';
  return withFacts(error, {
    hints: [first, `change the base URL (now ${baseUrl}): orx vendors add ${name} --base-url URL`],
    cause: error,
  });
}
