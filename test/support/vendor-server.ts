import { onTestFinished } from 'vitest';
import { loadVendorDialects, type VendorDialects } from '../../src/apis/direct/dialects.ts';
import { createVendorApi, type VendorApi } from '../../src/apis/direct/vendor-api.ts';
import { findVendor, type Vendor } from '../../src/apis/vendors.ts';
import type { CompletionEvent } from '../../src/apis/completion.ts';
import { type Answer, EMPTY_ANSWER, reduceAnswer } from '../../src/core/answer/answer.ts';
import { createHttpClient } from '../../src/http/client.ts';
import { type ApiServer, type Handler, startApiServer } from './api-server.ts';

export interface VendorServer {
  api: VendorApi;
  server: ApiServer;
  vendor: Vendor;
}

/** Opens a vendor's API as orx does, with a test server in place of the vendor. Closes it at the end of the test. */
export async function openVendorServer(
  name: string,
  handler: Handler,
  {
    apiKey,
    path = '/v1',
    dialects,
    ...changes
  }: Partial<Vendor> & { apiKey?: string; path?: string; dialects?: VendorDialects } = {},
): Promise<VendorServer> {
  const server = await startApiServer(handler);
  const http = createHttpClient({ limits: { connectMs: 30_000, firstByteMs: 30_000, idleMs: 30_000 }, env: {} });
  onTestFinished(() => http.close());
  const vendor: Vendor = { ...findVendor(name)!, ...changes, baseUrl: `${server.origin}${path}` };
  const { dialect, dialectOf } = dialects ?? (await loadVendorDialects(vendor));
  const api = createVendorApi({ vendor, dialect, dialectOf, http, apiKey, userAgent: 'orx/test', now: () => 1_780_000_000_000 });
  return { api, server, vendor };
}

/** Returns the whole answer of a stream. Throws the stream's error. */
export async function answerOf(stream: AsyncIterable<CompletionEvent>): Promise<Answer> {
  let answer = EMPTY_ANSWER;
  for await (const event of stream) answer = reduceAnswer(answer, event);
  return answer;
}
