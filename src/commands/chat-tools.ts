import type { Outcome } from '../core/collect-answer.ts';
import type { CallEvent } from '../core/tools/run-calls.ts';
import { runWithTools, type ToolOutcome } from '../core/tools/run-with-tools.ts';
import type { AnswerView } from '../output/answer-view.ts';
import { jsonLine } from '../output/json-text.ts';
import { toolResultJson } from '../output/steps-json.ts';
import { styleFor } from '../output/style.ts';
import { allowHint, callEnd, callStart } from '../output/tool-text.ts';
import type { Message } from '../providers/completion.ts';
import type { RequestParameters } from '../providers/request-parameters.ts';
import type { ChatOptions } from './chat-options.ts';
import type { Context } from './context.ts';
import type { RunTools } from './open-tools.ts';

export interface ToolTurnParts {
  tools: RunTools;
  options: ChatOptions;
  context: Context;
  signal: AbortSignal;
  openView: () => Promise<AnswerView>;
  /** Sends one request and lets the view see its answer. */
  ask: (view: AnswerView, messages: readonly Message[], parameters: RequestParameters) => Promise<Outcome>;
}

/**
 * Answers with tools: as text each answer has a view of its own, with the calls and their results between them on standard error; as JSON
 * all of it is one view's. The view has ended when this resolves.
 */
export async function answerWithTools(messages: readonly Message[], parts: ToolTurnParts): Promise<ToolOutcome> {
  const { tools, options, context, signal, openView, ask } = parts;
  const { stdout, stderr } = context.streams;
  const style = styleFor(stderr, context.env);
  const shared = options.format === 'text' ? undefined : await openView();
  const say = (text: string): void => void (options.isQuiet || stderr.write(`${text}\n`));
  const show = (event: CallEvent): void => {
    if (event.type === 'start') {
      if (!tools.asks(event.call)) say(style('dim', callStart(event.call)));
      return;
    }
    const { call } = event;
    if (options.format === 'stream-json') stdout.write(jsonLine({ type: 'tool_result', ...toolResultJson(call) }));
    const text = callEnd(call);
    // What a tool gives is for the screen; a script has it in --json.
    const isBrief = !options.showsReceipt && (call.state === 'done' || call.state === 'failed');
    say(
      call.state === 'done'
        ? style('dim', isBrief ? text.split('\n')[0]! : text)
        : style('yellow', isBrief ? text.split('\n')[0]! : text),
    );
    if (call.state === 'refused' && !tools.canAsk) say(allowHint(call));
  };
  const outcome = await runWithTools(messages, {
    async ask(all, toolChoice) {
      const view = shared ?? (await openView());
      const answered = await ask(view, all, { tools: tools.requestTools, ...(toolChoice === undefined ? {} : { toolChoice }) });
      if (view !== shared) await view.end(answered);
      return answered;
    },
    tools: tools.offered,
    decide: tools.decide,
    limits: tools.limits,
    maxSteps: tools.maxSteps,
    onEvent: show,
    monotonic: context.clock.monotonic,
    signal,
  });
  await shared?.end(outcome);
  if (outcome.isCutShort && tools.offered.length > 0) {
    say(style('yellow', `! after ${tools.maxSteps} rounds of tools the model had to answer without; --max-steps allows more`));
  }
  return outcome;
}
