import { OrxError } from '../../errors.ts';
import type { Exchange } from '../exchange.ts';
import { sendJson } from '../write-reply.ts';

/** Serves GET /health: the process is alive. */
export async function tellHealth({ response, headers }: Exchange): Promise<void> {
  sendJson(response, 200, { status: 'ok' }, headers);
}

/** Serves GET /ready: status 200 if requests can be answered, else 503. */
export async function tellReadiness({ served, response, headers }: Exchange): Promise<void> {
  const isReady = served.isReady();
  sendJson(response, isReady ? 200 : 503, { status: isReady ? 'ready' : 'not ready' }, headers);
}

/** Serves GET /metrics for Prometheus. */
export async function tellMetrics({ served, response, headers }: Exchange): Promise<void> {
  if (served.metrics === undefined)
    throw new OrxError('metrics are turned off in this gateway', { kind: 'usage', code: 'not_found', status: 404 });
  const text = await served.metrics();
  response.writeHead(200, {
    'content-type': 'text/plain; version=0.0.4; charset=utf-8',
    'content-length': Buffer.byteLength(text),
    'x-content-type-options': 'nosniff',
    ...headers,
  });
  response.end(text);
}
