import { OrxError } from '../errors.ts';
import type { Exchange } from './exchange.ts';
import { sendJson } from './write-reply.ts';

/** GET /health: the process lives. */
export async function tellHealth({ response, headers }: Exchange): Promise<void> {
  sendJson(response, 200, { status: 'ok' }, headers);
}

/** GET /ready: requests can be answered; status 503 when not. */
export async function tellReadiness({ served, response, headers }: Exchange): Promise<void> {
  const isReady = served.isReady();
  sendJson(response, isReady ? 200 : 503, { status: isReady ? 'ready' : 'not ready' }, headers);
}

/** GET /metrics: what was measured, for Prometheus. */
export async function tellMetrics({ served, response, headers }: Exchange): Promise<void> {
  if (served.metrics === undefined)
    throw new OrxError('metrics are turned off in this gateway', { kind: 'no-endpoint', code: 'not_found', status: 404 });
  const text = await served.metrics();
  response.writeHead(200, {
    'content-type': 'text/plain; version=0.0.4; charset=utf-8',
    'content-length': Buffer.byteLength(text),
    'x-content-type-options': 'nosniff',
    ...headers,
  });
  response.end(text);
}
