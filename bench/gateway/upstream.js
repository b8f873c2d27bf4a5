// The vendor behind the measured gateways: answers chat completions immediately, whole or as a stream.
//
//   node bench/gateway/upstream.js      prints its URL on the first line; exits when its standard input closes
import { createServer } from 'node:http';

const TOKENS = 40;
const HEAD = { id: 'chatcmpl-1', created: 1_780_000_000, model: 'gpt-4.1-mini' };
const USAGE = { prompt_tokens: 12, completion_tokens: TOKENS, total_tokens: 12 + TOKENS };
const TEXT = Array.from({ length: TOKENS }, (_, index) => ` token${index}`);

const WHOLE = JSON.stringify({
  ...HEAD,
  object: 'chat.completion',
  choices: [{ index: 0, message: { role: 'assistant', content: TEXT.join('') }, finish_reason: 'stop' }],
  usage: USAGE,
});
/** @param {Record<string, unknown>} fields */
const event = (fields) => `data: ${JSON.stringify({ ...HEAD, object: 'chat.completion.chunk', ...fields })}\n\n`;
const EVENTS = [
  ...TEXT.map((content) => event({ choices: [{ index: 0, delta: { content }, finish_reason: null }] })),
  event({ choices: [{ index: 0, delta: {}, finish_reason: 'stop' }] }),
  event({ choices: [], usage: USAGE }),
  'data: [DONE]\n\n',
];

const server = createServer((request, response) => {
  let body = '';
  request.setEncoding('utf8');
  request.on('data', (piece) => (body += piece));
  request.on('end', () => {
    if (!/"stream"\s*:\s*true/.test(body)) {
      response.writeHead(200, { 'content-type': 'application/json', 'content-length': Buffer.byteLength(WHOLE) }).end(WHOLE);
      return;
    }
    response.writeHead(200, { 'content-type': 'text/event-stream' });
    send(response, 0);
  });
});
server.keepAliveTimeout = 60_000;
server.listen(0, '127.0.0.1', () => {
  const address = server.address();
  if (address !== null && typeof address === 'object') process.stdout.write(`http://127.0.0.1:${address.port}\n`);
});
process.stdin.resume().on('end', () => process.exit());

/**
 * Writes ten events at a time, each write in a separate turn of the event loop.
 * @param {import('node:http').ServerResponse} response
 * @param {number} from
 */
function send(response, from) {
  if (from >= EVENTS.length) return void response.end();
  response.write(EVENTS.slice(from, from + 10).join(''));
  setImmediate(send, response, from + 10);
}
