import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { onTestFinished } from 'vitest';

/** A request as the server received it. */
export interface SeenRequest {
  method: string;
  url: string;
  headers: IncomingMessage['headers'];
  body: string;
  json: () => any;
  /** Resolves when the client has disconnected or the exchange is complete. */
  closed: Promise<void>;
}

export type Handler = (request: SeenRequest, response: ServerResponse) => void | Promise<void>;

export interface ApiServer {
  /** Base URL with `/api/v1`. */
  url: string;
  origin: string;
  requests: SeenRequest[];
  /** Total number of connections opened so far. */
  connections: () => number;
}

/** Starts a real HTTP server on a loopback port that closes at the end of the test. `handler` answers every request. */
export async function startApiServer(handler: Handler): Promise<ApiServer> {
  const requests: SeenRequest[] = [];
  let connections = 0;
  const server = createServer((incoming, response) => {
    const pieces: Buffer[] = [];
    incoming.on('data', (piece: Buffer) => pieces.push(piece));
    incoming.on('end', () => {
      const body = Buffer.concat(pieces).toString();
      const seen: SeenRequest = {
        method: incoming.method ?? '',
        url: incoming.url ?? '',
        headers: incoming.headers,
        body,
        json: () => JSON.parse(body),
        closed: new Promise((resolve) => response.on('close', resolve)),
      };
      requests.push(seen);
      void Promise.resolve(handler(seen, response)).catch((error: unknown) => response.destroy(error as Error));
    });
  });
  // On a busy machine the program may send its next request at the moment at which an idle connection is closed.
  server.keepAliveTimeout = 0;
  server.on('connection', () => (connections += 1));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(async () => {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  });
  const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return { url: `${origin}/api/v1`, origin, requests, connections: () => connections };
}

/** A gate that a server waits at until the test opens it. */
export interface Gate {
  opened: Promise<void>;
  open: () => void;
}

export function newGate(): Gate {
  let open = (): void => undefined;
  const opened = new Promise<void>((resolve) => (open = resolve));
  return { opened, open };
}

/** Sends a JSON body. */
export function sendJson(response: ServerResponse, status: number, body: unknown, headers: Record<string, string> = {}): void {
  response.writeHead(status, { 'content-type': 'application/json', ...headers });
  response.end(typeof body === 'string' ? body : JSON.stringify(body));
}

/** Sends server-sent events in the given pieces, one write each, and ends the response. */
export async function sendPieces(
  response: ServerResponse,
  pieces: readonly (string | Uint8Array)[],
  /** `gate`: the pieces after the first one are sent only once the gate is open. */
  options: { pauseMs?: number; end?: boolean; gate?: Gate | undefined } = {},
): Promise<void> {
  response.writeHead(200, { 'content-type': 'text/event-stream' });
  for (const piece of pieces) {
    response.write(piece);
    await options.gate?.opened;
    await new Promise((resolve) =>
      options.pauseMs === undefined ? setImmediate(resolve) : setTimeout(resolve, options.pauseMs),
    );
  }
  if (options.end !== false) response.end();
}

/** Returns one wire chunk of a streamed completion. */
export function chunk(
  delta: Record<string, unknown>,
  extra: Record<string, unknown> = {},
  choice: Record<string, unknown> = {},
): string {
  return `data: ${JSON.stringify({
    id: 'gen-1',
    object: 'chat.completion.chunk',
    created: 1_780_000_000,
    model: 'test/model',
    provider: 'TestProvider',
    choices: [{ index: 0, delta, finish_reason: null, native_finish_reason: null, ...choice }],
    ...extra,
  })}\n\n`;
}

/** Returns a complete, well-formed stream that says `texts`, with a usage chunk and `[DONE]`. */
export function answerPieces(texts: readonly string[], cost = 0.000412): string[] {
  return [
    ': OPENROUTER PROCESSING\n\n',
    ...texts.map((content) => chunk({ role: 'assistant', content })),
    chunk({ content: '' }, {}, { finish_reason: 'stop', native_finish_reason: 'stop' }),
    chunk(
      { content: '' },
      {
        usage: {
          prompt_tokens: 1204,
          completion_tokens: 340,
          total_tokens: 1544,
          cost,
          is_byok: false,
          prompt_tokens_details: { cached_tokens: 1100 },
          completion_tokens_details: { reasoning_tokens: 0 },
        },
      },
      { finish_reason: 'stop', native_finish_reason: 'stop' },
    ),
    'data: [DONE]\n\n',
  ];
}
