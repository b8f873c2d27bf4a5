import { OrxError } from '../../errors.ts';
import type { Vendor } from '../vendors.ts';

/** What goes wrong before there is a connection, where an address may be wrong. */
const ADDRESS_CODES: ReadonlySet<string | undefined> = new Set(['dns', 'refused']);

/** The same failure, with what to do at this vendor: its address is not OpenRouter's, which --base-url names. */
export function vendorUnreached(error: unknown, { name, label, baseUrl, isLocal }: Vendor): unknown {
  if (!(error instanceof OrxError) || error.kind !== 'network' || !ADDRESS_CODES.has(error.code)) return error;
  const first = isLocal === true ? `is ${label} running? servers that are: orx vendors list` : 'check the network and --proxy';
  return new OrxError(error.message, {
    ...error,
    hints: [first, `the address of ${label} is ${baseUrl}; another one: orx vendors add ${name} --base-url …`],
    cause: error,
  });
}
