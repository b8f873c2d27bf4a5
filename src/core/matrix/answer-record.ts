import { OrxError } from '../../errors.ts';
import { paidCost } from '../../paid-cost.ts';
import type { AnswerRecord, StoredError } from '../../storage/matrix/record.ts';
import type { Outcome } from '../answer/collect.ts';
import { emptyNotice, emptyReason } from '../answer/missing.ts';

/** Returns the record of an attempt for the journal. A blocked answer is a failure, an answer without content is `empty`. */
export function answerRecord(
  { answer, error }: Outcome,
  facts: Pick<AnswerRecord, 'key' | 'at' | 'attempts' | 'purpose'>,
): AnswerRecord {
  const { usage, metrics } = answer;
  const reason = emptyReason(answer);
  // A tool call is an answer, too.
  const isEmpty = error === undefined && reason !== undefined && reason !== 'tool-calls';
  return {
    type: 'answer',
    ...facts,
    state: error !== undefined ? 'failed' : isEmpty ? 'empty' : 'answered',
    text: answer.text,
    ...(answer.reasoning !== '' && { reasoning: answer.reasoning }),
    ...(answer.images.length > 0 && { images: answer.images }),
    ...(answer.toolCalls.length > 0 && {
      toolCalls: answer.toolCalls.map(({ name, arguments: text }) => ({ name, arguments: text })),
    }),
    model: answer.model,
    provider: answer.provider,
    generation: answer.id === '' ? undefined : answer.id,
    finishReason: answer.finishReason,
    promptTokens: usage?.promptTokens,
    completionTokens: usage?.completionTokens,
    reasoningTokens: usage?.reasoningTokens,
    cachedTokens: usage?.cachedTokens,
    cost: usage === undefined ? undefined : paidCost(usage),
    ...(usage?.isComputed === true && { isComputed: true }),
    timeToFirstTokenMs: metrics?.timeToFirstTokenMs,
    durationMs: metrics?.durationMs,
    throughput: metrics?.throughput,
    ...(error !== undefined && { error: storedError(error) }),
    ...(isEmpty && { error: storedError(emptyNotice(answer) ?? new OrxError('the response is empty', { kind: 'provider' })) }),
  };
}

/** Returns an error as the journal stores it. */
export function storedError(error: unknown): StoredError {
  if (!(error instanceof OrxError)) return { message: String(error), kind: 'unexpected' };
  const { message, kind, code, status } = error;
  return { message, kind, ...(code !== undefined && { code }), ...(status !== undefined && { status }) };
}
