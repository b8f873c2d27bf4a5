import { decimal } from '../../decimal.ts';
import { paidCost } from '../../paid-cost.ts';
import type { ChatRequest, StreamCompletion } from '../../apis/completion.ts';
import type { Answer } from '../answer/answer.ts';
import { collectAnswer } from '../answer/collect.ts';
import type { JudgedReply } from './reply-form.ts';
import type { JudgeSpending } from './spending.ts';

/** What came back for one request to a judge. */
export interface JudgeReply {
  answer: JudgedReply;
  /** Why there is no complete reply. */
  error?: unknown;
  spending: JudgeSpending;
}

/** Sends a request to a judge. Never rejects because of a failed request. */
export type SendToJudge = (request: ChatRequest) => Promise<JudgeReply>;

export interface JudgeSenderOptions {
  stream: StreamCompletion;
  signal?: AbortSignal | undefined;
  /** Requests at the same time. Default: 4, because a judge that gets all pairs at once reaches its rate limit. */
  concurrency?: number | undefined;
}

/** Returns a function that sends requests to a judge, some of them at a time. It throws the reason of an aborted signal. */
export function judgeSender({ stream, signal, concurrency = 4 }: JudgeSenderOptions): SendToJudge {
  const enter = createGate(concurrency);
  return (request) =>
    enter(async () => {
      signal?.throwIfAborted();
      const { answer, error } = await collectAnswer(stream(request, { signal }), () => undefined);
      return { answer, ...(error !== undefined && { error }), spending: spendingOf(answer, error) };
    });
}

function spendingOf({ usage, id }: Answer, error: unknown): JudgeSpending {
  const cost = usage && paidCost(usage);
  if (cost !== undefined) return { requests: 1, cost: decimal(cost), unknown: 0 };
  // A request that was rejected before any answer costs nothing.
  return { requests: 1, cost: decimal(0), unknown: error === undefined || id !== undefined ? 1 : 0 };
}

/** Returns a function that runs work when fewer than `most` others run. */
function createGate(most: number): <Result>(work: () => Promise<Result>) => Promise<Result> {
  let running = 0;
  const waiting: (() => void)[] = [];
  return async (work) => {
    if (running >= most) await new Promise<void>((resolve) => waiting.push(resolve));
    else running += 1;
    try {
      return await work();
    } finally {
      // The place goes to the next one that waits.
      const next = waiting.shift();
      if (next === undefined) running -= 1;
      else next();
    }
  };
}
