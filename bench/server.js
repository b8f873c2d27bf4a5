// The API server for measurements: a separate process, so that serving does not cost the measured program anything.
//
//   node bench/server.js        prints its URLs and its certificate authority as JSON on the first line; exits when its standard
//                               input closes
//
// The path of a request determines how the answer is sent: /<tokens>/<events per write>/<microseconds between writes>/…, so that
// one server serves every measurement and any client with a configurable base URL. A catalogue has as many models as the path has
// tokens. /limited/… refuses every request for its rate, and an answer below …/plain/… has no routing metadata.
import { createServer } from 'node:http';
import { createServer as createSecureServer } from 'node:https';
import { answerTokens } from './support/answer.js';
import { catalogueBody, endpointsBody } from './support/catalogue.js';
import { makeCertificates } from './support/certificates.js';

/** @type {import('node:http').RequestListener} */
const answer = (request, response) => {
  const url = request.url ?? '';
  const [, tokens, eventsPerWrite, pauseUs] = url.split('/').map(Number);
  request.resume().on('end', () => {
    const isChat = request.method === 'POST' && url.endsWith('/chat/completions');
    const isList = request.method === 'GET';
    if (url.startsWith('/limited/')) refuse(response);
    else if (isList && /\/models(?:\?|$)/.test(url) && tokens) sendJson(response, catalogueBody(tokens));
    else if (isList && url.endsWith('/endpoints')) sendJson(response, endpointsBody(url.split('/').slice(-3, -1).join('/')));
    else if (!isChat || !tokens || !eventsPerWrite || pauseUs === undefined) response.writeHead(404).end();
    else {
      const hasMetadata = request.headers['x-openrouter-metadata'] === 'enabled' && !url.includes('/plain/');
      void send(response, writes(tokens, eventsPerWrite, hasMetadata), pauseUs);
    }
  });
};

const { authority, certificate, privateKey } = makeCertificates();
const ports = await Promise.all(
  [createServer(answer), createSecureServer({ cert: certificate, key: privateKey }, answer)].map(listen),
);
const [http, https] = ports;
process.stdout.write(`${JSON.stringify({ http: `http://127.0.0.1:${http}`, https: `https://127.0.0.1:${https}`, authority })}\n`);
process.stdin.resume().on('end', () => process.exit());

/**
 * @param {import('node:net').Server} server
 * @returns {Promise<number>} The port.
 */
function listen(server) {
  return new Promise((resolve) => {
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      if (address !== null && typeof address === 'object') resolve(address.port);
    });
  });
}

/** @param {import('node:http').ServerResponse} response @param {string} body */
function sendJson(response, body) {
  response.writeHead(200, { 'content-type': 'application/json' }).end(body);
}

/**
 * Refuses a request as OpenRouter does, with a limit that no measurement reaches.
 * @param {import('node:http').ServerResponse} response
 */
function refuse(response) {
  const error = { code: 429, message: 'Rate limit exceeded: free-models-per-min. ' };
  response
    .writeHead(429, { 'content-type': 'application/json', 'retry-after': '1', 'x-ratelimit-limit': '500' })
    .end(JSON.stringify({ error }));
}

/**
 * Sends one write per piece, evenly on average: after a late timer, writes follow at once, but each in a separate turn of the
 * event loop, so that no two are merged.
 * @param {import('node:http').ServerResponse} response
 * @param {readonly string[]} pieces
 * @param {number} pauseUs
 */
async function send(response, pieces, pauseUs) {
  response.writeHead(200, { 'content-type': 'text/event-stream', 'cache-control': 'no-cache' });
  const start = performance.now();
  for (const [index, piece] of pieces.entries()) {
    const waitMs = start + (index * pauseUs) / 1000 - performance.now();
    await new Promise((resolve) => (waitMs > 0 ? setTimeout(resolve, waitMs) : setImmediate(resolve)));
    while (response.writableNeedDrain && !response.destroyed) await new Promise((resolve) => setImmediate(resolve));
    response.write(piece);
  }
  response.end();
}

/**
 * @param {number} tokens
 * @param {number} eventsPerWrite
 * @param {boolean} hasMetadata
 * @returns {string[]}
 */
function writes(tokens, eventsPerWrite, hasMetadata) {
  const chunks = answerTokens(tokens).map((content) => chunk(content));
  const events = [': OPENROUTER PROCESSING\n\n', ...chunks, ...lastChunks(tokens, hasMetadata)];
  const joined = [];
  for (let at = 0; at < events.length; at += eventsPerWrite) joined.push(events.slice(at, at + eventsPerWrite).join(''));
  return joined;
}

/** What the API adds to the last chunk on request, for an answer that the second provider gave. */
const METADATA = {
  requested: 'bench/model',
  strategy: 'direct',
  region: 'iad',
  summary: 'available=3, selected=Bench',
  attempt: 2,
  is_byok: false,
  endpoints: {
    total: 4,
    available: ['Bench', 'Other', 'Third'].map((provider) => ({
      provider,
      model: 'bench/model',
      selected: provider === 'Bench',
    })),
  },
  attempts: [
    { provider: 'Other', model: 'bench/model', status: 503 },
    { provider: 'Bench', model: 'bench/model', status: 200 },
  ],
  pipeline: [],
};

/**
 * @param {number} tokens
 * @param {boolean} hasMetadata
 * @returns {string[]}
 */
function lastChunks(tokens, hasMetadata) {
  const usage = {
    prompt_tokens: 12,
    completion_tokens: tokens,
    total_tokens: tokens + 12,
    cost: 0.000412,
    is_byok: false,
    prompt_tokens_details: { cached_tokens: 0 },
    completion_tokens_details: { reasoning_tokens: 0 },
  };
  const last = chunk('', 'stop', { usage, ...(hasMetadata && { openrouter_metadata: METADATA }) });
  return [chunk('', 'stop'), last, 'data: [DONE]\n\n'];
}

/**
 * @param {string} content
 * @param {string | null} finishReason
 * @param {Record<string, unknown>} more
 */
function chunk(content, finishReason = null, more = {}) {
  const delta = { role: 'assistant', content };
  return `data: ${JSON.stringify({
    id: 'gen-1780000000-bench',
    provider: 'Bench',
    model: 'bench/model',
    object: 'chat.completion.chunk',
    created: 1_780_000_000,
    choices: [{ index: 0, delta, finish_reason: finishReason, native_finish_reason: finishReason, logprobs: null }],
    ...more,
  })}\n\n`;
}
