import { type Message, messageText } from '../apis/message.ts';
import { type Topic, TOPICS, type Voice, voiceOf } from './answer-topics.ts';
import type { ModelFacts } from './model-facts.ts';
import { pick, seededRandom } from './random.ts';

const QUOTED = 80;

/**
 * The simulated answer: it follows from the model, the messages and the seed alone, says in its first sentence what it is, and
 * refers to the prompt.
 */
export function answerText(model: ModelFacts, messages: readonly Message[], seed: number): string {
  const random = seededRandom(seed);
  const voice = voiceOf(model.id);
  const topics = chooseTopics(random, voice);
  const parts = [introduction(model, messages), voice.lead];
  for (const topic of topics) {
    if (voice.hasTitles && topics.length > 1) parts.push(`## ${topic.title}`);
    parts.push(paragraph(random, topic));
  }
  const listed = topics.at(-1)!;
  if (voice.list !== 'none')
    parts.push(listed.points.map((point, index) => `${voice.list === 'bullets' ? '-' : `${index + 1}.`} ${point}`).join('\n'));
  if (voice.code !== undefined && topics.length > 1) parts.push(`\`\`\`sh\n${voice.code}\n\`\`\``);
  if (voice.close !== undefined) parts.push(voice.close);
  return parts.join('\n\n');
}

/** What a reasoning model "thinks": `effort` from 1 to 5 sets how long. */
export function reasoningText(messages: readonly Message[], seed: number, effort: number): string {
  const random = seededRandom(seed ^ 0x5eed);
  const steps = [
    `The prompt is ${quote(lastUserText(messages))}.`,
    'I am simulated by the orx sandbox, so there is nothing to find out.',
  ];
  for (let step = 0; step < effort * 2; step += 1) steps.push(pick(random, pick(random, TOPICS).sentences));
  steps.push('That is enough: now the answer.');
  return steps.join(' ');
}

function introduction(model: ModelFacts, messages: readonly Message[]): string {
  const prompt = lastUserText(messages);
  const sentences = [`This is a simulated answer from the orx sandbox, not from ${model.name}.`];
  sentences.push(prompt.trim() === '' ? 'Your prompt was empty.' : `You asked ${quote(prompt)} (${countWords(prompt)}).`);
  const system = messages.find(({ role }) => role === 'system');
  if (system !== undefined) sentences.push(`The system prompt, ${quote(messageText(system))}, came with it.`);
  const turns = messages.filter(({ role }) => role === 'user').length;
  if (turns > 1) sentences.push(`This is turn ${turns} of our conversation.`);
  return sentences.join(' ');
}

function chooseTopics(random: () => number, voice: Voice): readonly Topic[] {
  const [least, most] = voice.topics;
  const left = [...TOPICS];
  const count = least + Math.floor(random() * (most - least + 1));
  return Array.from({ length: count }, () => left.splice(Math.floor(random() * left.length), 1)[0]!);
}

function paragraph(random: () => number, topic: Topic): string {
  const skipped = random() < 0.5 ? -1 : Math.floor(random() * topic.sentences.length);
  return topic.sentences.filter((_, index) => index !== skipped).join(' ');
}

function lastUserText(messages: readonly Message[]): string {
  const last = messages.findLast(({ role }) => role === 'user');
  return last === undefined ? '' : messageText(last);
}

function quote(text: string): string {
  const line = text.trim().replace(/\s+/g, ' ');
  const characters = Array.from(line.slice(0, QUOTED * 2));
  return `“${characters.length > QUOTED || line.length > QUOTED * 2 ? `${characters.slice(0, QUOTED).join('')}…` : line}”`;
}

function countWords(text: string): string {
  const count = text.split(/\s+/).filter((word) => word !== '').length;
  return count === 1 ? '1 word' : `${count} words`;
}
