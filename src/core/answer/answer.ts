import type { CompletionEvent, Metrics, RoutingAttempt, Usage } from '../../apis/completion.ts';
import type { Annotation, ReasoningPart, ToolCall } from '../../apis/message.ts';
import { addReasoningParts } from './reasoning-parts.ts';

/** Everything known of one completion so far. */
export interface Answer {
  /** Generation id. */
  id?: string | undefined;
  /** The model that actually answers. */
  model?: string | undefined;
  /** Display name of the provider that actually answers. */
  provider?: string | undefined;
  /** Unix seconds. */
  created?: number | undefined;
  text: string;
  reasoning: string;
  /** Must be sent back with the message, unmodified and in order. */
  reasoningParts: readonly ReasoningPart[];
  toolCalls: readonly ToolCall[];
  images: readonly string[];
  /** Chunks of the audio, each base64. */
  audio: readonly string[];
  annotations: readonly Annotation[];
  usage?: Usage | undefined;
  metrics?: Metrics | undefined;
  routing?: { attempts: readonly RoutingAttempt[]; strategy?: string | undefined; region?: string | undefined } | undefined;
  /** orx's own attempts that failed before the first token. */
  retries: readonly { error: unknown; waitMs: number }[];
  /** Models of the fallback list that could not answer, and the model that was requested next. */
  fallbacks: readonly { model: string; next: string; error: unknown; restarts?: true | undefined }[];
  /** Requested features that were dropped because the vendor does not support them, one line each. */
  dropped: readonly string[];
  finishReason?: string | undefined;
  nativeFinishReason?: string | undefined;
  /** The text is the model's refusal to answer. */
  isRefusal?: boolean | undefined;
  /** Number of answers that the server sent, if it sent more than this one. */
  answers?: number | undefined;
}

/** The fields of an answer that its model has filled. */
const NOTHING_ANSWERED = {
  text: '',
  reasoning: '',
  reasoningParts: [],
  toolCalls: [],
  images: [],
  audio: [],
  annotations: [],
} as const satisfies Partial<Answer>;

/** Names all fields that most answers get: on Node 20, each copy with a new field would have a hidden class of its own. */
export const EMPTY_ANSWER: Answer = {
  id: undefined,
  model: undefined,
  provider: undefined,
  created: undefined,
  ...NOTHING_ANSWERED,
  usage: undefined,
  metrics: undefined,
  routing: undefined,
  retries: [],
  fallbacks: [],
  dropped: [],
  finishReason: undefined,
  nativeFinishReason: undefined,
};

/** Returns the answer after one more event. Pure; unknown events change nothing. */
export function reduceAnswer(answer: Answer, event: CompletionEvent): Answer {
  switch (event.type) {
    case 'text-delta':
      return { ...answer, text: answer.text + event.text };
    case 'reasoning-delta':
      return { ...answer, reasoning: answer.reasoning + event.text };
    case 'reasoning-parts':
      return { ...answer, reasoningParts: addReasoningParts(answer.reasoningParts, event.parts) };
    case 'audio':
      return { ...answer, audio: [...answer.audio, event.data] };
    case 'response-start':
      return { ...answer, id: event.id, model: event.model, provider: event.provider, created: event.created };
    case 'tool-call-delta':
      return { ...answer, toolCalls: addToolCall(answer.toolCalls, event) };
    case 'image':
      return { ...answer, images: [...answer.images, event.url] };
    case 'annotation':
      return { ...answer, annotations: [...answer.annotations, event.annotation] };
    case 'usage':
      return { ...answer, usage: event.usage };
    case 'metrics':
      return { ...answer, metrics: event.metrics };
    case 'routing':
      return { ...answer, routing: { attempts: event.attempts, strategy: event.strategy, region: event.region } };
    case 'retry':
      return { ...answer, retries: [...answer.retries, { error: event.error, waitMs: event.waitMs }] };
    case 'fallback':
      return {
        ...answer,
        // The next model reports again what it does not support.
        dropped: [],
        ...(event.restarts === true && { ...NOTHING_ANSWERED, routing: undefined }),
        fallbacks: [
          ...answer.fallbacks,
          { model: event.model, next: event.next, error: event.error, ...(event.restarts === true && { restarts: true }) },
        ],
      };
    case 'dropped':
      return answer.dropped.includes(event.text) ? answer : { ...answer, dropped: [...answer.dropped, event.text] };
    case 'response-end':
      return {
        ...answer,
        finishReason: event.finishReason,
        nativeFinishReason: event.nativeFinishReason,
        ...(event.isRefusal === true ? { isRefusal: true } : {}),
        ...(event.answers !== undefined && { answers: event.answers }),
      };
    default:
      return answer;
  }
}

function addToolCall(
  calls: readonly ToolCall[],
  delta: Extract<CompletionEvent, { type: 'tool-call-delta' }>,
): readonly ToolCall[] {
  const index = Math.min(delta.index, calls.length);
  // An id may be missing, but every call needs one so that its result can be matched.
  const call = calls[index] ?? { id: `call_${index}`, name: '', arguments: '' };
  const next = { id: delta.id ?? call.id, name: delta.name ?? call.name, arguments: call.arguments + delta.arguments };
  return calls.toSpliced(index, 1, next);
}
