import { parseExact } from '../../text/exact-json.ts';
import { asObject, type WireObject } from './wire-value.ts';

/**
 * Returns the arguments of a call as an object, for vendors that do not accept text. Numbers stay as the model wrote them (write
 * the body with exactJson). Anything but a JSON object becomes an empty object, as in core/request/replay.
 */
export function callArguments(text: string): WireObject {
  try {
    return asObject(parseExact(text)) ?? {};
  } catch {
    return {};
  }
}
