import { type Message, messageText } from '../apis/message.ts';
import {
  type AnswerFacts,
  answerCharge,
  dollars,
  firstTokenText,
  lastPrompt,
  pricesPerMillion,
  quoted,
  nameWithoutMaker,
  table,
} from './answer-facts.ts';
import { type Topic, TOPICS } from './answer-topics.ts';
import { pick, seededRandom } from './random.ts';
import { SPECIAL_MODELS, specialName } from './special-models.ts';
import { countPieces } from './token-pieces.ts';

/** An answer that states its own length is generated again until the stated length is right. */
const MOST_PASSES = 5;

/**
 * Returns the simulated answer, which depends only on the request, its route and the seed. Its first sentence states that it is
 * simulated; then it reports what orx just did, and suggests something to try next.
 */
export function answerText(facts: AnswerFacts, seed: number): string {
  let count = 0;
  for (let pass = 0; pass < MOST_PASSES; pass += 1) {
    const text = answerOf(facts, seed, count);
    const length = countPieces(text);
    if (length === count) return text;
    // When a length shortens the cost by one digit, the passes would alternate forever; a line end adds the missing token.
    if (length === count - 1 && pass > 1) return `${text}\n`;
    count = length;
  }
  return answerOf(facts, seed, count);
}

function answerOf(facts: AnswerFacts, seed: number, textTokens: number): string {
  const random = seededRandom(seed);
  const report = pick(random, REPORTS);
  const topic = chooseTopic(random, lastPrompt(facts.messages));
  return [introduction(facts), report(facts, textTokens), `## ${topic.title}`, topic.body(facts)].join('\n\n');
}

/** Returns the topic that matches the prompt, else a random one. */
function chooseTopic(random: () => number, prompt: string): Topic {
  const any = pick(random, TOPICS);
  return TOPICS.find(({ isAbout }) => isAbout.test(prompt)) ?? any;
}

function introduction(facts: AnswerFacts): string {
  const { messages, asked, promptTokens } = facts;
  const special = specialName(asked.id);
  const name = special === undefined ? `, not from ${nameWithoutMaker(facts.model)}` : '';
  return `This is a simulated answer from the orx sandbox${name}. ${promptSentence(messages, promptTokens)}${notes(facts).join('')}`;
}

function promptSentence(messages: readonly Message[], tokens: number): string {
  const prompt = lastPrompt(messages);
  const system = messages.find(({ role }) => role === 'system');
  const before = messages.filter(({ role }) => role === 'user').length - 1;
  const media = messages
    .flatMap(({ content }) => (typeof content === 'string' ? [] : content))
    .filter(({ type }) => type !== 'text');
  const parts = [
    prompt.trim() === '' ? 'Your empty prompt' : `Your prompt ${quoted(prompt)}`,
    ...(media.length === 0 ? [] : [counted(media.length, 'attachment')]),
    ...(before < 1 ? [] : [before === 1 ? 'the turn before it' : `the ${before} turns before it`]),
    ...(system === undefined ? [] : [`the system prompt ${quoted(messageText(system))}`]),
  ];
  const subject = parts.length === 1 ? parts[0]! : `${parts.slice(0, -1).join(', ')} and ${parts.at(-1)!}`;
  return `${subject} ${parts.length === 1 ? 'counts' : 'count'} as ${counted(tokens, 'input token')}.`;
}

/** Returns what is unusual about this request. */
function notes({ requested, model, asked, failures, imageTokens, endpoint }: AnswerFacts): string[] {
  const special = specialName(asked.id);
  const first = failures[0];
  return [
    ...(special === undefined ? [] : [` **${asked.id}**: ${SPECIAL_MODELS[special]}`]),
    ...(first === undefined
      ? []
      : [` ${counted(failures.length, 'attempt')} failed first (${first.provider}: ${first.status}).`]),
    ...(requested === model.id || asked.id === model.id || special !== undefined
      ? []
      : [` \`${asked.id}\` stands for \`${model.id}\` here.`]),
    ...(imageTokens === 0 ? [] : [` The image is a placeholder, counted as ${imageTokens} tokens at ${endpoint.provider}.`]),
  ];
}

