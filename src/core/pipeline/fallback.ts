import { isDirect } from '../../apis/direct-id.ts';
import {
  type ChatRequest,
  type CompletionEvent,
  isVisible,
  type StreamCompletion,
  type StreamOptions,
} from '../../apis/completion.ts';
import { OrxError } from '../../errors.ts';
import { normalizeMessages } from '../request/replay/normalize-request.ts';
import { allAttempts } from './all-attempts.ts';
import { allFailed } from './all-failed.ts';
import { isPolicyRefusal } from './policy-refusal.ts';

/** One request of a fallback list: a direct model alone, or consecutive models that OpenRouter tries itself. */
interface Target {
  model: string;
  fallbackModels: readonly string[];
}

/**
 * Returns the same stream with support for fallback lists that contain direct models: it requests their models one after the other, until one
 * answers. Lists without a direct model go to the API unchanged. Output that was already yielded stays: if a model fails after its first visible
 * token, the answer ends. Each change of model yields a `fallback` event; if all fail, the first failure is thrown. Costs and times are those of
 * all attempts.
 */
export function fallback(stream: StreamCompletion, monotonic: () => number): StreamCompletion {
  return (request, options) => {
    const targets = targetsOf(request);
    return targets.length < 2 ? stream(request, options) : tryEach(stream, request, targets, monotonic, options);
  };
}

async function* tryEach(
  stream: StreamCompletion,
  request: ChatRequest,
  targets: readonly Target[],
  monotonic: () => number,
  options: StreamOptions | undefined,
): AsyncGenerator<CompletionEvent> {
  const attempts = allAttempts(monotonic);
  const failures: { model: string; error: unknown }[] = [];
  for (const [index, target] of targets.entries()) {
    const next = targets[index + 1];
    if (index > 0) attempts.begin();
    let hasShown = false;
    // Only the events of the model that answers are yielded, so that only one reports its name.
    let pending: CompletionEvent[] = [];
    try {
      for await (const one of stream(requestFor(request, target), options)) {
        const event = attempts.see(one);
        if (hasShown || event.type === 'heartbeat' || event.type === 'retry') {
          yield event;
          continue;
        }
        pending.push(event);
        if (!isVisible(event) && event.type !== 'response-end') continue;
        hasShown = true;
        yield* pending;
        pending = [];
      }
      return;
    } catch (error) {
      if (hasShown || next === undefined || !mayAnother(error, options)) {
        yield* pending;
        const billed = attempts.unseenUsage();
        if (billed !== undefined) yield { type: 'usage', usage: billed };
        throw failures.length === 0 || hasShown || !mayAnother(error, options)
          ? error
          : allFailed([...failures, { model: target.model, error }]);
      }
      failures.push({ model: target.model, error });
      attempts.endFailed(pending);
      yield { type: 'fallback', model: target.model, next: next.model, error };
    }
  }
}

function targetsOf({ model, fallbackModels = [] }: ChatRequest): readonly Target[] {
  const targets: { model: string; fallbackModels: string[] }[] = [];
  for (const one of [model, ...fallbackModels]) {
    const last = targets.at(-1);
    if (last === undefined || isDirect(one) || isDirect(last.model)) targets.push({ model: one, fallbackModels: [] });
    else last.fallbackModels.push(one);
  }
  return targets;
}

/**
 * Normalizes the messages for this model. The request still contains reasoning of other models, which this one rejects, and the form made for
 * the first model, which it may reject.
 */
function requestFor(request: ChatRequest, { model, fallbackModels }: Target): ChatRequest {
  return { ...request, model, fallbackModels, messages: normalizeMessages(request.messages, model) };
}

/** Returns whether another model may succeed. A stop by the user, a budget or a policy is final. */
function mayAnother(error: unknown, options: StreamOptions | undefined): boolean {
  if (options?.signal?.aborted === true || !(error instanceof OrxError)) return false;
  if (error.kind === 'interrupted' || error.kind === 'unexpected' || error.code === 'budget') return false;
  return !isPolicyRefusal(error);
}
