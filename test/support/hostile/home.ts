import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { openConversations } from '../../../src/storage/conversations/open-conversations.ts';
import { openLedger } from '../../../src/storage/ledger/open-ledger.ts';
import { finished } from '../conversation-entries.ts';
import { makeEntry } from '../ledger-report.ts';
import { CATALOGUE, MODELS } from './api.ts';
import { HOSTILE, HOSTILE_NAME } from './text.ts';

/** Fills a folder with settings, a ledger, conversations, templates, tools and files in which every text is an attack. */
export async function fillHostileHome(home: string): Promise<void> {
  const data = join(home, 'data');
  mkdirSync(join(home, 'templates'), { recursive: true });
  mkdirSync(data, { recursive: true });
  await fillLedger(data);
  await fillConversations(data);
  const json = (name: string, value: unknown): void => writeFileSync(join(home, name), JSON.stringify(value), { mode: 0o600 });
  json('config.json', {
    system: HOSTILE,
    aliases: { bad: `evil/${HOSTILE}`, good: MODELS.answers },
    favorites: [`evil/${HOSTILE}`, MODELS.answers],
    user: HOSTILE,
    stop: [HOSTILE],
    profiles: { bad: { system: HOSTILE, model: `evil/${HOSTILE}`, [HOSTILE]: HOSTILE }, [HOSTILE]: { seed: HOSTILE } },
    vendors: {
      lab: { baseUrl: 'https://127.0.0.1:9/v1', key: 'sk-lab-0123456789', keyOrigin: 'https://127.0.0.1:9', model: HOSTILE },
    },
  });
  json('before.json', { data: CATALOGUE.map((model) => ({ ...model, pricing: { prompt: '0.1', completion: '0.2' } })).slice(1) });
  json('after.json', { data: CATALOGUE });
  const stdio = (command: readonly string[]) => ({ server: { type: 'stdio', command, env: { [HOSTILE_NAME]: HOSTILE } } });
  const word = HOSTILE.replaceAll('\u0000', '');
  json('mcp.json', {
    [`bad ${HOSTILE}`]: stdio([HOSTILE, HOSTILE]),
    broken: { server: { type: 'http', url: `https://evil.example/${HOSTILE}`, headers: { [HOSTILE]: HOSTILE } } },
    damaged: { server: HOSTILE },
    tells: stdio(['/bin/sh', '-c', 'printf %s "$1" >&2; printf %s "$1"; exit 3', 'sh', word]),
  });
  const clientKey = { name: 'bad', hash: 'a'.repeat(64), ending: HOSTILE, createdAt: 1, models: [HOSTILE], tags: [HOSTILE] };
  json(join('data', 'gateway-keys.json'), { keys: [clientKey, { ...clientKey, name: HOSTILE, hash: 'b'.repeat(64) }] });
  writeFileSync(
    join(home, 'templates', 'plain.md'),
    `---\ndescription: ${JSON.stringify(HOSTILE)}\nmodel: ${MODELS.answers}\n---\n${HOSTILE}\n`,
  );
  writeFileSync(join(home, 'templates', 'wrong.md'), `---\n${HOSTILE}: [\n---\n`);
  writeFileSync(join(home, HOSTILE_NAME), HOSTILE.replaceAll('\u0000', ''));
  const row = { question: HOSTILE, answer: HOSTILE, id: HOSTILE, [HOSTILE]: HOSTILE };
  writeFileSync(join(home, 'cases.jsonl'), `${JSON.stringify(row)}\n`);
  writeFileSync(join(home, 'lines.jsonl'), `{"id": "${HOSTILE_NAME}"}\n`);
  writeFileSync(join(data, 'prompts.jsonl'), `${JSON.stringify(`earlier ${HOSTILE}`)}\n`);
  writeFileSync(join(home, 'tools.yaml'), TOOLS, { mode: 0o600 });
  const lanes = [HOSTILE, 'b/two'].map((name) => ({ name, model: name }));
  const decision = { version: 1, at: 1, prompt: HOSTILE, lanes, orx: HOSTILE };
  const vote = { ...decision, type: 'vote', slots: [0, 1], choice: { best: 0 }, shownMs: 1 };
  const verdict = { ...decision, type: 'verdict', judge: HOSTILE, games: [], winner: 'first' };
  writeFileSync(join(data, 'votes.jsonl'), `${JSON.stringify(vote)}\n`);
  writeFileSync(join(data, 'verdicts.jsonl'), `${JSON.stringify(verdict)}\n`);
}

const TOOLS = `
tools:
  tell:
    description: ${JSON.stringify(HOSTILE)}
    parameters: { word: string }
    command: [/bin/sh, -c, 'printf "%s" "$1"; printf "\\\\233\\\\33]0;PWN\\\\7"; printf "%s" "$1" >&2; exit 3', sh, '{{word}}']
`;

async function fillLedger(folder: string): Promise<void> {
  const ledger = await openLedger({ folder, name: 'ledger' });
  const fields = {
    requestedModel: `evil/${HOSTILE}`,
    servedModel: `evil/${HOSTILE}`,
    provider: HOSTILE,
    project: `/srv/${HOSTILE}`,
    profile: HOSTILE,
    command: HOSTILE,
    generationId: HOSTILE,
    errorKind: HOSTILE,
    promptTokens: 20_000,
    completionTokens: 300,
    cost: '0.5',
    timeToFirstTokenMs: 400,
    durationMs: 2000,
    throughput: 50,
  } as const;
  const hour = 3_600_000;
  ledger.import([
    ...Array.from({ length: 12 }, (_, at) => makeEntry(Date.now() - at * hour, { ...fields, conversation: `c-${HOSTILE}` })),
    makeEntry(Date.now() - hour, { requestedModel: MODELS.answers, cost: '1', conversation: 'c2', promptTokens: 9000 }),
    makeEntry(Date.now() - hour, { requestedModel: MODELS.answers, outcome: 'failed', conversation: 'c2' }),
  ]);
  ledger.setBudget({ period: 'month', limit: '100', warnAt: 0.01, model: 'evil/*' });
  ledger.setBudget({ period: 'month', limit: '100', warnAt: 0.01, project: `/srv/${HOSTILE}`, profile: HOSTILE });
  ledger.close();
}

async function fillConversations(folder: string): Promise<void> {
  const store = await openConversations({ folder, name: 'conversations', now: Date.now });
  for (const [id, title] of [
    ['01aaaaaaaaaaaaaaaaaaaaaaaa', `title ${HOSTILE}`],
    ['01bbbbbbbbbbbbbbbbbbbbbbbb', `other ${HOSTILE}`],
  ] as const) {
    const started = {
      id,
      title,
      createdAt: Date.now(),
      model: `evil/${HOSTILE}`,
      system: HOSTILE,
      project: '/work',
      profile: HOSTILE,
    };
    const question = { at: Date.now(), message: { role: 'user' as const, content: `needle ${HOSTILE}` } };
    const { answer } = store.begin(started, [question], Date.now());
    const toolCalls = [{ id: HOSTILE, name: HOSTILE, arguments: HOSTILE }];
    store.finish(answer, {
      ...finished(`\`\`\`\n${HOSTILE}`),
      message: { role: 'assistant', content: `\`\`\`\n${HOSTILE}`, toolCalls },
      model: `evil/${HOSTILE}`,
      provider: HOSTILE,
      reasoning: HOSTILE,
      generationId: HOSTILE,
      finishReason: HOSTILE,
      images: [`https://evil.example/${HOSTILE}`],
    });
  }
  store.close();
}
