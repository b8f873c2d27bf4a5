import type { Outcome } from '../core/collect-answer.ts';
import type { Answer } from '../core/answer.ts';
import type { CallEvent } from '../core/tools/run-calls.ts';
import type { ToolOutcome } from '../core/tools/run-with-tools.ts';
import type { AnswerView } from '../output/answer-view.ts';
import type { Message } from '../providers/completion.ts';
import type { RequestParameters } from '../providers/request-parameters.ts';
import type { ChatOptions } from './chat-options.ts';
import type { Context } from './context.ts';
import type { RunTools } from './open-tools.ts';

export interface TurnParts {
  options: ChatOptions;
  context: Context;
  signal: AbortSignal;
  openView: () => Promise<AnswerView>;
  /** Sends one request and lets the view see its answer. */
  ask: (view: AnswerView, messages: readonly Message[], more?: RequestParameters) => Promise<Outcome>;
}

/** What came of a turn, and the view of its last answer, which has not ended yet. */
export interface CollectedTurn {
  view: AnswerView;
  collected: Outcome & Partial<ToolOutcome>;
}

/** Asks once, or with tools as often as it takes. */
export async function collectTurn(messages: readonly Message[], parts: TurnParts): Promise<CollectedTurn> {
  const { tools } = parts.options;
  if (tools !== undefined) return collectWithTools(messages, tools, parts);
  const view = await parts.openView();
  return { view, collected: await parts.ask(view, messages) };
}

/**
 * As text each answer has a view of its own, with the calls and their results between them on standard error; as JSON all of it is one
 * view's.
 */
async function collectWithTools(messages: readonly Message[], tools: RunTools, parts: TurnParts): Promise<CollectedTurn> {
  const { options, context, signal, openView, ask } = parts;
  const [{ runWithTools }, { showCalls }, { silentView }] = await Promise.all([
    import('../core/tools/run-with-tools.ts'),
    import('./show-calls.ts'),
    import('../output/answer-view.ts'),
  ]);
  const { see, warn } = showCalls(tools, options, context);
  let view: AnswerView | undefined;
  const collected = await runWithTools(messages, {
    async ask(all, toolChoice) {
      view ??= await openView();
      const answered = await ask(view, all, toolChoice === undefined ? {} : { toolChoice });
      const goesOn = answered.error === undefined && answered.answer.toolCalls.length > 0 && toolChoice === undefined;
      if (goesOn && options.format === 'text') {
        await view.end(answered);
        view = undefined;
      }
      return answered;
    },
    tools: tools.offered,
    decide: tools.decide,
    limits: tools.limits,
    maxSteps: tools.maxSteps,
    onEvent: (event: CallEvent) => see(event),
    monotonic: context.clock.monotonic,
    signal,
  });
  if (collected.isCutShort && tools.offered.length > 0) {
    warn(`! after ${tools.maxSteps} rounds of tools the model had to answer without; --max-steps allows more`);
  }
  return { view: view ?? silentView, collected };
}

/** What a turn with tools has to say in JSON besides its answer. */
export async function stepFacts({ steps }: CollectedTurn['collected']): Promise<Readonly<Record<string, unknown>>> {
  return steps === undefined ? {} : { steps: (await import('../output/steps-json.ts')).stepsJson(steps) };
}

/** The sources of an answer, below it. */
export async function sayCitations({ annotations }: Answer, stderr: NodeJS.WriteStream): Promise<void> {
  if (annotations.length === 0) return;
  const [{ citationsOf }, { citationsText }] = await Promise.all([
    import('../core/tools/citations.ts'),
    import('../output/citations-text.ts'),
  ]);
  stderr.write(citationsText(citationsOf(annotations)));
}
