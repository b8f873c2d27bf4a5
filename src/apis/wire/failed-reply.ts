import type { Vendor } from '../vendors.ts';

/** A reply that says no, with or without HTTP's help. */
export interface FailedReply {
  /** HTTP status; 200 when the error came in a good reply's body or stream. */
  status: number;
  /** The parsed body or chunk that holds `error`. */
  body: unknown;
  headers?: Readonly<Record<string, string>> | undefined;
  requestId?: string | undefined;
  /** A provider had accepted the request already: whatever the code says, the answer broke. */
  afterCommit?: boolean | undefined;
  /** Wall clock in ms, to turn a reset time into a wait; without it such a time is not used. */
  now?: number | undefined;
  /** No answer was asked for but facts: flags of a chat are no help. */
  isLookUp?: boolean | undefined;
  /** Who refused, where the vendor itself was asked. */
  vendor?: Vendor | undefined;
}
