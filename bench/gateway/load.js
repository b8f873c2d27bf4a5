// Sends requests to a gateway over a number of connections, one after the other on each, and prints the results as JSON.
//
//   node bench/gateway/load.js <url> <connections> <whole|stream> <milliseconds> <headers as JSON>
import { Pool } from 'undici';

const [address = '', connections = '1', kind = 'whole', milliseconds = '1000', headers = '{}'] = process.argv.slice(2);
const url = new URL(address);
const pool = new Pool(url.origin, { connections: Number(connections), pipelining: 1 });
const isStream = kind === 'stream';
const body = JSON.stringify({
  model: process.env['BENCH_MODEL'] ?? 'openai:gpt-4.1-mini',
  messages: [{ role: 'user', content: 'Why is the sky blue?' }],
  max_tokens: 100,
  ...(isStream && { stream: true, stream_options: { include_usage: true } }),
});
/** The end of every valid answer. */
const END = isStream ? 'data: [DONE]' : '}';

/** @type {number[]} */
const firstBytes = [];
/** Includes the warm-up. */
let all = 0;
let done = 0;
let failure = '';
const isCounted = () => performance.now() > start + WARM_UP_MS;
const WARM_UP_MS = Math.min(1500, Number(milliseconds));
const start = performance.now();
const end = start + WARM_UP_MS + Number(milliseconds);

await Promise.all(Array.from({ length: Number(connections) }, loop));
process.stdout.write(
  `${JSON.stringify({ done, all, failure, seconds: Number(milliseconds) / 1000, firstByteMs: middle(firstBytes) })}\n`,
);
process.exit();

async function loop() {
  while (performance.now() < end && failure === '') {
    const sentAt = performance.now();
    const { status, firstAt, text } = await ask();
    if (status !== 200 || !text.trimEnd().endsWith(END) || !text.includes('token39'))
      failure = `status ${status}: ${text.slice(0, 300)}`;
    all += 1;
    if (!isCounted()) continue;
    done += 1;
    firstBytes.push(firstAt - sentAt);
  }
}

/** @returns {Promise<{ status: number, firstAt: number, text: string }>} */
function ask() {
  return new Promise((resolve, reject) => {
    let status = 0;
    let firstAt = 0;
    /** @type {Buffer[]} */
    const pieces = [];
    pool.dispatch(
      {
        path: url.pathname,
        method: 'POST',
        headers: { 'content-type': 'application/json', authorization: 'Bearer bench', ...JSON.parse(headers) },
        body,
      },
      {
        onRequestStart() {},
        onResponseStart: (_, code) => void (status = code),
        onResponseData(_, piece) {
          firstAt ||= performance.now();
          pieces.push(piece);
        },
        onResponseEnd: () => resolve({ status, firstAt, text: Buffer.concat(pieces).toString() }),
        onResponseError: (_, error) => reject(error),
      },
    );
  });
}

/** @param {number[]} values */
function middle(values) {
  return values.toSorted((one, other) => one - other)[Math.floor(values.length / 2)] ?? 0;
}
