import { parseExact } from '../../text/exact-json.ts';
import { asObject, type WireObject } from './wire-value.ts';

/**
 * Returns the arguments of a call as an object, for vendors that take no text: numbers stay as the model wrote them (write the body with
 * exactJson). What is no object of JSON becomes an empty one, as core/request/replay sends it to all.
 */
export function callArguments(text: string): WireObject {
  try {
    return asObject(parseExact(text)) ?? {};
  } catch {
    return {};
  }
}
