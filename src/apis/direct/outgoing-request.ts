import { exactJson } from '../../text/exact-json.ts';
import type { ChatRequest } from '../completion.ts';
import type { Dialect, PassedRequest } from '../dialect.ts';
import { refuseUntranslated } from '../original-request.ts';
import type { Vendor } from '../vendors.ts';
import { encodeFor } from './encode-for.ts';

/** A request as it is sent to a vendor. */
export interface OutgoingRequest extends PassedRequest {
  /** Requested settings that are omitted, in words for the user. */
  dropped: readonly string[];
  /** The request is the client's own, and the reply can be forwarded unchanged. */
  isPassed: boolean;
}

/**
 * Returns the request for a vendor. A body in the vendor's own dialect is sent as the client wrote it, not normalized: the vendor
 * treats it like a direct request, its signatures stay valid, and a prefix that is in a cache stays identical to the byte.
 */
export function outgoingRequest(request: ChatRequest, dialect: Dialect, vendor: Vendor): OutgoingRequest {
  const { original } = request;
  const passed = original?.dialect === dialect.name ? dialect.passOn?.(request, original, vendor) : undefined;
  if (passed !== undefined) {
    const { path, headers, text, dropped = [] } = passed;
    return { path, headers, text, dropped, isPassed: true };
  }
  refuseUntranslated(request, vendor.label);
  const { path, headers, body, dropped } = encodeFor(request, dialect, vendor);
  return { path, headers, text: exactJson(body), dropped, isPassed: false };
}
