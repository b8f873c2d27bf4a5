// Sends requests repeatedly under a budget, as one of many processes. argv: the API's URL, the ledger's folder and the count. Prints the results
// as JSON.
import { randomBytes } from 'node:crypto';
import { setTimeout as wait } from 'node:timers/promises';
import type { Accounting } from '../../src/core/budget/accounting.ts';
import { record } from '../../src/core/budget/record.ts';
import { collectAnswer } from '../../src/core/answer/collect.ts';
import { entryId } from '../../src/core/ledger/entry-id.ts';
import { decimal, decimalText } from '../../src/decimal.ts';
import { OrxError } from '../../src/errors.ts';
import { createHttpClient } from '../../src/http/client.ts';
import { createOpenRouterApi } from '../../src/apis/openrouter/openrouter-api.ts';
import { openLedger } from '../../src/storage/ledger/open-ledger.ts';

const [url = '', folder = '', count = '0'] = process.argv.slice(2);
const MODELS = ['deepseek/deepseek-chat', 'openai/gpt-4o-mini', 'meta-llama/llama-3.3-70b-instruct'];

const http = createHttpClient({ limits: { connectMs: 10_000, firstByteMs: 60_000, idleMs: 60_000 }, env: {} });
const app = { url: 'https://orx.example', title: 'orx', categories: 'cli-agent' };
const api = createOpenRouterApi({ http, baseUrl: url, apiKey: 'any', app, userAgent: 'orx', now: Date.now });
const ledger = await openLedger({ folder, name: 'ledger' });
const { models } = await api.catalogue!.listModels();
const endpoints = new Map(
  await Promise.all(MODELS.map(async (id) => [id, (await api.endpoints!.listEndpoints(id)).endpoints] as const)),
);
const unexpected: string[] = [];
const accounting: Accounting = {
  ledger,
  labels: {
    command: 'chat',
    conversation: `worker-${process.pid}`,
    profile: 'default',
    project: '/work',
    api: url,
    vendor: 'openrouter',
  },
  turn: () => 'turn',
  now: Date.now,
  newId: () => entryId(Date.now(), randomBytes(16)),
  limitsRequests: true,
  keepsPriceLimit: true,
  findModel: async () => undefined,
  addressOf: () => undefined,
  patienceMs: 60_000,
  waitsFor: 'others',
  sleep: (ms, signal) => wait(ms, undefined, { signal }),
  findPrices: async (names) =>
    names.map((name) => ({ model: models.find(({ id }) => id === name), endpoints: endpoints.get(name) })),
  note: (note) => {
    if (note.type === 'unrecorded') unexpected.push(String(note.error));
  },
};
const stream = record(api.streamCompletion, accounting);

let [answered, refused, spent] = [0, 0, decimal(0)];
for (let index = 0; index < Number(count); index += 1) {
  const model = MODELS[index % MODELS.length]!;
  const messages = [{ role: 'user' as const, content: `question ${index} of ${process.pid}` }];
  const { answer, error } = await collectAnswer(
    stream({ model, messages, stream: true, maxTokens: 20 + (index % 7) * 30 }),
    () => undefined,
  );
  if (error instanceof OrxError && error.code === 'budget') refused += 1;
  else if (error !== undefined) unexpected.push(String(error));
  else {
    answered += 1;
    spent = spent.plus(answer.usage?.cost ?? 0);
  }
}
ledger.close();
await http.close();
process.stdout.write(`${JSON.stringify({ answered, refused, spent: decimalText(spent), unexpected })}\n`);
