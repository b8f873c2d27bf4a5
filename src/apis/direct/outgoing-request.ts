import { exactJson } from '../../text/exact-json.ts';
import type { ChatRequest } from '../completion.ts';
import type { Dialect, PassedRequest } from '../dialect.ts';
import { refuseUntranslated } from '../original-request.ts';
import type { Vendor } from '../vendors.ts';
import { encodeFor } from './encode-for.ts';

/** A request on its way to a vendor. */
export interface OutgoingRequest extends PassedRequest {
  /** What was asked for and is left out, as the user reads it. */
  dropped: readonly string[];
  /** It is the client's own, and the reply can go to the client as it comes. */
  isPassed: boolean;
}

/**
 * The request as the vendor gets it. A body that came in the vendor's own dialect is passed on as it was written, not normalized: the vendor
 * judges it as if its client had asked directly, its signatures fit, and the start that a cache has seen before stays the same to the byte.
 */
export function outgoingRequest(request: ChatRequest, dialect: Dialect, vendor: Vendor): OutgoingRequest {
  const { original } = request;
  const passed = original?.dialect === dialect.name ? dialect.passOn?.(request, original, vendor) : undefined;
  if (passed !== undefined) return { ...passed, dropped: passed.dropped ?? [], isPassed: true };
  refuseUntranslated(request, vendor.label);
  const { path, headers, body, dropped } = encodeFor(request, dialect, vendor);
  return { path, headers, text: exactJson(body), dropped, isPassed: false };
}
