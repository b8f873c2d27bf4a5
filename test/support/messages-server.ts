import type { ServerResponse } from 'node:http';
import { type ApiServer, answerPieces, sendJson, type SeenRequest, sendPieces, startApiServer } from './api-server.ts';

/** Answers a message request. `model` is the requested name. */
export type MessageHandler = (request: SeenRequest, response: ServerResponse, model: string) => void | Promise<void>;

const event = (wire: { type: string } & Record<string, unknown>): string =>
  `event: ${wire.type}\ndata: ${JSON.stringify(wire)}\n\n`;

/** Returns the first event of a message: at the listed prices of Claude Sonnet 4.6 the prompt costs $0.004065. */
export function messageStart(model: string): string {
  const usage = { input_tokens: 1200, cache_read_input_tokens: 300, cache_creation_input_tokens: 100, output_tokens: 1 };
  const message = { id: 'msg_1', type: 'message', role: 'assistant', model, content: [], stop_reason: null, usage };
  const block = { type: 'content_block_start', index: 0, content_block: { type: 'text', text: '' } };
  return event({ type: 'message_start', message }) + event(block);
}

export function messageText(text: string): string {
  return event({ type: 'content_block_delta', index: 0, delta: { type: 'text_delta', text } });
}

/** Returns the last events: with 340 output tokens the whole answer costs $0.009165. */
export function messageEnd(): string {
  return (
    event({ type: 'content_block_stop', index: 0 }) +
    event({ type: 'message_delta', delta: { stop_reason: 'end_turn' }, usage: { output_tokens: 340 } }) +
    event({ type: 'message_stop' })
  );
}

export function messageError(type: string, message: string): string {
  return event({ type: 'error', error: { type, message } });
}

export const MESSAGE_COST = '0.009165';

/** Sends a complete answer. */
export const sayMessage =
  (text: string): MessageHandler =>
  (_, response, model) =>
    sendPieces(response, [messageStart(model), messageText(text.slice(0, 4)), messageText(text.slice(4)), messageEnd()]);

/** Sends an error in the vendor's words. */
export const refuseMessage =
  (status: number, type: string, message: string, headers: Record<string, string> = {}): MessageHandler =>
  (_, response) =>
    sendJson(response, status, { type: 'error', error: { type, message } }, headers);

export interface MessagesServer extends ApiServer {
  /** Environment that points the vendor and OpenRouter to this server, each with a key. */
  env: Record<string, string>;
  /** The message requests. */
  messages: () => SeenRequest[];
}

export const VENDOR_KEY = 'sk-ant-api03-0123456789abcdef0123456789';

/** Starts a vendor with Anthropic's Messages API and, on the same server, OpenRouter, which answers "Routed." for $0.0004. */
export async function startMessagesServer(handler: MessageHandler): Promise<MessagesServer> {
  const isMessage = ({ method, url }: SeenRequest): boolean => method === 'POST' && url.endsWith('/messages');
  const server = await startApiServer((request, response) => {
    if (isMessage(request)) return handler(request, response, request.json().model);
    if (request.method === 'POST') return sendPieces(response, answerPieces(['Routed.'], 0.0004));
    if (!request.url.startsWith('/v1/models')) return sendJson(response, 200, { data: [] });
    const model = {
      type: 'model',
      id: 'claude-sonnet-4-6',
      display_name: 'Claude Sonnet 4.6',
      created_at: '2026-02-01T00:00:00Z',
    };
    return sendJson(response, 200, { data: [model], has_more: false });
  });
  return {
    ...server,
    env: {
      ANTHROPIC_BASE_URL: server.origin,
      ANTHROPIC_API_KEY: VENDOR_KEY,
      OPENROUTER_BASE_URL: server.url,
      OPENROUTER_API_KEY: 'sk-or-v1-0123456789abcdef0123456789abcdef',
      ORX_RETRIES: '0',
    },
    messages: () => server.requests.filter(isMessage),
  };
}
