import { isDirect, parseDirectId } from '../../apis/direct-id.ts';
import {
  type ChatRequest,
  type CompletionEvent,
  isVisible,
  type StreamCompletion,
  type StreamOptions,
} from '../../apis/completion.ts';
import { isFilterReason } from '../../apis/finish-reason.ts';
import { OrxError } from '../../errors.ts';
import { modelFailures } from '../fallback-reason.ts';
import { normalizeMessages } from '../request/replay/normalize-request.ts';
import { type AllAttempts, allAttempts } from './all-attempts.ts';
import { allFailed } from './all-failed.ts';
import { isPolicyRefusal } from './policy-refusal.ts';

/** One request of a fallback list: one model, or consecutive models that OpenRouter tries itself. */
interface Target {
  model: string;
  fallbackModels: readonly string[];
}

/** An answer longer than this, in UTF-16 units, is not started again: its text is already stored in pieces. */
const LONGEST_RESTARTED = 1024 * 1024;

/** Codes of failures before a connection: other models of the same API would fail too. */
const UNREACHED: ReadonlySet<string> = new Set(['connect-timeout', 'dns', 'refused', 'unreachable', 'proxy', 'tls', 'not-http']);

/**
 * Returns the same stream with support for fallback lists that orx goes through itself: those with direct models, and those of a request that
 * asks for it (`fallsBackLocally`). It requests their models one after the other, until one answers. Other lists go to the API unchanged.
 * Output that was already yielded stays: if a model fails after its first visible token, the answer ends, unless the request allows a restart.
 * With `fallsBackLocally` an empty answer is a failure too. Each change of model yields a `fallback` event; if all fail, the first failure is
 * thrown. Costs and times are those of all attempts.
 */
export function fallback(stream: StreamCompletion, monotonic: () => number): StreamCompletion {
  return (request, options) => {
    const targets = targetsOf(request);
    return targets.length < 2 ? stream(request, options) : tryEach(stream, request, targets, monotonic, options);
  };
}

/** Returns whether `fallback` may send several requests for this one. */
export function goesThroughList(request: ChatRequest): boolean {
  return targetsOf(request).length > 1;
}

/** Returns the first request that `fallback` sends for a fallback list. */
export function firstRequest(request: ChatRequest): ChatRequest {
  const targets = targetsOf(request);
  return targets.length < 2 ? request : requestFor(request, targets[0]!);
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
  let [target, ...left] = targets as [Target, ...Target[]];
  for (;;) {
    const attempt = new Attempt(request, attempts, left.length > 0);
    try {
      for await (const event of stream(requestFor(request, target, failures), options)) yield* attempt.see(event);
      return;
    } catch (error) {
      const others = isUnreached(error) ? left.filter((one) => hostOf(one) !== hostOf(target)) : left;
      const [next, ...rest] = others;
      if (next === undefined || !attempt.mayBeReplaced || !mayAnother(error, options)) {
        yield* attempt.held;
        const billed = attempts.unseenUsage();
        if (billed !== undefined) yield { type: 'usage', usage: billed };
        throw failures.length === 0 || attempt.hasShown || !mayAnother(error, options)
          ? error
          : allFailed([...failures, { model: target.model, error }]);
      }
      failures.push({ model: target.model, error });
      attempts.endFailed(attempt.held);
      yield { type: 'fallback', model: target.model, next: next.model, error, ...(attempt.hasShown && { restarts: true }) };
      [target, left] = [next, rest];
      attempts.begin();
    }
  }
}

/** The request to one target: which of its events to yield, and when. */
class Attempt {
  /** Something visible was yielded. */
  hasShown = false;
  /** Events that were not yielded: only the model that answers reports its name and its cost. */
  held: CompletionEvent[] = [];
  readonly #attempts: AllAttempts;
  readonly #isLocal: boolean;
  readonly #mayRestart: boolean;
  readonly #hasNext: boolean;
  #hasContent = false;
  #size = 0;

