import { type ApiServer, sendJson, startApiServer } from './api-server.ts';

/**
 * Starts a vendor with OpenAI's API on a loopback port: it accepts one key, lists models and gives the same answer to every request.
 */
export function startCompatible(
  key: string | undefined,
  models: readonly string[],
  says = 'From the compatible host.',
): Promise<ApiServer> {
  return startApiServer((request, response) => {
    if (key !== undefined && request.headers.authorization !== `Bearer ${key}`)
      return sendJson(response, 401, { error: { message: `Incorrect API key provided: ${request.headers.authorization}` } });
    if (request.url.endsWith('/models')) return sendJson(response, 200, { data: models.map((id) => ({ id, object: 'model' })) });
    const { model } = request.json();
    const chunk = (more: object): string =>
      `data: ${JSON.stringify({ id: 'chatcmpl-1', object: 'chat.completion.chunk', model, ...more })}\n\n`;
    response.writeHead(200, { 'content-type': 'text/event-stream' });
    response.write(chunk({ choices: [{ index: 0, delta: { role: 'assistant', content: says }, finish_reason: 'stop' }] }));
    response.write(chunk({ choices: [], usage: { prompt_tokens: 1000, completion_tokens: 100, total_tokens: 1100 } }));
    response.end('data: [DONE]\n\n');
  });
}

/** Starts Anthropic's API on a loopback port: it accepts one key and lists two models, one of them without a known price. */
export function startAnthropic(key: string): Promise<ApiServer> {
  return startApiServer((request, response) => {
    if (request.headers['x-api-key'] !== key) {
      const message = `invalid x-api-key ${String(request.headers['x-api-key'])}`;
      return sendJson(response, 401, { type: 'error', error: { type: 'authentication_error', message } });
    }
    if (request.url.startsWith('/v1/models')) {
      const entry = (id: string): object => ({ type: 'model', id, display_name: id, created_at: '2026-02-01T00:00:00Z' });
      return sendJson(response, 200, { data: ['claude-sonnet-4-6', 'claude-strange-1'].map(entry), has_more: false });
    }
    const { model } = request.json();
    response.writeHead(200, { 'content-type': 'text/event-stream' });
    const events = [
      {
        type: 'message_start',
        message: {
          id: 'msg_1',
          type: 'message',
          role: 'assistant',
          model,
          content: [],
          usage: { input_tokens: 1000, output_tokens: 1 },
        },
      },
      { type: 'content_block_start', index: 0, content_block: { type: 'text', text: '' } },
      { type: 'content_block_delta', index: 0, delta: { type: 'text_delta', text: 'From Anthropic.' } },
      { type: 'content_block_stop', index: 0 },
      { type: 'message_delta', delta: { stop_reason: 'end_turn' }, usage: { output_tokens: 200 } },
      { type: 'message_stop' },
    ];
    for (const event of events) response.write(`event: ${event.type}\ndata: ${JSON.stringify(event)}\n\n`);
    response.end();
  });
}
