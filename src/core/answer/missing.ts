import { type Hint, OrxError } from '../../errors.ts';
import { parameterHint, REPHRASE, TRY_AGAIN_OR_FALLBACK } from '../../hints.ts';
import { isFilterReason } from '../../apis/finish-reason.ts';
import type { Answer } from './answer.ts';
import { textBlocks } from './gather.ts';

/** Why an answer is empty. These are the values of `empty_reason` in the JSON output. */
export type EmptyReason = 'filtered' | 'reasoning' | 'length' | 'tool-calls' | 'stop' | 'nothing';

/** Returns why a finished answer contains no text, image or audio; undefined if it contains any. */
export function emptyReason(answer: Answer): EmptyReason | undefined {
  const { images, audio, toolCalls, reasoning, usage, finishReason } = answer;
  if (!isBlank(answer) || images.length > 0 || audio.length > 0) return undefined;
  if (isFiltered(answer)) return 'filtered';
  if (toolCalls.length > 0) return 'tool-calls';
  if (reasoning !== '' || (usage?.reasoningTokens ?? 0) > 0) return 'reasoning';
  if (finishReason === 'length') return 'length';
  return finishReason === undefined && (usage?.completionTokens ?? 0) === 0 ? 'nothing' : 'stop';
}

/** Returns the error for a finished answer that counts as failed: blocked (kind `no-endpoint`), or empty without a reason (kind `provider`). */
export function answerFailure(answer: Answer): OrxError | undefined {
  if (isFiltered(answer)) return filtered(answer);
  if (emptyReason(answer) !== 'nothing') return undefined;
  return new OrxError('the response is empty: the provider sent nothing', {
    kind: 'provider',
    code: 'empty-answer',
    provider: answer.provider,
    requestId: answer.id,
    hints: [TRY_AGAIN_OR_FALLBACK],
  });
}

/**
 * Returns the notice for an answer that is not a failure but lacks something: all of its text, or what tools would have added. Undefined for any
 * other answer.
 */
export function emptyNotice(answer: Answer): OrxError | undefined {
  const reason = answer.toolCalls.length > 0 ? 'tool-calls' : emptyReason(answer);
  if (reason === undefined || isFiltered(answer) || reason === 'filtered' || reason === 'nothing') return undefined;
  const [message, hint] = noticeText(reason, answer);
  return new OrxError(message, { kind: 'provider', code: `empty-answer-${reason}`, hints: [hint] });
}

/** Returns whether the output limit ended an answer in the middle: false for an empty one. */
export function isCut(answer: Answer): boolean {
  return answer.finishReason === 'length' && answer.toolCalls.length === 0 && emptyReason(answer) === undefined;
}

/** Returns the warning for an answer that the output limit ended in the middle. Undefined for any other answer, also for an empty one. */
export function cutWarning(answer: Answer, place: 'shell' | 'session'): string | undefined {
  if (!isCut(answer)) return undefined;
  const parameter = place === 'shell' ? '--max-tokens N' : '/params max-tokens N';
  return `warning: the output limit cut off the answer; allow more tokens: ${parameter}`;
}

function noticeText(reason: Exclude<EmptyReason, 'filtered' | 'nothing'>, answer: Answer): [message: string, hint: Hint] {
  const { usage, finishReason, nativeFinishReason, toolCalls } = answer;
  switch (reason) {
    case 'reasoning': {
      const tokens = usage?.reasoningTokens ?? 0;
      const used = tokens > 0 && tokens >= (usage?.completionTokens ?? 0) ? `all ${tokens} output tokens` : 'its output tokens';
      return finishReason === 'length'
        ? [
            `the response is empty: ${used} went into reasoning`,
            parameterHint('use less reasoning, or allow more tokens', 'effort', 'low'),
          ]
        : [
            'the response is empty: the model reasoned, then stopped without an answer',
            parameterHint('try again, or use less reasoning', 'effort', 'low'),
          ];
    }
    case 'length':
      return [
        `the response is empty: the output limit was reached before any text${usage === undefined ? '' : ` (${usage.completionTokens})`}`,
        parameterHint('allow more tokens', 'max-tokens', 'N'),
      ];
    case 'tool-calls': {
      const names = toolCalls.map(({ name }) => name).join(', ');
      const what = isBlank(answer) ? 'the response is empty: the model only calls tools' : 'the model also calls tools';
      return [
        `${what} (${names})`,
        { shell: 'the tools did not run; show the calls: --json', session: 'the tools did not run; offer tools: /tools NAME' },
      ];
    }
    case 'stop':
      return [
        `the response is empty: the model stopped at once (${nativeFinishReason ?? finishReason ?? 'no reason given'})`,
        REPHRASE,
      ];
  }
}

function isFiltered({ isRefusal, finishReason, nativeFinishReason }: Answer): boolean {
  return isRefusal === true || isFilterReason(finishReason) || isFilterReason(nativeFinishReason);
}

function filtered(answer: Answer): OrxError {
  const { isRefusal, finishReason, nativeFinishReason } = answer;
  const reason = [nativeFinishReason, finishReason].find(isFilterReason);
  const by = reason === undefined || isRefusal === true ? '' : ` (${reason})`;
  const hasText = !isBlank(answer);
  const message =
    isRefusal === true
      ? 'the model refused to answer'
      : hasText
        ? `the response is incomplete: a content filter cut it off${by}`
        : `the response is empty: a content filter blocked it${by}`;
  return new OrxError(message, {
    kind: 'no-endpoint',
    code: isRefusal === true ? 'refusal' : 'content-filter',
    provider: answer.provider,
    requestId: answer.id,
    hints: [REPHRASE],
  });
}

/** Looks at the blocks of the text, most of the time only at the first one, because the whole text would be copied. */
function isBlank(answer: Answer): boolean {
  return textBlocks(answer).every((block) => block.trim() === '');
}