  constructor({ wishes }: ChatRequest, attempts: AllAttempts, hasNext: boolean) {
    this.#attempts = attempts;
    this.#isLocal = wishes?.fallsBackLocally === true;
    this.#mayRestart = this.#isLocal && wishes?.restart === true;
    this.#hasNext = hasNext;
  }

  /** Whether another model may answer in its place. */
  get mayBeReplaced(): boolean {
    return !this.hasShown || (this.#mayRestart && this.#size <= LONGEST_RESTARTED);
  }

  /** Returns the events to yield. Throws if the answer has ended and is empty. */
  see(one: CompletionEvent): readonly CompletionEvent[] {
    const event = this.#attempts.see(one);
    if (event.type === 'heartbeat' || event.type === 'retry') return [event];
    if (event.type === 'text-delta' || event.type === 'reasoning-delta') this.#size += event.text.length;
    this.#hasContent ||= isVisible(event) && event.type !== 'reasoning-delta' && !isBlankText(event);
    if (event.type === 'response-end') {
      if (this.#isLocal && this.#hasNext && this.mayBeReplaced && !this.#hasContent && !isBlocked(event)) throw emptyAnswer();
      return this.#release(event);
    }
    // The usage of an answer that is replaced is part of the cost of the next one.
    if (this.hasShown && !(this.#mayRestart && event.type === 'usage')) return [event];
    if (!isVisible(event) || (this.#isLocal && isBlankText(event))) {
      this.held.push(event);
      return [];
    }
    this.hasShown = true;
    return this.#release(event);
  }

  #release(event: CompletionEvent): readonly CompletionEvent[] {
    if (event.type === 'response-end') this.hasShown = true;
    return [...this.held.splice(0), event];
  }
}

/** Returns whether an event is text that nobody sees. */
function isBlankText(event: CompletionEvent): boolean {
  return event.type === 'text-delta' && event.text.trim() === '';
}

function isBlocked(end: Extract<CompletionEvent, { type: 'response-end' }>): boolean {
  return end.isRefusal === true || isFilterReason(end.finishReason) || isFilterReason(end.nativeFinishReason);
}

function emptyAnswer(): OrxError {
  return new OrxError('the response is empty', { kind: 'provider', code: 'empty-answer' });
}

function targetsOf({ model, fallbackModels = [], wishes }: ChatRequest): readonly Target[] {
  const targets: { model: string; fallbackModels: string[] }[] = [];
  for (const one of [model, ...fallbackModels]) {
    const last = targets.at(-1);
    const isOwn = wishes?.fallsBackLocally === true || last === undefined || isDirect(one) || isDirect(last.model);
    if (isOwn) targets.push({ model: one, fallbackModels: [] });
    else last.fallbackModels.push(one);
  }
  return targets;
}

/**
 * Normalizes the messages for this model. The request still contains reasoning of other models, which this one rejects, and the form made for
 * the first model, which it may reject.
 */
function requestFor(
  request: ChatRequest,
  { model, fallbackModels }: Target,
  failures: readonly { model: string; error: unknown }[] = [],
): ChatRequest {
  const reason = modelFailures(failures);
  const wishes = reason === undefined ? request.wishes : { ...request.wishes, fallback: { from: request.model, reason } };
  return { ...request, model, fallbackModels, wishes, messages: normalizeMessages(request.messages, model) };
}

/** Returns the vendor of a direct model; undefined: OpenRouter. */
function hostOf({ model }: Target): string | undefined {
  return parseDirectId(model)?.vendor;
}

function isUnreached(error: unknown): boolean {
  return error instanceof OrxError && error.kind === 'network' && error.code !== undefined && UNREACHED.has(error.code);
}

/** Returns whether another model may succeed. A stop by the user, a budget or a policy is final. */
function mayAnother(error: unknown, options: StreamOptions | undefined): boolean {
  if (options?.signal?.aborted === true || !(error instanceof OrxError)) return false;
  if (error.kind === 'interrupted' || error.kind === 'unexpected' || error.code === 'budget') return false;
  return !isPolicyRefusal(error);
}
