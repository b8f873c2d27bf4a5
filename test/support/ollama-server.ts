import type { ServerResponse } from 'node:http';
import { type Handler, type SeenRequest, sendJson } from './api-server.ts';
import { randomPieces } from './recordings.ts';

/** The fake server's answer to one question. */
export interface OllamaAnswer {
  thinking?: string;
  text?: string;
  calls?: readonly { name: string; arguments: unknown; id?: string }[];
  doneReason?: string;
  /** Counts and times of the last line, with Ollama's field names. Default: those of a small answer. */
  counts?: Record<string, number>;
  /** The answer ends with this line as an error. */
  error?: string;
  /** The connection closes without a last line. */
  isCut?: boolean;
}

export interface InstalledModel {
  name: string;
  /** Context length from training, in tokens. Default 131,072. */
  context?: number;
  /** Default: all. */
  capabilities?: readonly ('tools' | 'thinking' | 'vision')[];
}

export interface OllamaServerOptions {
  models: readonly InstalledModel[];
  answer: (request: any) => OllamaAnswer;
  /** Context length, in tokens, when a request names none. Default 4096, which is that of machines without a large graphics card. */
  defaultContext?: number;
  /** Cuts the reply into pieces of random sizes. */
  seed?: number;
}

const FIELDS = [
  'model messages stream format keep_alive tools options think truncate shift logprobs top_logprobs',
  'role content thinking images tool_calls tool_name tool_call_id',
].map((names) => new Set(names.split(' ')));
const ROLES = new Set(['system', 'user', 'assistant', 'tool']);
const BYTES_PER_TOKEN = 4;

/**
 * Starts a server that follows Ollama's documented API, and its source where the documentation says nothing: JSON lines, whole calls without ids,
 * counts and times in the last line, errors as `{error}` with a status or as a line mid-stream. It rejects what a model cannot do. Like the original
 * it silently truncates a prompt that does not fit, unless `truncate` and `shift` are off. A field that no version knows fails the test.
 */
export function ollamaServer({ models, answer, defaultContext = 4096, seed = 1 }: OllamaServerOptions): Handler {
  const list = models.map(({ name }) => ({
    name,
    model: name,
    modified_at: '2026-08-13T10:11:45.123456789-07:00',
    size: 2_019_393_189,
    digest: 'a80c4f17acd55265feec403c7aef86be0c25983ab279d83f3bcd3abbcb5b8b72',
    details: {
      parent_model: '',
      format: 'gguf',
      family: 'llama',
      families: ['llama'],
      parameter_size: '3.2B',
      quantization_level: 'Q4_K_M',
    },
  }));
  return async (request, response) => {
    if (request.method === 'GET' && request.url === '/api/tags') return sendJson(response, 200, { models: list });
    if (request.method !== 'POST' || request.url !== '/api/chat') return sendText(response, 404, '404 page not found');
    const body = request.json();
    const refusal = refusalOf(request, models, defaultContext);
    if (refusal !== undefined) return sendJson(response, refusal.status, { error: refusal.error });
    response.writeHead(200, { 'content-type': 'application/x-ndjson' });
    const lines = linesOf(body.model, answer(body)).map((line) => `${JSON.stringify(line)}\n`);
    for (const piece of randomPieces(Buffer.from(lines.join('')), seed)) {
      response.write(piece);
      await new Promise((resolve) => setImmediate(resolve));
    }
    response.end();
  };
}

function sendText(response: ServerResponse, status: number, text: string): void {
  response.writeHead(status, { 'content-type': 'text/plain' });
  response.end(text);
}

function refusalOf(
  request: SeenRequest,
  models: readonly InstalledModel[],
  defaultContext: number,
): { status: number; error: string } | undefined {
  const body = request.json();
  const unknown = [
    ...Object.keys(body).filter((name) => !FIELDS[0]!.has(name)),
    ...body.messages.flatMap((message: object) => Object.keys(message).filter((name) => !FIELDS[1]!.has(name))),
  ];
  if (unknown.length > 0) return { status: 400, error: `unknown fields: ${unknown.join(', ')}` };
  const model = models.find(({ name }) => name === body.model);
  if (model === undefined) return { status: 404, error: `model '${body.model}' not found` };
  const can = new Set<string>(model.capabilities ?? ['tools', 'thinking', 'vision']);
  if (body.tools?.length > 0 && !can.has('tools')) return { status: 400, error: `${body.model} does not support tools` };
  if (body.think && !can.has('thinking')) return { status: 400, error: `"${body.model}" does not support thinking` };
  if (typeof body.think === 'string' && !/^(low|medium|high|max)$/.test(body.think))
    return {
      status: 400,
      error: `invalid think value: "${body.think}" (must be "high", "medium", "low", "max", true, or false)`,
    };
  for (const message of body.messages) {
    if (!ROLES.has(message.role)) return { status: 400, error: `invalid role: ${message.role}` };
    if (typeof message.content !== 'string') return { status: 400, error: 'json: cannot unmarshal content into string' };
    for (const image of message.images ?? [])
      if (!/^[A-Za-z0-9+/]+={0,2}$/.test(image)) return { status: 400, error: 'illegal base64 data at input byte 0' };
    for (const call of message.tool_calls ?? [])
      if (typeof call.function.arguments !== 'object')
        return { status: 400, error: 'json: cannot unmarshal string into arguments' };
  }
  const context = Math.min(body.options?.num_ctx ?? defaultContext, model.context ?? 131_072);
  const isTooLong = promptTokens(body) > context - 1;
  if (!isTooLong || body.truncate !== false || body.shift !== false) return undefined;
  return {
    status: 400,
    error:
      'the prompt is longer than the context length currently available to the model; shorten the prompt, adjust the context length in settings, or use a model with a longer context length',
  };
}

/** Roughly the number of tokens of an English text. */
function promptTokens(body: any): number {
  return Math.ceil(JSON.stringify(body.messages.map(({ content }: any) => content)).length / BYTES_PER_TOKEN);
}

function linesOf(model: string, answer: OllamaAnswer): object[] {
  const at = (message: object): object => ({ model, created_at: '2026-08-13T10:11:46.5Z', message, done: false });
  const pieces = (text: string): string[] => text.match(/[\s\S]{1,3}/g) ?? [];
  const lines = [
    ...pieces(answer.thinking ?? '').map((thinking) => at({ role: 'assistant', content: '', thinking })),
    ...pieces(answer.text ?? '').map((content) => at({ role: 'assistant', content })),
    ...(answer.calls ?? []).map(({ id, name, arguments: given }) =>
      at({
        role: 'assistant',
        content: '',
        tool_calls: [{ ...(id !== undefined && { id }), function: { name, arguments: given } }],
      }),
    ),
  ];
  if (answer.error !== undefined) return [...lines, { error: answer.error }];
  if (answer.isCut === true) return lines;
  const counts = answer.counts ?? {
    total_duration: 4_883_583_458,
    load_duration: 2_101_334_875,
    prompt_eval_count: 26,
    prompt_eval_duration: 342_546_000,
    eval_count: 282,
    eval_duration: 2_535_599_000,
  };
  return [
    ...lines,
    {
      model,
      created_at: '2026-08-13T10:11:47Z',
      message: { role: 'assistant', content: '' },
      done: true,
      done_reason: answer.doneReason ?? 'stop',
      ...counts,
    },
  ];
}
