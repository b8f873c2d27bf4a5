import type { ServerResponse } from 'node:http';
import { type ApiServer, chunk, newGate, sendJson, sendPieces, type SeenRequest, startApiServer } from '../api-server.ts';
import { wireModel } from '../catalogue.ts';
import { HOSTILE, HOSTILE_NAME } from './text.ts';

/** Ids in the hostile catalogue that can be typed; each name describes the model's answer. */
export const MODELS = {
  answers: 'evil/answers',
  fails: 'evil/fails',
  breaks: 'evil/breaks',
  calls: 'evil/calls',
  waits: 'evil/waits',
  page: 'evil/page',
} as const;
const PNG = 'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNkYPhfDwAChwGA60e6kgAAAABJRU5ErkJggg==';
const USAGE = { prompt_tokens: 20, completion_tokens: 30, total_tokens: 50, cost: 0.0001 };

const ENDPOINT = {
  // Short enough for a table column.
  provider_name: `Evil ${HOSTILE_NAME}`,
  name: HOSTILE,
  tag: `evil/${HOSTILE_NAME}`,
  quantization: HOSTILE,
  status: 0,
  context_length: 131_072,
  max_completion_tokens: 16_384,
  pricing: { prompt: '0.0000002', completion: '0.0000011' },
  uptime_last_30m: 99.9,
  latency_last_30m: { p50: 610, p99: 2343 },
  throughput_last_30m: { p50: 83 },
  supported_parameters: [HOSTILE, 'temperature'],
};
const MODEL_FACTS = {
  name: `Name ${HOSTILE}`,
  description: `About ${HOSTILE} [link](javascript:PWN) ![x](https://evil.example/PWN.png)`,
  architecture: {
    modality: HOSTILE,
    input_modalities: ['text', 'image', HOSTILE],
    output_modalities: ['text', HOSTILE],
    tokenizer: HOSTILE,
    instruct_type: HOSTILE,
  },
  supported_parameters: ['temperature', 'tools', 'reasoning', 'structured_outputs', HOSTILE],
  hugging_face_id: HOSTILE,
  knowledge_cutoff: HOSTILE,
  expiration_date: '2098-12-31',
  reasoning: { supported_efforts: ['low', HOSTILE], default_effort: HOSTILE },
  benchmarks: { artificial_analysis: { intelligence_index: 51.2 } },
};
const RECORD = {
  id: HOSTILE,
  model: HOSTILE,
  provider_name: HOSTILE,
  created_at: HOSTILE,
  finish_reason: HOSTILE,
  native_finish_reason: `native ${HOSTILE}`,
  data_region: HOSTILE,
  service_tier: HOSTILE,
  provider_responses: [{ provider_name: HOSTILE, status: 429 }, { provider_name: HOSTILE }],
};
const MANAGED = {
  hash: `abcdef0123${HOSTILE}`,
  name: HOSTILE,
  label: HOSTILE,
  limit: 5,
  limit_reset: HOSTILE,
  expires_at: HOSTILE,
  created_at: HOSTILE,
};
export const CATALOGUE = [
  ...Object.values(MODELS).map((id) => wireModel(id, {}, MODEL_FACTS)),
  wireModel(`evil/${HOSTILE}`, {}, { ...MODEL_FACTS, canonical_slug: HOSTILE, alias_target: { slug: HOSTILE } }),
  wireModel('evil/long', {}, { ...MODEL_FACTS, name: `long ${'x'.repeat(20_000)}` }),
];

/** An API in which every text is an attack. The answers of evil/waits end once `release` is called. */
export interface HostileApi extends ApiServer {
  release: () => void;
}

export async function startHostileApi(): Promise<HostileApi> {
  const gate = newGate();
  const server = await startApiServer(async (request, response) => {
    // The only control characters that HTTP allows.
    response.setHeader('x-generation-id', 'gen-\u009b31mPWN');
    response.setHeader('retry-after', '0');
    const path = request.url.split('?')[0]!;
    if (path.endsWith('/chat/completions')) return complete(request, response, gate.opened);
    if (path.endsWith('/embeddings') || path.endsWith('/rerank')) return answerTexts(request, response);
    if (path.endsWith('/endpoints/zdr')) return sendJson(response, 200, { data: [{ ...ENDPOINT, model_id: MODELS.answers }] });
    if (path.endsWith('/endpoints'))
      return sendJson(response, 200, {
        data: {
          id: HOSTILE,
          name: HOSTILE,
          endpoints: [ENDPOINT, { ...ENDPOINT, tag: 'b', pricing: { prompt: '0.000001', completion: '0.000002' } }],
        },
      });
    if (path.endsWith('/models')) return sendJson(response, 200, { data: CATALOGUE });
    if (path.endsWith('/key'))
      return sendJson(response, 200, { data: { label: HOSTILE, usage: 1, limit: 5, limit_remaining: 4, limit_reset: HOSTILE } });
    if (request.url.endsWith('/generation?id=gen-hostile')) return sendJson(response, 200, { data: RECORD });
    if (path.endsWith('/keys') && request.method === 'POST') return sendJson(response, 201, { data: MANAGED, key: HOSTILE });
    if (path.endsWith('/keys')) return sendJson(response, 200, { data: request.url.includes('offset=0') ? [MANAGED] : [] });
    if (path.includes('/keys/')) return sendJson(response, 200, { data: MANAGED });
    if (path.endsWith('/credits')) return sendJson(response, 200, { data: { total_credits: 10, total_usage: 1 } });
    return sendJson(response, 404, error(404));
  });
  return { ...server, release: gate.open };
}

