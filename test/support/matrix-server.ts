import { type ApiServer, chunk, sendJson, type SeenRequest, startApiServer } from './api-server.ts';
import { wireModel } from './catalogue.ts';
import { wireEndpoint } from './quotes.ts';

/** What a model answers: a text, or the status of a refusal. */
export type MatrixReply =
  | { text: string; cost?: number }
  | { status: number; headers?: Record<string, string>; message?: string };

export interface MatrixServer extends ApiServer {
  /** The completions that the server was asked for, as `model: last question`. */
  asked: string[];
}

export interface MatrixServerOptions {
  models: readonly string[];
  /** Returns the reply to a question; `nth` counts completions from 1. */
  reply?: (
    asked: { model: string; question: string; body: Record<string, unknown> },
    nth: number,
  ) => MatrixReply | Promise<MatrixReply>;
}

/** Starts an API with a catalog of these models, which answers every question with `ok` and the question. */
export async function startMatrixServer({ models, reply }: MatrixServerOptions): Promise<MatrixServer> {
  const asked: string[] = [];
  const server = await startApiServer(async (request, response) => {
    const path = request.url.split('?')[0]!;
    if (path.endsWith('/endpoints')) {
      const endpoint = wireEndpoint('one', { prompt: '0.000001', completion: '0.000002' }, { max_completion_tokens: 1000 });
      return sendJson(response, 200, { data: { id: 'a/one', name: 'One', endpoints: [endpoint] } });
    }
    if (path.endsWith('/models')) return sendJson(response, 200, { data: models.map((id) => wireModel(id)) });
    if (!path.endsWith('/chat/completions')) return sendJson(response, 404, { error: { code: 404, message: 'not here' } });
    const { model, question, body } = questionOf(request);
    asked.push(`${model}: ${question}`);
    const given = (await reply?.({ model, question, body }, asked.length)) ?? { text: `ok ${question}` };
    if ('status' in given) {
      const message = given.message ?? `refused with ${given.status}`;
      return sendJson(response, given.status, { error: { code: given.status, message } }, given.headers);
    }
    const names = { id: `gen-${asked.length}`, model };
    const usage = { prompt_tokens: 10, completion_tokens: 5, total_tokens: 15, cost: given.cost ?? 0.001 };
    response.writeHead(200, { 'content-type': 'text/event-stream' });
    response.end(
      chunk({ content: given.text }, names) +
        chunk({ content: '' }, { ...names, usage }, { finish_reason: 'stop' }) +
        'data: [DONE]\n\n',
    );
  });
  return Object.assign(server, { asked });
}

function questionOf(request: SeenRequest): { model: string; question: string; body: Record<string, unknown> } {
  const body = request.json() as { model: string; messages: { content: unknown }[] };
  const { content } = body.messages.at(-1)!;
  const question =
    typeof content === 'string' ? content : (content as { text?: string }[]).map(({ text }) => text ?? '').join('');
  return { model: body.model, question, body };
}
