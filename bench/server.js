// The API server for measurements: a separate process, so that serving does not cost the measured program anything.
//
//   node bench/server.js        prints its URL on the first line; exits when its standard input closes
//
// The path of a request determines how the answer is sent: /<tokens>/<events per write>/<microseconds between writes>/…, so that
// one server serves every measurement and any client with a configurable base URL. A catalogue has as many models as the path has
// tokens.
import { createServer } from 'node:http';
import { answerTokens } from './support/answer.js';
import { catalogueBody } from './support/catalogue.js';

const server = createServer((request, response) => {
  const [, tokens, eventsPerWrite, pauseUs] = (request.url ?? '').split('/').map(Number);
  request.resume().on('end', () => {
    const isChat = request.method === 'POST' && request.url?.endsWith('/chat/completions');
    const isCatalogue = request.method === 'GET' && /\/models(?:\?|$)/.test(request.url ?? '');
    if (isCatalogue && tokens) response.writeHead(200, { 'content-type': 'application/json' }).end(catalogueBody(tokens));
    else if (!isChat || !tokens || !eventsPerWrite || pauseUs === undefined) response.writeHead(404).end();
    else void send(response, writes(tokens, eventsPerWrite), pauseUs);
  });
});
server.listen(0, '127.0.0.1', () => {
  const address = server.address();
  if (address !== null && typeof address === 'object') process.stdout.write(`http://127.0.0.1:${address.port}\n`);
});
process.stdin.resume().on('end', () => process.exit());

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
 * @returns {string[]}
 */
function writes(tokens, eventsPerWrite) {
  const events = [': OPENROUTER PROCESSING\n\n', ...answerTokens(tokens).map((content) => chunk(content)), ...lastChunks(tokens)];
  const joined = [];
  for (let at = 0; at < events.length; at += eventsPerWrite) joined.push(events.slice(at, at + eventsPerWrite).join(''));
  return joined;
}

/**
 * @param {number} tokens
 * @returns {string[]}
 */
function lastChunks(tokens) {
  const usage = {
    prompt_tokens: 12,
    completion_tokens: tokens,
    total_tokens: tokens + 12,
    cost: 0.000412,
    is_byok: false,
    prompt_tokens_details: { cached_tokens: 0 },
    completion_tokens_details: { reasoning_tokens: 0 },
  };
  return [chunk('', 'stop'), chunk('', 'stop', { usage }), 'data: [DONE]\n\n'];
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
