import { parseDirectId } from '../../apis/direct-id.ts';
import type { RequestObserver, ServedRequest } from '../../core/serve/served-request.ts';
import type { Instruments, MetricLabels } from './instruments.ts';

/** Maximum number of models with their own label: clients can invent names, and each label is kept forever. */
const MOST_MODELS = 200;
const OTHER = 'other';
/** Frozen, as all labels that do not change: see RequestRecorder.#routeLabels. */
const NO_LABELS: MetricLabels = Object.freeze({});
const LONGEST = 120;

const MOST_KEPT = 1000;

/** The labels of an answer, and of its tokens. */
interface AnswerLabels {
  all: MetricLabels;
  input: MetricLabels;
  output: MetricLabels;
}

/** Records ended requests in the instruments. Labels contain no key and no user text, and only models that have answered. */
export class RequestRecorder implements RequestObserver {
  readonly #instruments: Instruments;
  readonly #models = new Set<string>();
  readonly #ofRoutes = new Map<string, MetricLabels>();
  readonly #ofAnswers = new Map<string, AnswerLabels>();

  #active = 0;

  constructor(instruments: Instruments) {
    this.#instruments = instruments;
    instruments.active.addCallback((result) => result.observe(this.#active, NO_LABELS));
  }

  begin(): void {
    this.#active += 1;
  }

  end(request: ServedRequest): void {
    const { route, status, operation, model, target, durationMs, failure } = request;
    const { requests, errors, duration } = this.#instruments;
    this.#active -= 1;
    requests.add(1, this.#routeLabels(route, status));
    if (failure !== undefined) errors.add(1, { 'error.type': failure, 'http.route': route });
    if (operation === undefined) return;
    const labels = this.#answerLabels(operation, model, target);
    duration.record(durationMs / 1000, failure === undefined ? labels.all : { ...labels.all, 'error.type': failure });
    this.#recordAnswer(request, labels);
  }

  #recordAnswer(request: ServedRequest, { all: labels, input, output }: AnswerLabels): void {
    const { firstToken, perToken, tokens, overhead, cost, retries, fallbacks, hedges, hedgeCost, cacheReads, cacheHits } =
      this.#instruments;
    const { usage, overheadMs, durationMs } = request;
    const first = request.isStreamed === true ? request.timeToFirstTokenMs : undefined;
    if (overheadMs !== undefined) overhead.record(overheadMs / 1000, NO_LABELS);
    if (request.retries) retries.add(request.retries, labels);
    if (request.fallbacks) fallbacks.add(request.fallbacks, labels);
    if (request.hedges) hedges.add(request.hedges, labels);
    if (request.hedgeCost !== undefined) {
      hedgeCost.add(Number(request.hedgeCost), labels);
      cost.add(Number(request.hedgeCost), labels);
    }
    if (first !== undefined) firstToken.record(first / 1000, labels);
    if (request.isCached === true) cacheHits.add(1, labels);
    // A cached answer used no tokens.
    if (usage === undefined || request.isCached === true) return;
    tokens.record(usage.promptTokens, input);
    tokens.record(usage.completionTokens, output);
    if (usage.cost !== undefined) cost.add(Number(usage.cost), labels);
    if (usage.cachedTokens !== undefined && usage.cachedTokens > 0) cacheReads.add(usage.cachedTokens, labels);
    if (first !== undefined && usage.completionTokens > 1)
      perToken.record((durationMs - first) / 1000 / (usage.completionTokens - 1), labels);
  }

  /** Returns the same frozen object for the same labels: OpenTelemetry then hashes it only once (build-patches.js). */
  #routeLabels(route: string, status: number): MetricLabels {
    const key = `${route} ${status}`;
    const known = this.#ofRoutes.get(key);
    if (known !== undefined) return known;
    const labels = Object.freeze({ 'http.route': route, 'http.response.status_code': status });
    remember(this.#ofRoutes, key, labels);
    return labels;
  }

  #answerLabels(operation: string, model: string | undefined, target: string | undefined): AnswerLabels {
    const key = `${operation}\n${model}\n${target}`;
    const known = this.#ofAnswers.get(key);
    if (known !== undefined) return known;
    const all: MetricLabels = Object.freeze({
      'gen_ai.operation.name': operation,
      'gen_ai.request.model': target === undefined ? OTHER : this.#label(model ?? target),
      ...(target !== undefined && {
        'gen_ai.response.model': this.#label(target),
        'gen_ai.provider.name': providerName(target),
      }),
    });
    const labels: AnswerLabels = {
      all,
      input: Object.freeze({ ...all, 'gen_ai.token.type': 'input' }),
      output: Object.freeze({ ...all, 'gen_ai.token.type': 'output' }),
    };
    remember(this.#ofAnswers, key, labels);
    return labels;
  }

  /** Returns untrusted text as a label: without control characters, and with a limited number of different labels. */
  #label(model: string): string {
    const text = model.slice(0, LONGEST).replaceAll(/[^\x20-\x7e]/g, '_');
    if (this.#models.has(text)) return text;
    if (this.#models.size >= MOST_MODELS) return OTHER;
    this.#models.add(text);
    return text;
  }
}

/** Returns the API that answered. */
function providerName(target: string): string {
  return parseDirectId(target)?.vendor ?? 'openrouter';
}

/** Adds an entry. Clears a full map, so that names invented by clients do not fill the memory. */
function remember<Value>(known: Map<string, Value>, key: string, value: Value): void {
  if (known.size >= MOST_KEPT) known.clear();
  known.set(key, value);
}
