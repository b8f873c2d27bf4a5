import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { anthropicWire } from '../../support/fake-vendors/anthropic.ts';
import { chatWire } from '../../support/fake-vendors/chat-completions.ts';
import { geminiWire } from '../../support/fake-vendors/gemini.ts';
import { ollamaWire } from '../../support/fake-vendors/ollama.ts';
import type { Spoken, Wire } from '../../support/fake-vendors/spoken.ts';
import { type FakeVendor, startFakeVendor } from '../../support/fake-vendors/start.ts';
import { runOrx } from '../../support/run-orx.ts';
import { type SdkBody, type SdkName, sdkFaults } from '../../support/sdk-requests.ts';
import { tempFolder } from '../../support/temp-home.ts';
import { PNG } from '../../support/vendor-requests.ts';

const IMAGE = PNG.slice(PNG.indexOf(',') + 1);
const KEYS = {
  routed: 'sk-or-v1-0123456789abcdef',
  claude: 'sk-ant-0123456789',
  gemini: 'AIza0123456789',
  lab: 'lab-0123456789',
};

interface Guest {
  model: string;
  sdk?: SdkName;
  wire: Wire;
  key?: string;
}

const GUESTS: readonly Guest[] = [
  { model: 'anthropic/claude-sonnet-4.5', wire: chatWire('routed', { reasoning: 'details' }), key: KEYS.routed },
  { model: 'anthropic:claude-sonnet-4-6', sdk: 'anthropic', wire: anthropicWire('claude'), key: KEYS.claude },
  { model: 'gemini:gemini-3-pro-preview', sdk: 'gemini', wire: geminiWire('gemini'), key: KEYS.gemini },
  { model: 'lab:some/model', sdk: 'compatible', wire: chatWire('lab', { reasoning: 'reasoning' }), key: KEYS.lab },
  { model: 'ollama:llama3.2:3b', sdk: 'ollama', wire: ollamaWire() },
];

/** Two calls at once, a third call, and the answer, with reasoning before each. */
function answersOf(turn: number): readonly Spoken[] {
  const weather = (city: string): Spoken['calls'][number] => ({ name: 'weather', arguments: { city } });
  return [
    {
      reasoning: `Which cities? ${turn}`,
      text: `Let me see ${turn}.`,
      calls: [weather(`Berlin ${turn}`), weather(`Paris ${turn}`)],
    },
    { reasoning: `And Oslo. ${turn}`, text: '', calls: [weather(`Oslo ${turn}`)] },
    { reasoning: `Done. ${turn}`, text: `It rains everywhere ${turn}.`, calls: [] },
  ];
}

test('orx chat -c continues with one vendor after another, with tools, an image and reasoning', async () => {
  const waiting: Spoken[] = [];
  const fakes: FakeVendor[] = [];
  for (const { wire } of GUESTS) fakes.push(await startFakeVendor(wire, () => waiting.shift()!));
  const [routed, claude, gemini, lab, ollama] = fakes.map(({ server }) => server);
  const home = tempFolder();
  writeFileSync(join(home, 'image.png'), Buffer.from(IMAGE, 'base64'));
  writeFileSync(
    join(home, 'tools.yaml'),
    `tools:\n  weather:\n    description: The weather of a city.\n    parameters: { city: string }\n    command: [/usr/bin/printf, 'Rain in %s.', '{{city}}']\n    read-only: true\n`,
  );
  const env = {
    OPENROUTER_API_KEY: KEYS.routed,
    OPENROUTER_BASE_URL: routed!.url,
    ANTHROPIC_API_KEY: KEYS.claude,
    ANTHROPIC_BASE_URL: claude!.origin,
    GEMINI_API_KEY: KEYS.gemini,
    GOOGLE_GEMINI_BASE_URL: gemini!.origin,
    OLLAMA_HOST: ollama!.origin,
    LAB_KEY: KEYS.lab,
    ORX_RETRIES: '0',
  };
  const added = await runOrx(['vendors', 'add', 'lab', '--base-url', `${lab!.origin}/v1`, '--key-variable', 'LAB_KEY'], {
    home,
    env,
  });
  expect(added).toMatchObject({ code: 0 });

  const said: string[] = [];
  const checked: SdkBody[] = [];
  const order = [0, 1, 2, 3, 4, 3, 1, 2, 1, 0];
  for (const [turn, guest] of order.entries()) {
    const { model, sdk } = GUESTS[guest]!;
    const answers = answersOf(turn);
    waiting.push(...answers);
    const { bodies } = fakes[guest]!;
    const start = bodies.length;
    const place = turn === 0 ? ['--attach', 'image.png'] : ['-c'];
    const args = ['chat', ...place, '-m', model, '--effort', 'high', '--tool', 'weather', '--allow-tool', 'weather', '--json'];
    const run = await runOrx([...args, `Question ${turn}?`], { home, env });
    expect(run).toMatchObject({ code: 0 });
    expect(JSON.parse(run.stdout)).toMatchObject({ content: `It rains everywhere ${turn}.` });
    const sent = bodies.slice(start);
    expect(sent).toHaveLength(answers.length);
    said.push(
      `Question ${turn}?`,
      `Let me see ${turn}.`,
      ...['Berlin', 'Paris', 'Oslo'].map((city) => `Rain in ${city} ${turn}.`),
    );
    const last = JSON.stringify(sent.at(-1));
    expect(said.filter((text) => !last.includes(text))).toEqual([]);
    expect(last.split(IMAGE)).toHaveLength(2);
    said.push(`It rains everywhere ${turn}.`);
    if (sdk !== undefined) checked.push({ sdk, body: sent.at(-1) });
  }
  expect(fakes.flatMap(({ faults }) => faults)).toEqual([]);
  expect((await sdkFaults(checked)).flat()).toEqual([]);
  // A key is sent only to its own vendor.
  for (const [index, { server }] of fakes.entries()) {
    const text = JSON.stringify(server.requests.map(({ url, headers }) => [url, headers]));
    expect(Object.values(KEYS).filter((key) => text.includes(key))).toEqual(
      [GUESTS[index]!.key].filter((key) => key !== undefined),
    );
  }
});
