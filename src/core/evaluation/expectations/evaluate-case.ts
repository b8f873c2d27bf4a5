import type { RunScript } from '../../../scripts/script.ts';
import { OrxError } from '../../../errors.ts';
import type { Expectation, TestCase } from '../test-case.ts';
import { checkJson } from './check-json.ts';
import { checkText, type CheckFinding, expectedList, expectedText } from './check-text.ts';
import { isOneOf, JSON_TYPES, type JudgedType, needsJudge, TEXT_TYPES } from './types.ts';

/** An answer that arrived. An answer that never came is never evaluated, and never passes. */
export interface MeasuredAnswer {
  text: string;
  /** Undefined for an answer that was not measured, such as a cached one. */
  latencyMs?: number | undefined;
  costUsd?: number | undefined;
  /** The model that answered, for scripts. */
  model?: string | undefined;
}

/** What a judge grades. */
export interface GradeRequest {
  type: JudgedType;
  /** The rubric, the steps of `g-eval`, the right answer of `factuality` and `similar`, or the criterion of `select-best`. */
  criteria: readonly string[];
  answer: string;
  testCase: TestCase;
}

/** A grade: `score` is from 0 to 1. `not-run`: there is no verdict, so that nothing passes. */
export type ExpectationGrade =
  | { state: 'graded'; isPassed: boolean; score: number; reason: string }
  | { state: 'not-run'; reason: string };

export interface ExpectationServices {
  runScript: RunScript;
  /** scripts/within-time.ts. */
  withinTime: <T>(work: () => T) => { value: T } | undefined;
  /** Grades what a model has to grade. Without it, nothing that needs a judge passes. */
  grade?: ((request: GradeRequest) => Promise<ExpectationGrade>) | undefined;
}

export type ExpectationState = 'passed' | 'failed' | 'not-run';

export interface ExpectationResult {
  expectation: Expectation;
  state: ExpectationState;
  /** From 0 to 1; 0 for `not-run`. */
  score: number;
  /** What was expected or found. Untrusted. */
  reason: string;
  members?: readonly ExpectationResult[] | undefined;
}

export interface CaseResult {
  /** `not-run`: nothing failed, and something that counts could not be evaluated. */
  state: ExpectationState;
  /** The weighted mean of the scores; 1 without expectations. */
  score: number;
  results: readonly ExpectationResult[];
  /** The weighted mean of the scores of each metric. */
  metrics: Readonly<Record<string, number>>;
}

/** Evaluates an answer against the expectations of its case. A case without expectations passes. */
export async function evaluateCase(
  testCase: TestCase,
  answer: MeasuredAnswer,
  services: ExpectationServices,
): Promise<CaseResult> {
  const evaluation = new Evaluation(testCase, answer, services);
  const results = await evaluation.all();
  const { state, score } = summed(results, testCase.threshold);
  return { state, score, results, metrics: metricsOf(results) };
}

type Judged = Omit<ExpectationResult, 'expectation'>;

class Evaluation {
  readonly #testCase: TestCase;
  readonly #answer: MeasuredAnswer;
  readonly #services: ExpectationServices;

  constructor(testCase: TestCase, answer: MeasuredAnswer, services: ExpectationServices) {
    this.#testCase = testCase;
    this.#answer = answer;
    this.#services = services;
  }

  async all(): Promise<ExpectationResult[]> {
    const { transform, expectations } = this.#testCase;
    const output = await this.#transformed(this.#answer.text, transform);
    if ('reason' in output)
      return expectations.map((expectation) => ({ expectation, state: 'failed', score: 0, reason: output.reason }));
    const results: ExpectationResult[] = [];
    for (const expectation of expectations) results.push(await this.#one(expectation, output.value));
    return results;
  }

  async #one(expectation: Expectation, given: unknown): Promise<ExpectationResult> {
    const { notRun, transform, isNegated } = expectation;
    if (notRun !== undefined) return { expectation, state: 'not-run', score: 0, reason: notRun };
    const output = await this.#transformed(given, transform);
    if ('reason' in output) return { expectation, state: 'failed', score: 0, reason: output.reason };
    const judged = await this.#judge(expectation, output.value);
    if (!isNegated || judged.state === 'not-run') return { expectation, ...judged };
    const state = judged.state === 'passed' ? 'failed' : 'passed';
    return { expectation, ...judged, state, score: 1 - judged.score, reason: `not: ${judged.reason}` };
  }

