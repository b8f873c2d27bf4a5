import { type ApiServer, sendJson, startApiServer } from '../api-server.ts';
import type { Json, Spoken, Wire } from './spoken.ts';

export interface FakeVendor {
  server: ApiServer;
  /** Bodies of the completion requests, in order. */
  bodies: readonly Json[];
  /** Reasons to reject them. */
  faults: readonly string[];
  /** Reasoning missing from them. */
  losses: readonly string[];
}

/**
 * Starts a vendor on a loopback port. It answers with the result of `next` in its own wire format and, like the real vendor, rejects requests that
 * break its rules. Lists of models are empty.
 */
export async function startFakeVendor(wire: Wire, next: () => Spoken | 'down'): Promise<FakeVendor> {
  const bodies: Json[] = [];
  const faults: string[] = [];
  const losses: string[] = [];
  const server = await startApiServer((request, response) => {
    if (request.method !== 'POST') return sendJson(response, 200, { data: [], models: [] });
    const body = request.json();
    // An approximate count.
    if (request.url.endsWith('/count_tokens'))
      return sendJson(response, 200, { input_tokens: Math.ceil(request.body.length / 4) });
    bodies.push(body);
    const found = wire.faults(body);
    faults.push(...found);
    losses.push(...wire.losses(body));
    if (found.length > 0) return sendJson(response, 400, { error: { type: 'invalid_request_error', message: found.join('; ') } });
    const answer = next();
    if (answer === 'down') return sendJson(response, 503, { error: { type: 'overloaded_error', message: 'down' } });
    response.writeHead(200, { 'content-type': 'text/event-stream' });
    for (const piece of wire.reply(answer, body)) response.write(piece);
    response.end();
  });
  return { server, bodies, faults, losses };
}
