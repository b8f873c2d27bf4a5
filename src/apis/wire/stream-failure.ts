import { OrxError } from '../../errors.ts';

/** Of text, reasoning, arguments, images and all else that an answer holds, in UTF-16 units. docs/output.md says so. */
export const MAX_ANSWER_SIZE = 128 * 1024 * 1024;

/** Comments say that the API lives; a server that says nothing else forever is not the API. */
export const MAX_COMMENTS = 20_000;

export function streamCut(requestId: string | undefined, cause?: unknown): OrxError {
  return new OrxError('the stream was cut before the answer was complete', {
    kind: 'network',
    code: 'stream-cut',
    isRetryable: true,
    requestId,
    hints: ['try again; what had arrived is not lost'],
    cause,
  });
}

/** `isDone`: the server said that the answer is over. */
export function emptyStream(requestId: string | undefined, isDone: boolean): OrxError {
  return new OrxError('the reply is empty: it holds no chunk of an answer', {
    kind: isDone ? 'provider' : 'network',
    code: isDone ? 'empty-reply' : 'stream-cut',
    isRetryable: true,
    requestId,
    hints: ['try again; if it stays so, check --base-url'],
  });
}

export function malformedChunk(requestId: string | undefined): OrxError {
  return new OrxError('the stream broke: a chunk of it is not valid JSON', {
    kind: 'provider',
    code: 'malformed-chunk',
    requestId,
    hints: ['try again, or let another answer: --fallback a,b'],
  });
}

export function answerTooLarge(requestId: string | undefined): OrxError {
  return new OrxError(`the answer is longer than orx accepts (${MAX_ANSWER_SIZE / 1024 / 1024} MB)`, {
    kind: 'network',
    code: 'too-large',
    requestId,
    hints: ['what had arrived is not lost', 'a limit of your own: --max-tokens'],
  });
}

export function commentFlood(): OrxError {
  return new OrxError('the server sends only comments, never an answer', {
    kind: 'network',
    code: 'comment-flood',
    hints: ['check --base-url'],
  });
}
