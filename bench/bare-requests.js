// The requests of a matrix without the matrix, as a baseline: sends them 32 at a time, and reads each answer to its end.
//
//   node bench/bare-requests.js 1000
import { Agent, request } from 'undici';

const AT_ONCE = 32;
const count = Number(process.argv[2]);
const url = `${process.env['OPENROUTER_BASE_URL']}/chat/completions`;
const headers = {
  'content-type': 'application/json',
  authorization: `Bearer ${process.env['OPENROUTER_API_KEY']}`,
  // orx gets the routing metadata, too.
  'x-openrouter-metadata': 'enabled',
};
const dispatcher = new Agent({ connections: AT_ONCE });
let next = 0;

async function work() {
  while (next < count) {
    const content = `What is the number ${next++} called?`;
    const body = JSON.stringify({ model: 'bench/model', messages: [{ role: 'user', content }], stream: true });
    const reply = await request(url, { method: 'POST', headers, body, dispatcher });
    const text = await reply.body.text();
    if (reply.statusCode !== 200 || !text.includes('[DONE]')) throw new Error(`status ${reply.statusCode}: ${text}`);
  }
}

await Promise.all(Array.from({ length: Math.min(AT_ONCE, count) }, work));
await dispatcher.close();
