import type { Answer } from '../../core/answer/answer.ts';
import { collectAnswer, collectPushed, type Outcome } from '../../core/answer/collect.ts';
import type { Turn } from '../../core/conversation/transcript.ts';
import { type CompletionEvent, isVisible } from '../../apis/completion.ts';
import type { RequestParameters } from '../../apis/request-parameters.ts';
import type { CallRun } from '../../core/tools/run-calls.ts';
import type { AnswerView } from '../../output/chat/answer-view.ts';
import { visibleText } from '../../output/text/visible.ts';
import type { Message } from '../../apis/message.ts';
import type { CallReporter } from './call-reporter.ts';
import type { LongAnswer } from './long-answer.ts';
import type { TurnOutcome } from './outcome.ts';
import type { Chat } from './open.ts';
import type { RunTools } from '../tools/open.ts';

/** Sends a request of a turn, and passes the events of its answer to a view. */
export type SendRequest = (view: AnswerView, messages: readonly Message[], more?: RequestParameters) => Promise<Outcome>;

/**
 * Returns a sender that stores answers as they stream; tool results are stored with the request that sends them. `gatherMs`: see
 * StreamOptions.
 */
export function requestSender(
  chat: Chat,
  turn: Turn,
  signal: AbortSignal,
  { gatherMs, watchLength }: { gatherMs?: number | undefined; watchLength?: (() => LongAnswer) | undefined } = {},
): SendRequest {
  let known = turn.messages().length;
  return async (view, all, more) => {
    for (const message of all.slice(known)) if (message.role === 'tool') turn.add(message);
    known = all.length;
    const overrides = { ...chat.overrides, ...more };
    const needsToKnow = overrides.tools === undefined && all.some(({ role }) => role === 'tool');
    const takesTools = !needsToKnow || (await chat.takesTools(chat.settings.model));
    const request = turn.request(chat.settings, overrides, { messages: all, takesTools });
    const length = watchLength?.();
    const see = (event: CompletionEvent): void | Promise<void> => {
      const seen = view.see(event);
      if (isVisible(event)) {
        length?.see(event);
        // What the event shows is written in this turn of the event loop, and the databases are opened in the next one.
        chat.journal?.begin();
      }
      return seen;
    };
    const { push } = chat;
    try {
      if (push === undefined) return await collectAnswer(chat.stream(request, { signal, gatherMs }), see);
      return await collectPushed((sink) => push(request, { signal, gatherMs }, sink), see);
    } finally {
      length?.end();
    }
  };
}

export interface TurnParts {
  tools: RunTools | undefined;
  /** Each answer has its own view, with calls and results between them; otherwise one view shows everything. */
  isText: boolean;
  /** Text before tool calls goes to standard error: the view is for the last answer. */
  showsLastOnly?: boolean | undefined;
  openView: () => Promise<AnswerView>;
  ask: SendRequest;
  /** Stores tool results that no request sends any more, for the next turn. */
  addUnsent: (results: readonly Message[]) => void;
  reportCalls: () => CallReporter;
  monotonic: () => number;
  signal: AbortSignal;
  /** See CallRun: calls that can be stopped without the turn. */
  whileRunning?: CallRun['whileRunning'];
}

/** The result of a turn, and the view of its last answer, which is still open. */
export interface CollectedTurn {
  view: AnswerView;
  collected: TurnOutcome;
}

/** Sends one request, or, with tools, as many as needed. */
export async function collectTurn(messages: readonly Message[], parts: TurnParts): Promise<CollectedTurn> {
  const { tools } = parts;
  if (tools !== undefined) return collectWithTools(messages, tools, parts);
  const view = await parts.openView();
  return { view, collected: await parts.ask(view, messages) };
}

async function collectWithTools(messages: readonly Message[], tools: RunTools, parts: TurnParts): Promise<CollectedTurn> {
  const { isText, openView, ask, monotonic, signal } = parts;
  const [{ runWithTools }, { showCall }, { silentView }] = await Promise.all([
    import('../../core/tools/run-with-tools.ts'),
    import('./show-calls.ts'),
    import('../../output/chat/answer-view.ts'),
  ]);
  const reporter = parts.reportCalls();
  let view: AnswerView | undefined;
  const collected = await runWithTools(messages, {
    async ask(all, toolChoice) {
      view ??= await openView();
      const answered = await ask(view, all, toolChoice === undefined ? {} : { toolChoice });
      const goesOn = answered.error === undefined && answered.answer.toolCalls.length > 0 && toolChoice === undefined;
      if (goesOn && isText) {
        if (parts.showsLastOnly !== true) await view.end(answered);
        else if (answered.answer.text !== '') reporter.print('dim', visibleText(answered.answer.text.trimEnd()));
        view = undefined;
      }
      return answered;
    },
    onUnsent: parts.addUnsent,
    tools: tools.offered,
    decide: tools.decide,
    limits: tools.limits,
    maxSteps: tools.maxSteps,
    onEvent: (event) => showCall(event, tools, reporter),
    monotonic,
    signal,
    ...(parts.whileRunning && { whileRunning: parts.whileRunning }),
  });
  if (collected.isCutShort && tools.offered.length > 0) {
    reporter.print('warning', `warning: after ${tools.maxSteps} steps, tools were turned off; allow more steps: --max-steps N`);
  }
  return { view: view ?? silentView, collected };
}

/** Returns the JSON fields of a turn with tools, in addition to its answer. */
export async function stepFacts({ steps }: CollectedTurn['collected']): Promise<Readonly<Record<string, unknown>>> {
  return steps === undefined ? {} : { steps: (await import('../../output/chat/steps-json.ts')).stepsJson(steps) };
}

/** Returns the sources of an answer as lines to print below it; empty if it has none. */
export async function citationLines({ annotations }: Answer): Promise<string> {
  if (annotations.length === 0) return '';
  const [{ citationsOf }, { citationsText }] = await Promise.all([
    import('../../core/tools/citations.ts'),
    import('../../output/chat/citations.ts'),
  ]);
  return citationsText(citationsOf(annotations));
}