  async #judge(expectation: Expectation, output: unknown): Promise<Judged> {
    const { type, value } = expectation;
    if (type === 'assert-set') return this.#set(expectation, output);
    if (type === 'javascript') return this.#javascript(expectation, output);
    if (type === 'latency') return measured('latency', this.#answer.latencyMs, expectation, 'ms');
    if (type === 'cost') return measured('cost', this.#answer.costUsd, expectation, 'USD');
    if (needsJudge(type)) return this.#graded(type, expectation, output);
    const text = expectedText(output);
    if (isOneOf(TEXT_TYPES, type)) return this.#bounded(() => checkText(type, text, value), type === 'regex');
    if (isOneOf(JSON_TYPES, type)) return this.#bounded(() => checkJson(type, text, value), true);
    return unable(`orx does not know the type ${type}`);
  }

  async #set({ members = [], threshold }: Expectation, output: unknown): Promise<Judged> {
    const results: ExpectationResult[] = [];
    for (const member of members) results.push(await this.#one(member, output));
    const { state, score } = summed(results, threshold);
    const failed = results.filter((one) => one.state !== 'passed' && one.expectation.weight > 0);
    return { state, score, reason: failed.map(({ reason }) => reason).join('; '), members: results };
  }

  async #javascript({ value, threshold, config }: Expectation, output: unknown): Promise<Judged> {
    const outcome = await this.#services.runScript({ code: expectedText(value), output, context: this.#context(config) });
    if (outcome.state === 'failed') return { state: 'failed', score: 0, reason: outcome.reason };
    const returned = outcome.value;
    const { pass, score, reason } = isObject(returned) ? returned : { pass: undefined, score: undefined, reason: undefined };
    if (typeof returned === 'boolean') return scored(returned, returned ? 1 : 0, `the script returned ${returned}`);
    if (typeof returned === 'number')
      return scored(threshold === undefined ? returned > 0 : returned >= threshold, returned, `the script returned ${returned}`);
    if (typeof pass === 'boolean') {
      const own = typeof score === 'number' ? score : pass ? 1 : 0;
      const isMet = pass && (threshold === undefined || own >= threshold);
      return scored(isMet, own, typeof reason === 'string' ? reason : `the script returned pass: ${pass}`);
    }
    return {
      state: 'failed',
      score: 0,
      reason: 'the script returned neither true or false, nor a number, nor { pass, score, reason }',
    };
  }

  async #graded(type: JudgedType, { value, threshold }: Expectation, output: unknown): Promise<Judged> {
    const { grade } = this.#services;
    if (grade === undefined) return unable(`${type} needs a judge: --judge MODEL`);
    const given = await grade({ type, criteria: expectedList(value), answer: expectedText(output), testCase: this.#testCase });
    if (given.state === 'not-run') return unable(given.reason);
    const least = threshold ?? LEAST_SCORES[type];
    const byScore = least === undefined || given.score >= least;
    return scored(SCORED_TYPES.has(type) ? byScore : given.isPassed && byScore, given.score, given.reason);
  }

  /** Runs a check whose regular expressions come from the file. */
  #bounded(check: () => CheckFinding, mayBacktrack: boolean): Judged {
    try {
      // The limit takes two milliseconds: only patterns of the file need it.
      const outcome = mayBacktrack ? this.#services.withinTime(check) : { value: check() };
      if (outcome === undefined) return unable('its regular expression takes longer than half a second on this answer');
      const { isMet, reason } = outcome.value;
      return scored(isMet, isMet ? 1 : 0, reason);
    } catch (error) {
      if (error instanceof OrxError || error instanceof SyntaxError) return unable(error.message);
      if (error instanceof RangeError) return unable('the answer is nested too deeply to be checked');
      throw error;
    }
  }

