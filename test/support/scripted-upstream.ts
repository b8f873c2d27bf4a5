import type { ServerResponse } from 'node:http';
import { type ApiServer, type SeenRequest, sendJson, startApiServer } from './api-server.ts';

/** An upstream's reaction to one request. */
export type UpstreamStep = (request: SeenRequest, response: ServerResponse) => void | Promise<void>;

/** A vendor with OpenAI's API on a loopback port that follows a script: one step per request, the last step for all later requests. */
export interface ScriptedUpstream extends ApiServer {
  /** Arrival time of each completion request, in milliseconds since the server started. */
  times: number[];
  /** Replaces the script, starting with the next request. */
  play: (...steps: readonly UpstreamStep[]) => void;
  /** The completion requests. */
  completions: () => SeenRequest[];
}

export async function startScriptedUpstream(...first: readonly UpstreamStep[]): Promise<ScriptedUpstream> {
  const times: number[] = [];
  const start = performance.now();
  let steps = first;
  let next = 0;
  const isCompletion = ({ url }: SeenRequest): boolean => url.endsWith('/chat/completions');
  const server = await startApiServer((request, response) => {
    if (!isCompletion(request)) return sendJson(response, 200, { data: [] });
    times.push(performance.now() - start);
    const step = steps[Math.min(next, steps.length - 1)]!;
    next += 1;
    return step(request, response);
  });
  return {
    ...server,
    times,
    play(...others) {
      steps = others;
      next = 0;
    },
    completions: () => server.requests.filter(isCompletion),
  };
}

const head = (model: unknown): object => ({ id: 'chatcmpl-1', object: 'chat.completion.chunk', created: 1_780_000_000, model });

/** Returns one chunk of a stream in OpenAI's format. */
export function upstreamChunk(model: unknown, delta: object, finish: string | null = null): string {
  return `data: ${JSON.stringify({ ...head(model), choices: [{ index: 0, delta, finish_reason: finish }] })}\n\n`;
}

export function usageChunk(model: unknown, prompt: number, completion: number): string {
  const usage = { prompt_tokens: prompt, completion_tokens: completion, total_tokens: prompt + completion };
  return `data: ${JSON.stringify({ ...head(model), choices: [], usage })}\n\n`;
}

export const words = (count: number): string[] => Array.from({ length: count }, (_, index) => `w${index} `);

interface SayOptions {
  prompt?: number;
  completion?: number;
  /** Pause before the first token. */
  silenceMs?: number;
  /** Omits the closing `[DONE]` and leaves the connection open. */
  hasNoEnd?: boolean;
}

/** Answers with these pieces, streamed or whole as requested. */
export function says(
  pieces: readonly string[],
  { prompt = 1000, completion = 100, silenceMs = 0, hasNoEnd = false }: SayOptions = {},
): UpstreamStep {
  return async (request, response) => {
    const { model, stream } = request.json() as { model: string; stream?: boolean };
    if (silenceMs > 0) await Promise.race([new Promise((resolve) => setTimeout(resolve, silenceMs)), request.closed]);
    if (stream !== true) {
      return sendJson(response, 200, {
        ...head(model),
        object: 'chat.completion',
        choices: [{ index: 0, message: { role: 'assistant', content: pieces.join('') }, finish_reason: 'stop' }],
        usage: { prompt_tokens: prompt, completion_tokens: completion, total_tokens: prompt + completion },
      });
    }
    response.writeHead(200, { 'content-type': 'text/event-stream' });
    for (const content of pieces) response.write(upstreamChunk(model, { content }));
    response.write(upstreamChunk(model, {}, 'stop') + usageChunk(model, prompt, completion));
    if (!hasNoEnd) response.end('data: [DONE]\n\n');
  };
}

/** Fails with a status and OpenAI's error object. */
export function refuses(
  status: number,
  error: { message: string; code?: string; type?: string },
  headers: Record<string, string> = {},
): UpstreamStep {
  return (_, response) =>
    sendJson(response, status, { error: { type: 'invalid_request_error', param: null, code: null, ...error } }, headers);
}

export const resets: UpstreamStep = (_, response) => void response.socket?.resetAndDestroy();

/** Accepts the request and never answers. */
export const staysSilent: UpstreamStep = ({ closed }) => closed;

/** Begins an answer, then runs `then` on the connection. */
export function begins(pieces: readonly string[], then: UpstreamStep): UpstreamStep {
  return async (request, response) => {
    const { model } = request.json() as { model: string };
    response.writeHead(200, { 'content-type': 'text/event-stream' });
    for (const content of pieces) response.write(upstreamChunk(model, { content }));
    // Gives the data written so far time to arrive before the next step.
    await new Promise((resolve) => setTimeout(resolve, 50));
    await then(request, response);
  };
}
