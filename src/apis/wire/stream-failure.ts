import { OrxError } from '../../errors.ts';
import { CHECK_BASE_URL, parameterHint, TRY_AGAIN_OR_FALLBACK } from '../../hints.ts';

/**
 * Maximum size of text, reasoning, arguments, images and all other content of an answer, in UTF-16 units. Documented in
 * docs/output.md.
 */
export const MAX_ANSWER_SIZE = 128 * 1024 * 1024;

/** Comments only keep the connection alive; a server that sends nothing else forever is not the API. */
export const MAX_COMMENTS = 20_000;

/** A stream has ended with neither a finish reason nor its end mark. */
export function streamCut(requestId: string | undefined, cause?: unknown): OrxError {
  return new OrxError('the stream ended before the response was complete', {
    kind: 'network',
    code: 'stream-cut',
    isRetryable: true,
    requestId,
    hints: ['try again; the part that arrived is kept'],
    cause,
  });
}

/** `isDone`: the server marked the answer as finished. */
export function emptyStream(requestId: string | undefined, isDone: boolean): OrxError {
  return new OrxError('the response is empty: it contains no chunks', {
    kind: isDone ? 'provider' : 'network',
    code: isDone ? 'empty-reply' : 'stream-cut',
    isRetryable: true,
    requestId,
    hints: ['try again; if it fails again, check the connection: orx auth status'],
  });
}

export function malformedChunk(requestId: string | undefined): OrxError {
  return new OrxError('invalid stream: a chunk is not valid JSON', {
    kind: 'provider',
    code: 'malformed-chunk',
    requestId,
    hints: [TRY_AGAIN_OR_FALLBACK],
  });
}

export function answerTooLarge(requestId: string | undefined): OrxError {
  return new OrxError(`the response is larger than the maximum of ${MAX_ANSWER_SIZE / 1024 / 1024} MB`, {
    kind: 'network',
    code: 'too-large',
    requestId,
    hints: ['the part that arrived is kept', parameterHint('limit the length', 'max-tokens', 'N')],
  });
}

/** The connection is alive, and the answer does not continue. */
export function stalled(stallMs: number): OrxError {
  return new OrxError(`the answer has stalled: the server only kept the connection alive for ${stallMs / 1000} s`, {
    kind: 'network',
    code: 'stalled',
    hints: ['wait longer: orx config set stall-timeout SECONDS', TRY_AGAIN_OR_FALLBACK],
  });
}

export function commentFlood(): OrxError {
  return new OrxError('the server sends only comments, no response', {
    kind: 'network',
    code: 'comment-flood',
    hints: [CHECK_BASE_URL],
  });
}
