import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Answer } from '../../src/core/answer/answer.ts';
import { anthropicWire } from '../support/fake-vendors/anthropic.ts';
import { chatWire } from '../support/fake-vendors/chat-completions.ts';
import {
  askTurn,
  newTranscript,
  openTable,
  type Participant,
  type PlannedTurn,
  type Table,
  weatherOf,
} from '../support/fake-vendors/conversation.ts';
import { cohereWire } from '../support/fake-vendors/cohere.ts';
import { geminiWire } from '../support/fake-vendors/gemini.ts';
import { ollamaWire } from '../support/fake-vendors/ollama.ts';
import { responsesWire } from '../support/fake-vendors/responses.ts';
import type { Spoken } from '../support/fake-vendors/spoken.ts';
import { type SdkBody, sdkFaults } from '../support/sdk-requests.ts';
import { PNG } from '../support/vendor-requests.ts';

// One conversation that one vendor after another continues. Each fake signs its reasoning and rejects what the real vendor would reject.

/** Claude models accept what any of them signed. */
const claude = anthropicWire('direct');

const PARTICIPANTS: readonly Participant[] = [
  { model: 'anthropic/claude-sonnet-4.5', sdk: undefined, wire: chatWire('routed', { reasoning: 'details' }) },
  { model: 'anthropic:claude-sonnet-4-6', sdk: 'anthropic', wire: claude },
  { model: 'vllm:Qwen/Qwen3-8B', sdk: 'vllm', wire: chatWire('vllm', { reasoning: 'reasoning' }) },
  { model: 'google:gemini-3-pro-preview', sdk: 'gemini', wire: geminiWire('google') },
  // A model with a thinking budget.
  { model: 'anthropic:claude-sonnet-4-5', sdk: 'anthropic', wire: claude },
  {
    model: 'deepseek:deepseek-chat',
    sdk: 'compatible',
    wire: chatWire('deepseek', { reasoning: 'reasoning_content', demandsReasoning: true }),
    readsNoImages: true,
  },
  {
    model: 'mistral:magistral-medium-latest',
    sdk: 'mistral',
    wire: chatWire('mistral', { reasoning: 'thinking', ids: /^[A-Za-z0-9]{9}$/ }),
  },
  { model: 'openai:gpt-5-mini', sdk: 'responses', wire: responsesWire('openai') },
  { model: 'cohere:command-a-reasoning-08-2025', sdk: 'cohere', wire: cohereWire('cohere') },
  { model: 'ollama:llama3.2:3b', sdk: 'ollama', wire: ollamaWire() },
];
/** OpenRouter, Anthropic, Gemini and a compatible host. */
const FOUR = [0, 1, 2, 3];

/** Bodies that were sent, collected so that the compiler reads the SDKs once, after all conversations. */
const sent: SdkBody[] = [];

const CITIES = ['Berlin', 'Paris', 'Oslo'];
const anyCalls = fc
  .subarray(CITIES, { minLength: 1 })
  .map((cities): Spoken['calls'] => cities.map((city) => ({ name: 'weather', arguments: { city } })));
const anyReasoning = fc.constantFrom('', 'Which city?', 'First Berlin,\nthen Paris.');
const anyTurn: fc.Arbitrary<PlannedTurn> = fc.record({
  participant: fc.nat(PARTICIPANTS.length - 1),
  hasImage: fc.boolean(),
  answers: fc
    .tuple(
      fc.array(fc.record({ reasoning: anyReasoning, text: fc.constantFrom('', 'Let me see.'), calls: anyCalls }), {
        maxLength: 2,
      }),
      fc.record({ reasoning: anyReasoning, text: fc.constantFrom('It rains.', 'Here it is: 🌧'), calls: fc.constant([]) }),
    )
    .map(([steps, last]): readonly Spoken[] => [...steps, last]),
});

