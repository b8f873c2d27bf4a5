import { encodeChatRequest } from '../../src/apis/chat-completions/encode-chat-request.ts';
import type { ChatRequest } from '../../src/apis/completion.ts';
import { findVendor, type Vendor } from '../../src/apis/vendors.ts';

/** A host of chat completions about which only the URL is known. */
export const PLAIN_HOST: Vendor = {
  name: 'host',
  label: 'Host',
  dialect: 'chat-completions',
  baseUrl: 'http://localhost:1/v1',
  baseUrlVariables: [],
  keyVariables: [],
};

/**
 * Returns the request body as a vendor of the table receives it, after a round trip through JSON, and the fields that were left out.
 */
export function encodeFor(vendor: string | Vendor, request: Partial<ChatRequest>): { body: any; dropped: readonly string[] } {
  const row = typeof vendor === 'string' ? findVendor(vendor)! : vendor;
  const question = { role: 'user', content: 'hi' } as const;
  const { body, dropped } = encodeChatRequest({ model: 'm', messages: [question], stream: true, ...request }, row);
  return { body: JSON.parse(JSON.stringify(body)), dropped };
}
