// Sends requests one after the other under shared limits, as one of many processes. argv: the API's URL, the folder of the limits, the count and a
// name, which is the prompt. Waits until the server has answered /ready. Prints the results as JSON.
import { collectAnswer } from '../../src/core/answer/collect.ts';
import { retry } from '../../src/core/pipeline/retry.ts';
import { systemClock } from '../../src/cli/clock.ts';
import { createHttpClient } from '../../src/http/client.ts';
import { createOpenRouterApi } from '../../src/apis/openrouter/openrouter-api.ts';
import { openSharedLimits } from '../../src/storage/limits/shared-limits.ts';

const [url = '', folder = '', count = '0', name = ''] = process.argv.slice(2);

const http = createHttpClient({ limits: { connectMs: 60_000, firstByteMs: 600_000, idleMs: 600_000 }, env: {} });
const app = { url: 'https://orx.example', title: 'orx', categories: 'cli-agent' };
const api = createOpenRouterApi({ http, baseUrl: url, apiKey: 'any', app, userAgent: 'orx', now: Date.now });
const limits = openSharedLimits({ folder, now: Date.now }).of(url);
const stream = retry(api.streamCompletion, {
  ...systemClock,
  retries: 0,
  random: Math.random,
  longestMs: 600_000,
  limitOf: limits,
});

(await http.send({ method: 'GET', url: new URL(`${url}/ready`), headers: {} })).cancel();
let answered = 0;
const errors: string[] = [];
for (let index = 0; index < Number(count); index += 1) {
  const messages = [{ role: 'user' as const, content: name }];
  const { error } = await collectAnswer(stream({ model: 'a/b', messages, stream: true }), () => undefined);
  if (error === undefined) answered += 1;
  else errors.push(String(error));
}
await http.close();
process.stdout.write(JSON.stringify({ answered, errors }));
