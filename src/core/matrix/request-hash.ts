import type { ChatRequest } from '../../apis/completion.ts';
import { requestKey } from '../answer-cache/request-key.ts';

/** 128 bits: no two requests of any file share them by accident. */
const DIGITS = 32;

/**
 * Returns the key of a request in a journal: a hash of everything that goes to the model and of the API's address, and the number
 * of the repetition. It does not depend on the position of the request in a file.
 */
export function requestHash(request: ChatRequest, address: string, repetition: number): string {
  return `${requestKey(request, address).slice(0, DIGITS)}-${repetition}`;
}