function error(code: number): unknown {
  const metadata = { reasons: [HOSTILE], provider_name: HOSTILE, raw: HOSTILE, flagged_input: HOSTILE, model_slug: HOSTILE };
  return { error: { code, message: `refused ${HOSTILE}`, metadata }, user_id: HOSTILE };
}

function answerTexts(request: SeenRequest, response: ServerResponse): void {
  const { model, input, documents } = request.json();
  if (model === MODELS.fails) return sendJson(response, 403, error(403));
  const names = { id: `gen-${HOSTILE}`, model: `evil/${HOSTILE}`, provider: `Evil ${HOSTILE}` };
  if (documents !== undefined)
    return sendJson(response, 200, {
      ...names,
      results: documents.map((_: string, index: number) => ({
        index,
        relevance_score: 1 / (index + 1),
        document: { text: HOSTILE },
      })),
      usage: { cost: 0.0001 },
    });
  const data = input.map((_: string, index: number) => ({ index, embedding: [0.5, -1] }));
  return sendJson(response, 200, { ...names, data, usage: { prompt_tokens: 3, total_tokens: 3, cost: 0.0001 } });
}

async function complete(request: SeenRequest, response: ServerResponse, release: Promise<void>): Promise<void> {
  const { model, messages, stream } = request.json();
  if (model === MODELS.fails) return sendJson(response, 403, error(403));
  if (model === MODELS.page) {
    response.writeHead(502, { 'content-type': 'text/html' });
    response.end(`<html><title>${HOSTILE}</title><body>${HOSTILE}</body></html>`);
    return;
  }
  const names = { model: `evil/${HOSTILE}`, provider: `Evil ${HOSTILE}`, id: `gen-${HOSTILE}` };
  const isFirst = !messages.some(({ role }: { role: string }) => role === 'tool');
  if (stream !== true) {
    const message = { role: 'assistant', content: HOSTILE, reasoning: HOSTILE };
    return sendJson(response, 200, {
      ...names,
      choices: [{ index: 0, message, finish_reason: 'stop', native_finish_reason: HOSTILE }],
      usage: USAGE,
    });
  }
  const called = isFirst && model === MODELS.calls;
  const lines = `PWN ${'y'.repeat(5000)}`;
  const pieces = [
    ...REASONING.map((reasoning, at) => chunk({ reasoning }, at === 0 ? names : UNNAMED)),
    ...CONTENT.map((content, at) => chunk({ content }, at === 0 ? names : UNNAMED)),
    chunk({ content: `\n\n${MARKDOWN}\n\n${lines}` }, names),
    ...(called ? [chunk({ tool_calls: CALLS }, names)] : []),
    chunk({ content: '', annotations: [CITATION], images: called ? [] : IMAGES }, names),
  ];
  const reason = called ? 'tool_calls' : 'stop';
  const end = [
    chunk({ content: '\u001b' }, { ...names, usage: USAGE }, { finish_reason: reason, native_finish_reason: HOSTILE }),
    'data: [DONE]\n\n',
  ];
  const broken = [
    `: ${HOSTILE.replaceAll(/[\r\n]/g, ' ')}\n\n`,
    `data: ${JSON.stringify({ ...names, ...(error(502) as object) })}\n\n`,
  ];
  await sendPieces(response, pieces, { end: false });
  if (model === MODELS.waits) await release;
  response.end((model === MODELS.breaks ? broken : end).join(''));
}

/** Attacks in names are so long that they would be most of a stream if every chunk had them. */
const UNNAMED = { id: undefined, model: undefined, provider: undefined };
/** Splits the attack text at every character, and repetitions of one character after at most eight. */
const REASONING = HOSTILE.match(/(.)\1{0,7}/gsu)!;
/** Splits it at fixed lengths, so that each attack comes in two pieces. */
const CONTENT = Array.from({ length: Math.ceil(HOSTILE.length / 7) }, (_, at) => HOSTILE.slice(at * 7, at * 7 + 7));

const MARKDOWN = [
  `# ${HOSTILE}`,
  `\`\`\`${HOSTILE.replaceAll(/[\r\n`]/g, ' ')}\n${HOSTILE}`,
  '```',
  `| a | b |\n|---|---|\n| ${HOSTILE.replaceAll(/[\r\n|]/g, ' ')} | x |`,
  `- [${HOSTILE.replaceAll(/[\r\n]/g, ' ')}](https://evil.example/\u001b]0;PWN\u0007) <https://evil.example/\u202ePWN>`,
  `> ${HOSTILE}`,
].join('\n\n');
const CITATION = {
  type: 'url_citation',
  url_citation: { url: `https://evil.example/${HOSTILE}`, title: HOSTILE, content: HOSTILE },
};
const IMAGES = [
  { type: 'image_url', image_url: { url: `data:image/png;base64,${PNG}` } },
  { type: 'image_url', image_url: { url: `https://127.0.0.1:9/${HOSTILE}` } },
];
const CALLS = [
  { index: 0, id: `call-${HOSTILE}`, type: 'function', function: { name: 'tell', arguments: JSON.stringify({ word: HOSTILE }) } },
  { index: 1, id: 'call-2', type: 'function', function: { name: HOSTILE, arguments: `{"not JSON ${HOSTILE}` } },
];
