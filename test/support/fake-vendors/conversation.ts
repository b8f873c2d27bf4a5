import { onTestFinished } from 'vitest';
import { loadVendorDialects } from '../../../src/apis/direct/dialects.ts';
import { directedApi } from '../../../src/apis/direct/directed-api.ts';
import { createVendorApi } from '../../../src/apis/direct/vendor-api.ts';
import { parseDirectId } from '../../../src/apis/direct-id.ts';
import type { StreamCompletion } from '../../../src/apis/completion.ts';
import type { ContentPart, Message } from '../../../src/apis/message.ts';
import { createOpenRouterApi } from '../../../src/apis/openrouter/openrouter-api.ts';
import { findVendor } from '../../../src/apis/vendors.ts';
import { requestSender } from '../../../src/commands/turn/ask.ts';
import type { Chat } from '../../../src/commands/turn/open.ts';
import { createTranscript } from '../../../src/core/conversation/create-transcript.ts';
import type { Transcript } from '../../../src/core/conversation/transcript.ts';
import { fallback } from '../../../src/core/pipeline/fallback.ts';
import { runWithTools, type ToolOutcome } from '../../../src/core/tools/run-with-tools.ts';
import { withWireNames } from '../../../src/core/tools/wire-names.ts';
import { createHttpClient } from '../../../src/http/client.ts';
import { silentView } from '../../../src/output/chat/answer-view.ts';
import { NOW } from '../conversation-entries.ts';
import type { SdkName } from '../sdk-requests.ts';
import { resolved } from '../settings.ts';
import { PNG, WEATHER } from '../vendor-requests.ts';
import type { Spoken, Wire } from './spoken.ts';
import { type FakeVendor, startFakeVendor } from './start.ts';

/** A model that can continue a conversation, with its vendor. */
export interface Participant {
  /** The name the user types. */
  model: string;
  sdk: SdkName | undefined;
  wire: Wire;
  readsNoImages?: boolean;
}

/** One question and its answers: all but the last answer call tools. */
export interface PlannedTurn {
  /** Index of the participant that receives the request. */
  participant: number;
  hasImage: boolean;
  answers: readonly Spoken[];
  /** Index of the participant that receives the request if the first one is down. */
  fallback?: number;
}

/** The reply to each request, at any vendor. `down`: the vendor is unavailable. */
type Script = readonly (Spoken | 'down')[];

export interface Table {
  participants: readonly Participant[];
  /** The fake vendor of each participant; participants of one vendor share it. */
  fakes: readonly FakeVendor[];
  stream: StreamCompletion;
  say: (answers: Script) => void;
}

const OFFERED = withWireNames([
  {
    label: WEATHER.name,
    description: WEATHER.description!,
    parameters: WEATHER.parameters!,
    isReadOnly: true,
    call: async (values) => ({ text: weatherOf(values['city']), isError: false }),
  },
]);

export function weatherOf(city: unknown): string {
  return `It rains in ${String(city)}.`;
}

const ROUTER = 'openrouter';
const whoHas = (model: string): string => parseDirectId(model)?.vendor ?? ROUTER;

/** Starts a server for each vendor and the client that sends requests to them as the program does. */
export async function openTable(participants: readonly Participant[]): Promise<Table> {
  const waiting: Script[number][] = [];
  const http = createHttpClient({ limits: { connectMs: 60_000, firstByteMs: 60_000, idleMs: 60_000 }, env: {} });
  onTestFinished(() => http.close());
  const servers = new Map<string, FakeVendor>();
  for (const { model, wire } of participants) {
    if (servers.has(whoHas(model))) continue;
    const next = (): Script[number] => waiting.shift() ?? { reasoning: '', text: 'nothing was planned', calls: [] };
    servers.set(whoHas(model), await startFakeVendor(wire, next));
  }
  const given = { http, apiKey: 'key', userAgent: 'orx/test', now: () => NOW };
  const app = { url: 'https://app.example', title: 'app', categories: 'cli-agent' };
  const router = createOpenRouterApi({ ...given, baseUrl: servers.get(ROUTER)!.server.url, app });
  const { streamCompletion } = directedApi(router, {
    openRouter: () => router,
    async openVendor(name) {
      const vendor = findVendor(name)!;
      const dialects = await loadVendorDialects(vendor);
      const moved = { ...vendor, baseUrl: servers.get(name)!.server.url };
      return { vendor: moved, api: createVendorApi({ ...given, ...dialects, vendor: moved }) };
    },
  });
  return {
    participants,
    fakes: participants.map(({ model }) => servers.get(whoHas(model))!),
    stream: fallback(streamCompletion, () => 0),
    say(answers) {
      waiting.splice(0, waiting.length, ...answers);
    },
  };
}

/** Returns a conversation that is not stored. */
export function newTranscript(): Transcript {
  return createTranscript({
    store: undefined,
    conversation: { id: 'a', createdAt: NOW, model: '', project: '/p', profile: 'default' },
    stored: [],
    isConversation: true,
    marksCache: true,
    now: () => NOW,
    sleep: async () => undefined,
  });
}

/** Sends requests as `orx chat` does: the transcript builds each request and stores the result. */
export async function askTurn(
  table: Table,
  transcript: Transcript,
  planned: PlannedTurn,
  question: string,
  script: Script = planned.answers,
): Promise<ToolOutcome> {
  const { model } = table.participants[planned.participant]!;
  const { signal } = new AbortController();
  const other = planned.fallback === undefined ? [] : [table.participants[planned.fallback]!.model];
  const settings = resolved({ flags: { model, effort: 'high', fallback: other } }).values;
  table.say(script);
  transcript.useModel(model);
  const turn = transcript.begin({ role: 'user', content: questionContent(question, planned.hasImage) });
  const chat: Pick<Chat, 'settings' | 'overrides' | 'stream' | 'takesTools'> = {
    settings,
    overrides: { tools: [WEATHER] },
    stream: transcript.wrap(table.stream),
    takesTools: async () => true,
  };
  const ask = requestSender(chat as Chat, turn, signal);
  const outcome = await runWithTools(turn.messages(), {
    ask: (messages, toolChoice) => ask(silentView, messages, toolChoice === undefined ? {} : { toolChoice }),
    tools: OFFERED,
    decide: async () => ({ type: 'run' }),
    limits: { timeoutMs: 10_000, maxBytes: 10_000, parallel: 2 },
    maxSteps: 9,
    onEvent: () => undefined,
    onUnsent: () => undefined,
    monotonic: () => 0,
    signal,
  });
  turn.commit();
  return outcome;
}

function questionContent(question: string, hasImage: boolean): Message['content'] {
  const text: ContentPart = { type: 'text', text: question };
  return hasImage ? [text, { type: 'image', url: PNG }] : question;
}
