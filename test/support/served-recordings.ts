import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { hasRecordings, readRecordings } from './recordings.ts';
import { anthropicAnswers, anthropicExpected, anthropicMessage } from './vendor-oracles/anthropic.ts';
import { readChatCompletions } from './vendor-oracles/chat-completions.ts';
import { cohereExpected } from './vendor-oracles/cohere.ts';
import type { Expected } from './vendor-oracles/expected.ts';
import { geminiExpected } from './vendor-oracles/gemini.ts';
import { responsesExpected } from './vendor-oracles/responses.ts';

const FOLDERS = ['vendor-streams', 'vendor-chunks-jsonl', 'vendor-errors'] as const;
type Folder = (typeof FOLDERS)[number];
const folderPath = (folder: Folder): string => fileURLToPath(new URL(`../../../shared/fixtures/${folder}`, import.meta.url));

/** Whether recorded vendor traffic is available. */
export const hasVendorTraffic = FOLDERS.map((folder) => hasRecordings(folder)).every(Boolean);

type Wire = 'anthropic' | 'chat-completions' | 'cohere' | 'gemini' | 'responses';

/** One answer or error as a vendor's server sends it, with the result of an independent reader. */
export interface ServedRecording {
  /** Folder and name of the source file. */
  file: string;
  name: string;
  vendor: string;
  /** orx's name for the vendor in messages. */
  label: string;
  wire: Wire;
  /** Name of the model in the recording, without its vendor. */
  model: string | undefined;
  /** The provider behind the vendor, if the recording names one. */
  provider?: string | undefined;
  status: number;
  contentType: string;
  body: Buffer;
  expected: Expected;
}

/** Vendors that orx knows. Any other host is a custom vendor with a name chosen by the user. */
const LABELS: Readonly<Record<string, string>> = {
  anthropic: 'Anthropic',
  cohere: 'Cohere',
  deepseek: 'DeepSeek',
  google: 'Google',
  groq: 'Groq',
  mistral: 'Mistral',
  openai: 'OpenAI',
  xai: 'xAI',
};

export const isKnownVendor = (name: string): boolean => name in LABELS;

const HOSTS: Readonly<Record<string, string>> = {
  'aiplatform.googleapis.com': 'google',
  'api.anthropic.com': 'anthropic',
  'api.cohere.com': 'cohere',
  'api.deepseek.com': 'deepseek',
  'api.mistral.ai': 'mistral',
  'api.openai.com': 'openai',
  'api.perplexity.ai': 'perplexity',
  'api.x.ai': 'xai',
  'generativelanguage.googleapis.com': 'google',
  // The table's Ollama uses its own API; the recordings use its chat completions.
  'ollama.com': 'ollama-cloud',
  'rubyllm.services.ai.azure.com': 'azure',
};

const PATHS: readonly (readonly [RegExp, Wire])[] = [
  [/\/chat\/completions/, 'chat-completions'],
  [/\/responses$/, 'responses'],
  [/\/messages$/, 'anthropic'],
  [/GenerateContent|generateContent/, 'gemini'],
  [/\/v2\/chat$/, 'cohere'],
];

/** The request path of each wire format. */
export const REQUEST_PATHS: Readonly<Record<Wire, RegExp>> = {
  anthropic: /\/messages$/,
  'chat-completions': /\/chat\/completions$/,
  cohere: /\/chat$/,
  gemini: /:streamGenerateContent\?alt=sse$/,
  responses: /\/responses$/,
};

/** A recording whose first and last line lack a brace; it is no answer. */
const MALFORMED = 'openai--parallel-tool-call-wrapper.1.chunks.txt';

/** Returns every file of the three folders except the notes next to them. */
export function vendorFiles(): string[] {
  return FOLDERS.flatMap((folder) =>
    readdirSync(folderPath(folder))
      .filter((name) => name !== 'SOURCE.md' && !name.endsWith('.meta.json'))
      .map((name) => `${folder}/${name}`),
  );
}

/** Returns the recordings of every file. A file with several answers gives one recording for each. */
export function servedRecordings(): ServedRecording[] {
  return [...streamRecordings(), ...chunkRecordings(), ...refusalRecordings()];
}

interface Source {
  file: string;
  name: string;
  vendor: string;
  wire: Wire;
}

function streamRecordings(): ServedRecording[] {
  return readRecordings('vendor-streams').flatMap(({ name, url, body, status }) => {
    const events = body
      .toString()
      .split(/\r?\n/)
      .filter((line) => line.startsWith('data: {'))
      .map((line) => JSON.parse(line.slice(6)));
    const source = { file: `vendor-streams/${name}`, name, vendor: HOSTS[new URL(url).host]!, wire: wireOfUrl(url) };
    return answersOf(source, events).map((answer, _, all) => served(answer, all.length === 1 ? body : undefined, status));
  });
}

