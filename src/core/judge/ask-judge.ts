import { type Decimal, decimal } from '../../decimal.ts';
import { OrxError } from '../../errors.ts';
import { paidCost } from '../../paid-cost.ts';
import type { RoutingPreferences, StreamCompletion } from '../../apis/completion.ts';
import type { Message } from '../../apis/message.ts';
import type { Answer } from '../answer/answer.ts';
import { collectAnswer } from '../answer/collect.ts';
import { normalizeRequest } from '../request/replay/normalize-request.ts';
import { lastObject, plainReply } from './read-reply.ts';
import { formParameters, formText, type ReplyForm, replyForms, replyText } from './reply-form.ts';
import type { JudgeTask } from './tasks.ts';

/** The judge, and how it is asked. */
export interface JudgeOptions {
  model: string;
  stream: StreamCompletion;
  /** Parameters that the model supports; undefined if they are not known. */
  supportedParameters?: readonly string[] | undefined;
  /** The user's data policy. Providers that the lanes are limited to do not concern the judge. */
  routing?: RoutingPreferences | undefined;
  signal?: AbortSignal | undefined;
  /** Requests at the same time. Default: 4, because a judge that gets all pairs at once reaches its rate limit. */
  concurrency?: number | undefined;
}

/** What asking a judge has cost. */
export interface JudgeSpending {
  requests: number;
  /** USD. */
  cost: Decimal;
  /** Requests whose cost is not known. */
  unknown: number;
}

/** `unreadable`: the judge replied, but decided nothing. `failed`: there was no reply. Neither is a tie, a win or a pass. */
export type Judgment<Value> = (
  | { state: 'decided'; value: Value; reason: string }
  | { state: 'unreadable'; why: string }
  | { state: 'failed'; error: unknown }
) & { spending: JudgeSpending };

/** A judge that remembers which form of a reply its endpoint accepts. */
export interface Judge {
  model: string;
  /**
   * Asks once, and once more if the reply cannot be read. `messages` returns the request for an instruction about its form. Throws
   * what would stop every other request too: an interrupt, a missing key, a budget, a model that does not exist.
   */
  ask: <Value>(task: JudgeTask<Value>, messages: (form: string) => Message[]) => Promise<Judgment<Value>>;
  /** Returns what all questions so far have cost, including those that ended with an error. */
  spent: () => JudgeSpending;
}

/** Output tokens of the first attempt, and of the second one if the first was cut off: reasoning may need them. */
const TOKENS = 4_000;
const MORE_TOKENS = 16_000;
const REPEATED = 'Your last reply could not be read. It must have exactly this form. ';
const LONGEST_REASON = 4_000;

export function openJudge({ model, stream, supportedParameters, routing, signal, concurrency = 4 }: JudgeOptions): Judge {
  const forms = replyForms(supportedParameters);
  let formIndex = 0;
  let hasDecided = false;
  let total = NOTHING_SPENT;
  const enter = createGate(concurrency);
  const takesTemperature = supportedParameters === undefined || supportedParameters.includes('temperature');

  const send = async (messages: readonly Message[], form: ReplyForm, task: JudgeTask<unknown>, maxTokens: number) => {
    const request = normalizeRequest({
      model,
      messages,
      stream: true,
      maxTokens,
      ...(takesTemperature && { temperature: 0 }),
      ...formParameters(form, task),
      routing,
    });
    return enter(() => {
      signal?.throwIfAborted();
      return collectAnswer(stream(request, { signal }), () => undefined);
    });
  };

  return {
    model,
    spent: () => total,
    async ask(task, messages) {
      let spending = NOTHING_SPENT;
      let maxTokens = TOKENS;
      let why = '';
      for (let attempt = 0; attempt < 2;) {
        const index = formIndex;
        const form = forms[index]!;
        const instruction = `${attempt === 0 ? '' : REPEATED}${formText(form, task)}`;
        const { answer, error } = await send(messages(instruction), form, task, maxTokens);
        const spent = spendingOf(answer, error);
        spending = totalSpending([spending, spent]);
        total = totalSpending([total, spent]);
        if (error !== undefined) {
          if (isRejected(error) && index + 1 < forms.length) {
            // Requests that run at the same time may have moved on already.
            formIndex = Math.max(formIndex, index + 1);
            continue;
          }
          if (endsJudging(error, hasDecided)) throw error;
          return { state: 'failed', error, spending };
        }
        if (answer.finishReason === 'length') {
          why = `the reply was cut off at ${maxTokens} tokens`;
          maxTokens = MORE_TOKENS;
        } else {
          const reply = replyText(answer, task);
          const value = task.read(reply);
          if (value !== undefined) {
            hasDecided = true;
            return { state: 'decided', value, reason: reasonOf(reply), spending };
          }
          why = reply.trim() === '' ? 'the reply was empty' : `the reply has no ${task.field}`;
        }
        attempt += 1;
      }
      return { state: 'unreadable', why: `${why}, twice`, spending };
    },
  };
}

/** The spending of a question that was not asked. */
export const NOTHING_SPENT: JudgeSpending = { requests: 0, cost: decimal(0), unknown: 0 };

/** Returns the sum of what several questions have cost. */
export function totalSpending(all: readonly JudgeSpending[]): JudgeSpending {
  return all.reduce(
    (sum, { requests, cost, unknown }) => ({
      requests: sum.requests + requests,
      cost: sum.cost.plus(cost),
      unknown: sum.unknown + unknown,
    }),
    NOTHING_SPENT,
  );
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

/** Returns whether the endpoint may accept the request in another form. */
function isRejected(error: unknown): boolean {
  return error instanceof OrxError && error.reason === undefined && [400, 404, 415, 422].includes(error.status ?? 0);
}

function endsJudging(error: unknown, hasDecided: boolean): boolean {
  if (!(error instanceof OrxError)) return true;
  if (['interrupted', 'authentication', 'credits', 'usage', 'unexpected'].includes(error.kind)) return true;
  return isRejected(error) && !hasDecided;
}

function reasonOf(reply: string): string {
  const text = plainReply(reply);
  const reason = lastObject(text, (value) => typeof value['reason'] === 'string')?.value['reason'];
  return (typeof reason === 'string' ? reason : text).trim().slice(0, LONGEST_REASON);
}