/** Ways to report what orx just did. */
const REPORTS: readonly ((facts: AnswerFacts, textTokens: number) => string)[] = [
  (facts, textTokens) => {
    const { model, endpoint, promptTokens, reasoningTokens, imageTokens } = facts;
    const { input, output } = pricesPerMillion(model, endpoint);
    const charge = answerCharge(facts, textTokens);
    const count = textTokens + reasoningTokens + imageTokens;
    return [
      '## What it costs',
      table(
        [endpoint.provider, 'tokens', '$ per million', 'cost'],
        [
          ['input', String(promptTokens), input, dollars(charge.prompt)],
          [
            reasoningTokens === 0 ? 'output' : `output (${reasoningTokens} reasoning)`,
            String(count),
            output,
            dollars(charge.completion),
          ],
          ['**total**', String(promptTokens + count), '', `**${dollars(charge.total)}**`],
        ],
      ),
      '> The cost is simulated: you pay nothing.',
    ].join('\n\n');
  },
  ({ model, asked, endpoint, available }) =>
    [
      '## What orx just did',
      [
        `1. **Routed** \`${model.id}\` to ${endpoint.provider}, ${available.length === 1 ? 'its only provider' : `the first of ${available.length} providers`}`,
        `2. **Waited** ${firstTokenText(endpoint, specialName(asked.id))} for the first token`,
        `3. **Streamed** this text at ${endpoint.throughput} tokens per second`,
        '4. **Counted** the tokens and computed what they would have cost',
      ].join('\n'),
    ].join('\n\n'),
  (facts, textTokens) => {
    const { model, asked, endpoint } = facts;
    return (
      `${endpoint.provider} would have charged **${dollars(answerCharge(facts, textTokens).total)}** for this request to \`${model.id}\`. ` +
      `The first token took ${firstTokenText(endpoint, specialName(asked.id))}, then the text came at ${endpoint.throughput} tokens per second. ` +
      'Only the model and the charge are simulated: the request, the stream and this *rendered* Markdown are real.'
    );
  },
  (facts, textTokens) => {
    const { promptTokens, reasoningTokens, imageTokens, model, asked, endpoint } = facts;
    return [
      '## What orx just did',
      [
        `- Model: \`${model.id}\` at **${endpoint.provider}**`,
        `- Tokens: ${promptTokens} in, ${textTokens + reasoningTokens + imageTokens} out`,
        `- Cost: ${dollars(answerCharge(facts, textTokens).total)}, simulated`,
        `- Speed: first token after ${firstTokenText(endpoint, specialName(asked.id))}, then ${endpoint.throughput} tokens/s`,
      ].join('\n'),
    ].join('\n\n');
  },
];

const REASONING = [
  'A real model would reason about the problem here before it answers.',
  'orx shows reasoning dimmed while it streams, and folds it in a conversation.',
  'Reasoning is charged as output, so it can cost more than the answer itself.',
  'A lower --effort makes it shorter.',
  'With -R orx does not show it, and --exclude-reasoning asks the API not to send it.',
  'The receipt counts its tokens separately.',
  'Models differ: some reason always, some on request, some never.',
  'orx models --reasoning lists those that can.',
  '/reasoning prints it again in a conversation.',
  'A higher effort helps with hard problems and wastes money on easy ones.',
];

/** Returns the simulated reasoning of a model. `effort` from 1 to 5 determines its length. */
export function reasoningText(messages: readonly Message[], seed: number, effort: number): string {
  const start = Math.floor(seededRandom(seed ^ 0x5eed)() * REASONING.length);
  const steps = Array.from({ length: effort * 2 }, (_, step) => REASONING[(start + step) % REASONING.length]!);
  return [
    `The prompt is ${quoted(lastPrompt(messages))}.`,
    'This is the orx sandbox, so no model is involved.',
    ...steps,
    'Now the answer.',
  ].join(' ');
}

function counted(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? '' : 's'}`;
}
