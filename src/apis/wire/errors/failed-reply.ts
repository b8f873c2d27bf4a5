import type { Vendor } from '../../vendors.ts';

/** An error reply, with or without an HTTP error status. */
export interface FailedReply {
  /** HTTP status; 200 when the error is in the body or stream of a successful reply. */
  status: number;
  /** The parsed body or chunk that contains `error`. */
  body: unknown;
  headers?: Readonly<Record<string, string>> | undefined;
  requestId?: string | undefined;
  /** A provider had already accepted the request: whatever the code says, the answer broke off. */
  afterCommit?: boolean | undefined;
  /** Current time in ms since 1970, to convert a reset time to a wait. Without it, reset times are ignored. */
  now?: number | undefined;
  /** The request asked for information instead of an answer: chat flags do not help. */
  isLookUp?: boolean | undefined;
  /** The vendor, for a direct request. */
  vendor?: Vendor | undefined;
}
