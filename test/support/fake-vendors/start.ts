import { type ApiServer, sendJson, startApiServer } from '../api-server.ts';
import type { Json, Spoken, Wire } from './spoken.ts';

export interface FakeVendor {
  server: ApiServer;
  /** Bodies of the requests for an answer, in order. */
  bodies: readonly Json[];
  /** What was wrong with them. */
  faults: readonly string[];
  /** What they had lost. */
  losses: readonly string[];
}

/**
 * A vendor on a loopback port: it answers with what `next` says, in its own wire, and refuses what breaks its rules, as the real one would.
 * Lists of models are empty.
 */
export async function startFakeVendor(wire: Wire, next: () => Spoken | 'down'): Promise<FakeVendor> {
  const bodies: Json[] = [];
  const faults: string[] = [];
  const losses: string[] = [];
  const server = await startApiServer((request, response) => {
    if (request.method !== 'POST') return sendJson(response, 200, { data: [], models: [] });
    const body = request.json();
    // About as many as there are.
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
