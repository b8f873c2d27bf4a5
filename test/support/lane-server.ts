import type { ServerResponse } from 'node:http';
import { type ApiServer, chunk, sendJson, startApiServer } from './api-server.ts';

/** How one model of a comparison responds. */
export interface LaneScript {
  /** Sent one piece at a time. */
  pieces?: readonly string[];
  pauseMs?: number;
  /** Sent after the pieces: `done` with usage, an error mid-stream, or nothing. Default `done`. */
  finish?: 'done' | 'error' | 'silence';
  /** Fails immediately with this status. */
  status?: number;
  /** The model named in the answer. Default: the requested model. */
  served?: string;
  /** The cost as a JSON number. */
  cost?: number;
  completionTokens?: number;
}

/** Starts a server that answers each model according to its script. */
export async function startLaneServer(scripts: Readonly<Record<string, LaneScript>>): Promise<ApiServer> {
  const server = await startApiServer(async (request, response) => {
    if (!request.url.endsWith('/chat/completions')) return sendJson(response, 404, { error: { code: 404, message: 'not here' } });
    const { model } = request.json() as { model: string };
    const script = scripts[model];
    if (script === undefined)
      return sendJson(response, 400, { error: { code: 400, message: `${model} is not a valid model ID` } });
    if (script.status !== undefined)
      return sendJson(response, script.status, { error: { code: script.status, message: `refused with ${script.status}` } });
    await playScript(model, script, response);
  });
  return {
    ...server,
    // Without a catalog: that orx asks for one is no part of these tests.
    get requests() {
      return server.requests.filter(({ url }) => !/\/models(?:\?|$)/.test(url));
    },
  };
}

async function playScript(asked: string, script: LaneScript, response: ServerResponse): Promise<void> {
  const names = { id: `gen-${asked}`, model: script.served ?? asked };
  response.writeHead(200, { 'content-type': 'text/event-stream' });
  response.write(': OPENROUTER PROCESSING\n\n');
  for (const content of script.pieces ?? []) {
    if (response.destroyed) return;
    response.write(chunk({ content }, names));
    await new Promise((resolve) => setTimeout(resolve, script.pauseMs ?? 1));
  }
  if (script.finish === 'silence') return;
  if (script.finish === 'error') {
    response.end(
      chunk({ content: '' }, { ...names, error: { code: 502, message: 'the provider fell over' } }, { finish_reason: 'error' }),
    );
    return;
  }
  const completionTokens = script.completionTokens ?? 340;
  const usage = {
    prompt_tokens: 12,
    completion_tokens: completionTokens,
    total_tokens: 12 + completionTokens,
    cost: script.cost ?? 0.000412,
  };
  response.end(
    chunk({ content: '' }, names, { finish_reason: 'stop' }) +
      chunk({ content: '' }, { ...names, usage }, { finish_reason: 'stop' }) +
      'data: [DONE]\n\n',
  );
}
