import type { WireItem } from '../apis/dialect.ts';
import type { Charge, Tokens } from './charge.ts';
import { MOST_STREAMING_MS, simulatedLatencyMs } from './pace.ts';
import type { Plan } from './plan.ts';
import type { SandboxClock } from './clock.ts';
import { WireChunks } from './wire-chunks.ts';

/** Progress of an answer, updated while it is sent. */
export interface Progress {
  /** Number of pieces of reasoning and text that were sent. */
  pieces: number;
  hasImage: boolean;
  /** Time of the first piece, in milliseconds since the start. Undefined before it. */
  firstMs: number | undefined;
}

export interface Delivery {
  plan: Plan;
  clock: SandboxClock;
  /** Divides all waits. */
  speed: number;
  signal: AbortSignal | undefined;
  progress: Progress;
  includeRouting: boolean;
  /** Returns tokens and cost of what was sent so far. */
  account: () => { tokens: Tokens; charge: Charge };
}

const HEARTBEAT_MS = 500;
const BROKEN_CHUNK =
  '{"id":"gen-broken","object":"chat.completion.chunk","choices":[{"index":0,"delta":{"content":"this chunk ends he';

/** Sends one answer like the API: keep-alive comments, chunks at the speed of the endpoint, usage, `[DONE]`. */
export async function* sendAnswer(delivery: Delivery): AsyncGenerator<readonly WireItem[]> {
  const { plan, clock, speed, signal, progress } = delivery;
  const chunks = new WireChunks(plan);
  const start = clock.monotonic();
  yield [{ type: 'comment' }];
  if (plan.special === 'silence') await silence(clock, signal);
  const latencyMs = simulatedLatencyMs(plan.endpoint, plan.special);
  yield* waitWithComments(delivery, start, latencyMs / speed);

  const last = stopAfter(plan);
  const count = plan.reasoning.length + plan.text.length;
  const pieceMs = Math.min(1000 / plan.endpoint.throughput, MOST_STREAMING_MS / Math.max(1, count)) / speed;
  while (progress.pieces < last) {
    const elapsed = clock.monotonic() - start - latencyMs / speed;
    const due = Math.min(last, Math.max(progress.pieces, Math.floor(elapsed / pieceMs) + 1));
    if (due === progress.pieces) {
      // At least one timer tick, so that a rounding error does not cause a busy loop.
      await clock.sleep(Math.max(1, due * pieceMs - elapsed), signal);
      continue;
    }
    progress.firstMs ??= clock.monotonic() - start;
    const batch = pieces(plan, chunks, progress.pieces, due);
    progress.pieces = due;
    yield batch;
    signal?.throwIfAborted();
  }
  switch (plan.special) {
    case 'cut':
      return;
    case 'malformed-chunk':
      return yield [data(BROKEN_CHUNK)];
    case 'error-midstream':
      return yield [data(chunks.error(MIDSTREAM_ERROR)), DONE];
    default:
  }
  if (plan.image !== undefined) {
    progress.hasImage = true;
    yield [data(chunks.image(plan.image.url))];
  }
  const { tokens, charge } = delivery.account();
  yield [data(chunks.finish()), data(chunks.usage(tokens, charge, delivery.includeRouting)), DONE];
}

const DONE: WireItem = { type: 'data', data: '[DONE]' };

const MIDSTREAM_ERROR = {
  code: 502,
  message: 'Upstream error from Sandbox: the provider broke off (simulated)',
  metadata: { error_type: 'provider_unavailable', provider_name: 'Sandbox' },
};

function data(text: string): WireItem {
  return { type: 'data', data: text };
}

/** Returns how many pieces are sent before the answer ends or breaks off. */
function stopAfter(plan: Plan): number {
  const count = plan.reasoning.length + plan.text.length;
  const isBroken = plan.special === 'cut' || plan.special === 'malformed-chunk' || plan.special === 'error-midstream';
  return isBroken ? Math.ceil(count / 2) : count;
}

function pieces(plan: Plan, chunks: WireChunks, from: number, to: number): WireItem[] {
  const items: WireItem[] = [];
  const { reasoning, text } = plan;
  for (let index = from; index < to; index += 1) {
    if (index >= reasoning.length) items.push(data(chunks.text(text[index - reasoning.length]!)));
    else if (!plan.hidesReasoning) items.push(data(chunks.reasoning(reasoning[index]!)));
  }
  return items;
}

async function* waitWithComments(
  { clock, signal }: Delivery,
  start: number,
  waitMs: number,
): AsyncGenerator<readonly WireItem[]> {
  for (;;) {
    const left = waitMs - (clock.monotonic() - start);
    if (left < 1) return;
    await clock.sleep(Math.min(left, HEARTBEAT_MS), signal);
    if (left > HEARTBEAT_MS) yield [{ type: 'comment' }];
  }
}

/** Sends nothing until the client gives up. */
async function silence(clock: SandboxClock, signal: AbortSignal | undefined): Promise<void> {
  for (;;) await clock.sleep(60_000, signal);
}