function chunkRecordings(): ServedRecording[] {
  const folder = 'vendor-chunks-jsonl';
  return readdirSync(folderPath(folder)).flatMap((name) => {
    const [author = ''] = name.split('--');
    const text = readFileSync(`${folderPath(folder)}/${name}`, 'utf8');
    const vendor = author === 'openai-compatible' ? 'host' : author;
    const source = { file: `${folder}/${name}`, name, vendor, wire: wireOfText(text, author) };
    if (name.endsWith('.json')) return [wholeReply(source, text)];
    if (!name.endsWith('.chunks.txt')) return [];
    const lines = text.split('\n').filter((line) => line.trim() !== '');
    if (name !== MALFORMED) {
      const events = lines.map((line) => JSON.parse(line));
      return answersOf(source, events).map((answer) => served(answer));
    }
    const expected: Expected = { text: '', reasoning: '', calls: [], error: {} };
    const body = Buffer.from(lines.map((line) => `data: ${line}\n\n`).join(''));
    return [
      { ...source, label: labelOf(vendor), model: undefined, status: 200, contentType: 'text/event-stream', body, expected },
    ];
  });
}

function refusalRecordings(): ServedRecording[] {
  return readRecordings('vendor-errors').map(({ name, url, body, status, headers }) => {
    const vendor = url === '' ? name.split('-')[0]! : HOSTS[new URL(url).host]!;
    const wire = url === '' ? (vendor === 'anthropic' ? 'anthropic' : 'chat-completions') : wireOfUrl(url);
    const expected = { text: '', reasoning: '', calls: [], error: { status, message: refusalOf(body) } };
    const facts = { label: labelOf(vendor), model: undefined, status, contentType: headers['content-type']!, body, expected };
    return { file: `vendor-errors/${name}`, name, vendor, wire, ...facts };
  });
}

/** Returns a reply that is not streamed: an answer or an error. */
function wholeReply(source: Source, text: string): ServedRecording {
  const body = Buffer.from(text);
  const reply = JSON.parse(text);
  const facts = { ...source, label: labelOf(source.vendor), contentType: 'application/json', body };
  if (reply.error === undefined) {
    const expected = anthropicExpected([{ type: 'message_start', message: reply }]);
    return { ...facts, model: reply.model, status: 200, expected };
  }
  const expected = { text: '', reasoning: '', calls: [], error: { status: 400, message: refusalOf(body) } };
  return { ...facts, model: undefined, status: 400, expected };
}

interface OneAnswer extends Source {
  events: readonly any[];
}

/** Splits files that hold a whole conversation, one answer after the other. */
function answersOf(source: Source, events: readonly any[]): OneAnswer[] {
  const starts = events.flatMap(({ type }, at) => (type === 'response.created' ? [at] : []));
  const answers =
    source.wire === 'anthropic'
      ? anthropicAnswers(events)
      : source.wire === 'responses'
        ? starts.map((start, number) => events.slice(start, starts[number + 1]))
        : [events];
  return answers.map((answer, number) => ({
    ...source,
    name: answers.length === 1 ? source.name : `${source.name} #${number + 1}`,
    events: answer,
  }));
}

function served({ events, ...source }: OneAnswer, body?: Buffer, status = 200): ServedRecording {
  const { expected, model } = reading(source.wire, events);
  const provider: string | undefined = events.find((event) => event.provider !== undefined)?.provider;
  const named = source.wire === 'anthropic' || source.wire === 'responses';
  const framed = events.map((event) => `${named ? `event: ${event.type}\n` : ''}data: ${JSON.stringify(event)}\n\n`);
  // Perplexity and xAI end their streams without it.
  const hasEnd = source.wire === 'chat-completions' && !/perplexity|xai/.test(source.vendor);
  return {
    ...source,
    label: labelOf(source.vendor),
    model,
    provider,
    status,
    contentType: 'text/event-stream',
    body: body ?? Buffer.from([...framed, ...(hasEnd ? ['data: [DONE]\n\n'] : [])].join('')),
    expected,
  };
}

function reading(wire: Wire, events: readonly any[]): { expected: Expected; model: string | undefined } {
  const first = (pick: (event: any) => unknown): string | undefined =>
    events.map(pick).find((name) => typeof name === 'string' && name !== '') as string | undefined;
  switch (wire) {
    case 'anthropic': {
      const fallback = first(({ content_block: block }) => (block?.type === 'fallback' ? block.to.model : undefined));
      return { expected: anthropicExpected(events), model: fallback ?? anthropicMessage(events).message.model };
    }
    case 'chat-completions': {
      const body = Buffer.from(events.map((event) => `${JSON.stringify(event)}\n`).join(''));
      return { expected: readChatCompletions({ body, status: 200 }), model: first(({ model }) => model) };
    }
    case 'cohere':
      return { expected: cohereExpected(events), model: undefined };
    case 'gemini':
      return { expected: geminiExpected(events), model: first(({ modelVersion }) => modelVersion) };
    case 'responses':
      return { expected: responsesExpected(events), model: first(({ response }) => response?.model) };
  }
}

/** Returns the message of an error, wherever the vendor puts it. */
function refusalOf(body: Buffer): string {
  const reply = JSON.parse(body.toString());
  return reply.error?.message ?? reply.error ?? reply.message ?? reply.detail;
}

function wireOfUrl(url: string): Wire {
  return PATHS.find(([pattern]) => pattern.test(url))![1];
}

function wireOfText(text: string, author: string): Wire {
  if (text.includes('"response.created"')) return 'responses';
  if (author === 'anthropic' || author === 'cohere') return author;
  return author === 'google' ? 'gemini' : 'chat-completions';
}

function labelOf(vendor: string): string {
  return LABELS[vendor] ?? vendor;
}