/** Runs the conversation and checks each answer and each request. */
async function converse(table: Table, planned: readonly PlannedTurn[]): Promise<void> {
  // Images sent to other participants are also a reason to reject a request.
  const readsImages = planned.every(({ participant }) => table.participants[participant]!.readsNoImages !== true);
  const turns = planned.map((turn) => ({ ...turn, hasImage: turn.hasImage && readsImages }));
  const transcript = newTranscript();
  const fakes = [...new Set(table.fakes)];
  const before = fakes.map(({ bodies, faults, losses }) => [bodies, faults, losses].map(({ length }) => length));
  /** Text that every later request must contain. */
  const said: string[] = [];
  let images = 0;
  for (const [index, turn] of turns.entries()) {
    const fake = table.fakes[turn.participant]!;
    const { sdk } = table.participants[turn.participant]!;
    const start = fake.bodies.length;
    const question = `Question ${index}?`;
    const outcome = await askTurn(table, transcript, turn, question);
    expect(outcome.error).toBeUndefined();
    expect(outcome.steps.map(({ answer }) => spokenOf(answer))).toEqual(turn.answers.map(({ text, calls }) => ({ text, calls })));
    said.push(question);
    images += turn.hasImage ? 1 : 0;
    for (const [step, body] of fake.bodies.slice(start).entries()) {
      const text = JSON.stringify(body);
      const { calls = [] } = turn.answers[step - 1] ?? {};
      if (step > 0) said.push(turn.answers[step - 1]!.text, ...calls.map(({ arguments: given }) => weatherOf(given['city'])));
      expect(said.filter((one) => !text.includes(JSON.stringify(one).slice(1, -1)))).toEqual([]);
      expect(text.split(PNG.slice(PNG.indexOf(',') + 1)).length - 1).toBe(images);
    }
    // The last request of a turn contains everything that the earlier ones sent.
    if (sdk !== undefined) sent.push({ sdk, body: fake.bodies.at(-1) });
    said.push(turn.answers.at(-1)!.text);
  }
  expect(
    fakes.flatMap(({ faults, losses }, index) => [...faults.slice(before[index]![1]), ...losses.slice(before[index]![2])]),
  ).toEqual([]);
  const asked = fakes.map(({ bodies }, index) => bodies.length - before[index]![0]!);
  expect(asked.reduce((sum, count) => sum + count)).toBe(turns.reduce((sum, { answers }) => sum + answers.length, 0));
}

function spokenOf({ text, toolCalls }: Answer): Pick<Spoken, 'text' | 'calls'> {
  return { text, calls: toolCalls.map(({ name, arguments: given }) => ({ name, arguments: JSON.parse(given) })) };
}

/** Reasons, writes text, calls two tools at once, then a third one, and answers. */
const FULL: readonly Spoken[] = [
  {
    reasoning: 'First Berlin,\nthen Paris.',
    text: 'Let me see.',
    calls: ['Berlin', 'Paris'].map((city) => ({ name: 'weather', arguments: { city } })),
  },
  { reasoning: 'And Oslo.', text: '', calls: [{ name: 'weather', arguments: { city: 'Oslo' } }] },
  { reasoning: 'Done.', text: 'It rains.', calls: [] },
];

function orders<T>(items: readonly T[]): readonly (readonly T[])[] {
  if (items.length === 0) return [[]];
  return items.flatMap((item) => orders(items.filter((one) => one !== item)).map((rest) => [item, ...rest]));
}

describe('a conversation with tools, images and reasoning', () => {
  test('goes from one vendor to the next and back, in every order', async () => {
    const table = await openTable(PARTICIPANTS);
    for (const order of orders(FOUR)) {
      const back = order.toReversed().slice(1);
      await converse(
        table,
        [...order, ...back].map((participant, index) => ({ participant, hasImage: index === 0, answers: FULL })),
      );
    }
  });

  test('continues with any vendor after any other', async () => {
    const table = await openTable(PARTICIPANTS);
    await fc.assert(
      fc.asyncProperty(fc.array(anyTurn, { minLength: 2, maxLength: 6 }), (turns) => converse(table, turns)),
      { numRuns: 60 },
    );
  });

  test('continues with another vendor when one fails mid-turn', async () => {
    const table = await openTable(PARTICIPANTS);
    const [first, second, third] = FULL;
    for (const [one, { model }] of PARTICIPANTS.entries()) {
      for (const [other, { sdk }] of PARTICIPANTS.entries()) {
        const [failing, answering] = [table.fakes[one]!, table.fakes[other]!];
        if (failing === answering) continue;
        const turn: PlannedTurn = { participant: one, fallback: other, hasImage: false, answers: FULL };
        const outcome = await askTurn(table, newTranscript(), turn, `Question ${one} ${other}?`, [
          first!,
          'down',
          second!,
          'down',
          third!,
        ]);
        expect([model, outcome.error, failing.faults, answering.faults]).toEqual([model, undefined, [], []]);
        expect([...failing.losses, ...answering.losses]).toEqual([]);
        expect(outcome.steps.map(({ answer }) => spokenOf(answer))).toEqual(FULL.map(({ text, calls }) => ({ text, calls })));
        if (sdk !== undefined) sent.push({ sdk, body: answering.bodies.at(-1) });
      }
    }
  });

  test("sent requests that the types of the vendors' own SDKs accept", async () => {
    expect(sent.length).toBeGreaterThan(100);
    const faults = await sdkFaults(sent);
    expect(sent.flatMap((one, index) => (faults[index]!.length === 0 ? [] : { ...one, faults: faults[index] }))).toEqual([]);
  });
});
