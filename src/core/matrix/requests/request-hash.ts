import type { ChatRequest } from '../../../apis/completion.ts';
import { requestKeys } from '../../answer-cache/request-key.ts';

/** 128 bits: no two requests of any file share them by accident. */
const DIGITS = 32;

/**
 * Returns the key of a request in a journal: a hash of everything that goes to the model and of the API's address, and the number
 * of the repetition. It does not depend on the position of the request in a file.
 */
export function requestHash(request: ChatRequest, address: string, repetition: number): string {
  return requestHashes(request, address)(request.messages, repetition);
}

/** Returns a function that returns the keys of requests that differ from this one only in their messages. */
export function requestHashes(
  request: Omit<ChatRequest, 'messages'>,
  address: string,
): (messages: ChatRequest['messages'], repetition: number) => string {
  const keyOf = requestKeys(request, address);
  return (messages, repetition) => `${keyOf(messages).slice(0, DIGITS)}-${repetition}`;
}
