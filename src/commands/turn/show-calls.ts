import type { CallEvent } from '../../core/tools/run-calls.ts';
import { jsonLine } from '../../output/text/json.ts';
import { toolResultJson } from '../../output/chat/steps-json.ts';
import { allowHint, callEnd, callStart } from '../../output/tools/call.ts';
import type { CallReporter } from './call-reporter.ts';
import type { RunTools } from '../tools/open.ts';

/** Prints what happens around one call. */
export function showCall(event: CallEvent, tools: RunTools, { print, showsResults, writeJson }: CallReporter): void {
  if (event.type === 'start') {
    // One that was asked about stands on the screen already.
    if (!tools.asks(event.call)) print('dim', callStart(event.call));
    return;
  }
  const { call } = event;
  writeJson?.(jsonLine({ type: 'tool_result', ...toolResultJson(call) }));
  const text = callEnd(call);
  // What a tool gives is for the screen; a script has it in --json.
  print(call.state === 'done' ? 'dim' : 'warning', showsResults ? text : text.split('\n')[0]!);
  if (call.state === 'refused' && !tools.canAsk) print('warning', allowHint(call));
}