  async #transformed(value: unknown, code: string | undefined): Promise<{ value: unknown } | { reason: string }> {
    if (code === undefined) return { value };
    const outcome = await this.#services.runScript({ code, output: value, context: this.#context() });
    return outcome.state === 'returned' ? { value: outcome.value } : { reason: `transform: ${outcome.reason}` };
  }

  #context(config?: unknown): Readonly<Record<string, unknown>> {
    const { vars, prompt, metadata, label, threshold } = this.#testCase;
    const messages = prompt.map(({ role, text }) => ({ role, content: text }));
    return {
      vars,
      prompt: messages.length === 1 ? messages[0]!.content : JSON.stringify(messages),
      test: { vars, metadata, description: label, threshold },
      metadata,
      config,
      provider: { id: this.#answer.model },
      latencyMs: this.#answer.latencyMs,
      cost: this.#answer.costUsd,
    };
  }
}

/** Types whose score decides, whatever the judge calls it. */
const SCORED_TYPES: ReadonlySet<string> = new Set(['similar', 'g-eval']);
const LEAST_SCORES: Readonly<Partial<Record<JudgedType, number>>> = { similar: 0.75, 'g-eval': 0.7 };

function measured(name: string, value: number | undefined, { threshold, value: given }: Expectation, unit: string): Judged {
  const most = threshold ?? (given === undefined ? undefined : Number(given));
  if (value === undefined) return unable(`the ${name} of this answer is unknown`);
  if (most === undefined || Number.isNaN(most)) return unable(`${name} has no threshold`);
  return scored(value <= most, value <= most ? 1 : 0, `${name} at most ${most} ${unit} (it is ${value})`);
}

function scored(isMet: boolean, score: number, reason: string): Judged {
  return { state: isMet ? 'passed' : 'failed', score: Math.min(1, Math.max(0, Number.isNaN(score) ? 0 : score)), reason };
}

function unable(reason: string): Judged {
  return { state: 'not-run', score: 0, reason };
}

/** Adds results up. Weight 0 never decides; a threshold replaces "all pass", and what was not run never passes. */
function summed(
  results: readonly ExpectationResult[],
  threshold: number | undefined,
): { state: ExpectationState; score: number } {
  const counted = results.filter(({ expectation }) => expectation.weight > 0);
  const weight = counted.reduce((sum, { expectation }) => sum + expectation.weight, 0);
  const score = weight === 0 ? 1 : counted.reduce((sum, one) => sum + one.score * one.expectation.weight, 0) / weight;
  if (threshold === undefined && counted.some(({ state }) => state === 'failed')) return { state: 'failed', score };
  if (counted.some(({ state }) => state === 'not-run')) return { state: 'not-run', score };
  // Sums of decimals such as 0.1 + 0.2 must not fail a threshold of 0.3.
  return { state: threshold === undefined || score >= threshold - 1e-9 ? 'passed' : 'failed', score };
}

function metricsOf(results: readonly ExpectationResult[]): Readonly<Record<string, number>> {
  const sums = new Map<string, { score: number; weight: number }>();
  const add = ({ expectation, score, members, state }: ExpectationResult): void => {
    const { metric } = expectation;
    if (metric !== undefined && state !== 'not-run') {
      const sum = sums.get(metric) ?? { score: 0, weight: 0 };
      const weight = expectation.weight === 0 ? 1 : expectation.weight;
      sums.set(metric, { score: sum.score + score * weight, weight: sum.weight + weight });
    }
    for (const member of members ?? []) add(member);
  };
  for (const result of results) add(result);
  return Object.fromEntries([...sums].map(([name, { score, weight }]) => [name, score / weight]));
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
