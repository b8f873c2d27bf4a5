import type { ServerResponse } from 'node:http';
import { type ApiServer, chunk, sendJson, startApiServer } from './api-server.ts';
import { wireModel } from './catalogue.ts';

/** Prices and behavior of one model. */
export interface BilledModel {
  /** USD per token, in the API's format. */
  in: string;
  out: string;
  /** Maximum length of an answer, in tokens. */
  maxOutput?: number;
  /** The pieces of the answer. Default: two words. */
  pieces?: readonly string[];
  /** The pieces are the arguments of a tool call. */
  isToolCall?: boolean;
  pauseMs?: number;
  /** The answer ends when this resolves, after its pieces. */
  endsWhen?: () => Promise<void>;
  /** Nothing is sent after the pieces. */
  isEndless?: boolean;
  /** Fails immediately with this status. */
  status?: number;
  /** The billed cost. Default 0.000412. */
  cost?: number;
  usage?: Record<string, unknown>;
  /** Providers of the model. Default: one at these prices. */
  endpoints?: readonly { provider: string; in: string; out: string }[];
}

export interface BillingServer extends ApiServer {
  /** Completion requests as they came over the wire. */
  completions: () => any[];
  /** Costs by generation id; a look-up finds the entries that a test puts here. */
  bills: Map<string, Record<string, unknown>>;
}

/** Starts a server with a catalogue, endpoints, completions and costs that can be looked up. */
export async function startBillingServer(models: Readonly<Record<string, BilledModel>>): Promise<BillingServer> {
  const bills = new Map<string, Record<string, unknown>>();
  let count = 0;
  const server = await startApiServer(async (request, response) => {
    const url = new URL(request.url, 'http://api');
    const path = url.pathname.replace('/api/v1', '');
    if (path === '/models') return sendJson(response, 200, { data: Object.entries(models).map(listed) });
    if (path.endsWith('/endpoints')) {
      const id = decodeURIComponent(path.slice('/models/'.length, -'/endpoints'.length));
      return models[id] === undefined
        ? sendJson(response, 404, { error: { code: 404, message: 'not found' } })
        : sendJson(response, 200, { data: { id, endpoints: endpointsOf(id, models[id]) } });
    }
    if (path === '/generation') {
      const bill = bills.get(url.searchParams.get('id') ?? '');
      return bill === undefined
        ? sendJson(response, 404, { error: { code: 404, message: 'Generation not found' } })
        : sendJson(response, 200, { data: bill });
    }
    const { model: asked } = request.json() as { model: string };
    const model = models[asked];
    if (model === undefined)
      return sendJson(response, 400, { error: { code: 400, message: `${asked} is not a valid model ID` } });
    if (model.status !== undefined)
      return sendJson(response, model.status, { error: { code: model.status, message: `refused with ${model.status}` } });
    count += 1;
    await answer(asked, model, `gen-${count}`, response);
  });
  const completions = (): any[] =>
    server.requests.filter(({ url }) => url.endsWith('/chat/completions')).map((one) => one.json());
  return { ...server, completions, bills };
}

function listed([id, model]: [string, BilledModel]): Record<string, unknown> {
  return wireModel(id, model, { top_provider: { context_length: 131_072, max_completion_tokens: model.maxOutput ?? 8000 } });
}

function endpointsOf(id: string, model: BilledModel): Record<string, unknown>[] {
  const places = model.endpoints ?? [{ provider: 'TestProvider', in: model.in, out: model.out }];
  return places.map((place) => ({
    name: `${place.provider} | ${id}`,
    provider_name: place.provider,
    tag: place.provider.toLowerCase(),
    context_length: 131_072,
    max_completion_tokens: model.maxOutput ?? 8000,
    quantization: 'fp8',
    pricing: { prompt: place.in, completion: place.out },
    supported_parameters: ['temperature'],
    status: 0,
  }));
}

async function answer(asked: string, model: BilledModel, id: string, response: ServerResponse): Promise<void> {
  const names = { id, model: asked };
  response.writeHead(200, { 'content-type': 'text/event-stream', 'x-generation-id': id });
  response.write(': OPENROUTER PROCESSING\n\n');
  for (const content of model.pieces ?? ['two ', 'words']) {
    if (response.destroyed) return;
    response.write(chunk(model.isToolCall === true ? callPiece(content) : { content }, names));
    await new Promise((resolve) => setTimeout(resolve, model.pauseMs ?? 1));
  }
  if (model.isEndless === true) return;
  await model.endsWhen?.();
  const usage = model.usage ?? { prompt_tokens: 12, completion_tokens: 340, total_tokens: 352, cost: model.cost ?? 0.000412 };
  response.end(
    chunk({ content: '' }, names, { finish_reason: 'stop' }) +
      chunk({ content: '' }, { ...names, usage }, { finish_reason: 'stop' }) +
      'data: [DONE]\n\n',
  );
}

function callPiece(text: string): Record<string, unknown> {
  return { tool_calls: [{ index: 0, id: 'call_0', type: 'function', function: { name: 'write', arguments: text } }] };
}
