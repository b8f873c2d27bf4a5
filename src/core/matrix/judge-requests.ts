import { decimal } from '../../decimal.ts';
import { type ErrorKind, OrxError } from '../../errors.ts';
import type { AnswerRecord, StoredError } from '../../storage/matrix/record.ts';
import type { JudgeReply, SendToJudge } from '../judge/send-to-judge.ts';
import { NOTHING_SPENT } from '../judge/spending.ts';
import type { AskOptions, RequestRunner } from './requests/request-runner.ts';
import { NotAsked } from './requests/run-halts.ts';

/**
 * Returns a function that sends requests to a judge as those of a run: within its limits, and with their replies in the journal. A
 * reply that is there already is not paid for again.
 */
export function judgeRequestSender(
  runner: Pick<RequestRunner, 'ask' | 'keyOf'>,
  judge: { model: string; address: string; connection: string },
): SendToJudge {
  // The same question about the same answers has one verdict, whichever repetition the answers are from.
  const asked: AskOptions = { ...judge, lane: judge.model, repetition: 1, purpose: 'judge' };
  return async (request) => {
    try {
      return replyOf(await runner.ask(runner.keyOf(request, asked), request, asked));
    } catch (error) {
      if (error instanceof NotAsked) return { answer: NO_REPLY, error: error.reason, spending: NOTHING_SPENT };
      throw error;
    }
  };
}

const NO_REPLY = { text: '', toolCalls: [] };

/** The reply of a record. One without content is a reply, too: it has no verdict. */
function replyOf({ state, text, toolCalls = [], finishReason, cost, error }: AnswerRecord): JudgeReply {
  return {
    answer: { text, toolCalls, finishReason },
    ...(state === 'failed' && { error: errorOf(error) }),
    spending: { requests: 1, cost: decimal(cost ?? '0'), unknown: cost === undefined && state !== 'failed' ? 1 : 0 },
  };
}

function errorOf({ message, kind, code, status }: StoredError = { message: 'no reply', kind: 'provider' }): OrxError {
  return new OrxError(message, { kind: kind as ErrorKind, code, status });
}
