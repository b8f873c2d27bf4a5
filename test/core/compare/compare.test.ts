import { describe, expect, it } from 'vitest';
import { compare, type CompareStep } from '../../../src/core/compare/compare.ts';
import type { LanePlan } from '../../../src/core/compare/lane-plan.ts';
import { lanesOf } from '../../support/lanes.ts';
import { resolved } from '../../support/settings.ts';
import { OrxError } from '../../../src/errors.ts';
import type { ChatRequest, CompletionEvent, StreamCompletion } from '../../../src/apis/completion.ts';

const settings = resolved({ flags: { system: 'Be brief.' }, env: {}, file: {} }).values;
const messages = [{ role: 'user', content: 'why?' }] as const;
const plans = (...models: string[]): LanePlan[] =>
  lanesOf(models).map((lane) => ({ ...lane, messages, settings, overrides: {} }));
const limited = new OrxError('rate limited', { kind: 'rate-limit' });

/** Answers with its own name, fails, or waits until it is stopped. */
const stream: StreamCompletion = async function* (request, options): AsyncGenerator<CompletionEvent> {
  yield { type: 'response-start', id: 'gen', model: request.model };
  yield { type: 'text-delta', text: request.model };
  if (request.model === 'x/limited') throw limited;
  if (request.model === 'x/endless') {
    await new Promise((_resolve, reject) =>
      options?.signal?.addEventListener('abort', () => reject(options.signal?.reason as Error)),
    );
  }
  yield { type: 'response-end', finishReason: 'stop' };
};

async function collect(steps: AsyncIterable<CompareStep>): Promise<CompareStep[]> {
  const all: CompareStep[] = [];
  for await (const step of steps) all.push(step);
  return all;
}

describe('compare', () => {
  it('sends every model the same conversation and settings', async () => {
    const requests: ChatRequest[] = [];
    const seen: StreamCompletion = (request, options) => {
      requests.push(request);
      return stream(request, options);
    };
    let time = 0;
    const steps = await collect(compare({ plans: plans('x/a', 'x/b'), stream: seen, monotonic: () => (time += 1) }));
    expect(requests.map(({ model, messages: sent }) => [model, sent])).toEqual(
      ['x/a', 'x/b'].map((model) => [model, [{ role: 'system', content: 'Be brief.' }, ...messages]]),
    );
    expect(steps).toHaveLength(8);
    expect(steps.at(-1)!.state.lanes.map(({ state, answer }) => [state, answer.text])).toEqual([
      ['done', 'x/a'],
      ['done', 'x/b'],
    ]);
    expect(steps.at(-1)!.state.startedAt).toBe(1);
  });

  it('keeps a failure in its lane, and a stop in the lanes that still run', async () => {
    const controller = new AbortController();
    const steps = compare({
      plans: plans('x/limited', 'x/endless', 'x/fine'),
      stream,
      monotonic: () => 0,
      signal: controller.signal,
    });
    let last: CompareStep | undefined;
    for await (const step of steps) {
      last = step;
      if (step.state.lanes.filter(({ state }) => state === 'done' || state === 'failed').length === 2) {
        controller.abort(new OrxError('stopped', { kind: 'interrupted' }));
      }
    }
    expect(
      last!.state.lanes.map(({ state, answer, error }) => [state, answer.text, error instanceof OrxError ? error.kind : error]),
    ).toEqual([
      ['failed', 'x/limited', 'rate-limit'],
      ['stopped', 'x/endless', 'interrupted'],
      ['done', 'x/fine', undefined],
    ]);
  });

  it('stops one lane without the others', async () => {
    const controllers = [new AbortController(), new AbortController()];
    const steps = compare({
      plans: plans('x/endless', 'x/fine'),
      stream,
      monotonic: () => 0,
      stops: controllers.map(({ signal }) => signal),
    });
    let last: CompareStep | undefined;
    for await (const step of steps) {
      last = step;
      if (step.state.lanes[1]!.state === 'done') controllers[0]!.abort(new OrxError('stopped', { kind: 'interrupted' }));
    }
    expect(last!.state.lanes.map(({ state, answer }) => [state, answer.text])).toEqual([
      ['stopped', 'x/endless'],
      ['done', 'x/fine'],
    ]);
  });

  it('fails a lane whose answer does not have the requested form, and keeps the answer', async () => {
    const misfit = new OrxError('not JSON', { kind: 'provider' });
    const [one, two] = plans('x/a', 'x/b');
    const steps = await collect(compare({ plans: [{ ...one!, checkAnswer: () => misfit }, two!], stream, monotonic: () => 0 }));
    expect(steps.at(-1)!.state.lanes.map(({ state, answer, error }) => [state, answer.text, error])).toEqual([
      ['failed', 'x/a', misfit],
      ['done', 'x/b', undefined],
    ]);
  });
});
