import { OrxError } from '../../errors.ts';
import type { FunctionTool } from '../../apis/request-parameters.ts';
import type { FinishedAnswer } from '../../storage/conversations/conversations.ts';
import type { Answer } from '../answer/answer.ts';
import { joinReasons, modelFailures, routingReason } from '../fallback-reason.ts';
import { isSameName } from '../model-id/served-model.ts';
import { assistantMessage } from './assistant-message.ts';

/** How an answer ended, and its request. */
export interface AnswerEnd {
  isComplete: boolean;
  error?: unknown;
  /** The requested model. */
  model: string;
  tools: readonly FunctionTool[];
}

/** Returns an answer in its stored form, with the definitions of the tools that it calls. */
export function finishedAnswer(answer: Answer, { isComplete, error, model, tools }: AnswerEnd): FinishedAnswer {
  const called = new Set(answer.toolCalls.map(({ name }) => name));
  const definitions = tools.filter(({ name }) => called.has(name));
  // Both are stored in separate fields; sentMessages puts them back.
  const { images: _, answeredBy: __, ...message } = assistantMessage(answer);
  return {
    message,
    state: stateOf(isComplete, error),
    ...(answer.reasoning !== '' && { reasoning: answer.reasoning }),
    ...(answer.images.length > 0 && { images: answer.images }),
    ...(answer.audio.length > 0 && { audio: answer.audio }),
    ...(definitions.length > 0 && { tools: definitions }),
    ...(answer.id !== undefined && { generationId: answer.id }),
    ...(error instanceof Error && { error: error.message }),
    // Some servers do not say which model answers.
    model: answer.model === '' ? model : answer.model,
    provider: answer.provider,
    finishReason: answer.finishReason,
    usage: answer.usage,
    ...fallbackOf(answer, model),
  };
}

/** Returns why another model or provider answered; nothing for an ordinary answer. */
function fallbackOf(answer: Answer, requested: string): Pick<FinishedAnswer, 'fallbackFrom' | 'fallbackReason'> {
  const reason = joinReasons(modelFailures(answer.fallbacks), routingReason(answer.routing));
  if (reason === undefined) return {};
  const isOther = answer.model !== undefined && answer.model !== '' && !isSameName(requested, answer.model);
  return { fallbackReason: reason, ...(isOther && { fallbackFrom: requested }) };
}

function stateOf(isComplete: boolean, error: unknown): FinishedAnswer['state'] {
  if (isComplete) return 'complete';
  return error === undefined || (error instanceof OrxError && error.kind === 'interrupted') ? 'stopped' : 'failed';
}
