import type { CallEvent } from '../../core/tools/run-calls.ts';
import { jsonLine } from '../../output/text/json.ts';
import { toolResultJson } from '../../output/chat/steps-json.ts';
import { allowHint, callEnd, callStart } from '../../output/tools/call.ts';
import type { CallReporter } from './call-reporter.ts';
import type { RunTools } from '../tools/open.ts';

/** Prints the start or the end of a tool call. */
export function showCall(event: CallEvent, tools: RunTools, { print, showsResults, writeJson }: CallReporter): void {
  if (event.type === 'start') {
    // A call that needed confirmation is already on the screen.
    if (!tools.asks(event.call)) print('dim', callStart(event.call));
    return;
  }
  const { call } = event;
  writeJson?.(jsonLine({ type: 'tool_result', ...toolResultJson(call) }));
  const text = callEnd(call);
  // Results of tools are for the screen; a script gets them with --json.
  print(call.state === 'done' ? 'dim' : 'warning', showsResults ? text : text.split('\n')[0]!);
  if (call.state === 'refused' && !tools.canAsk) print('warning', allowHint(call));
}
