import type { CallEvent } from '../core/tools/run-calls.ts';
import { jsonLine } from '../output/json-text.ts';
import { toolResultJson } from '../output/steps-json.ts';
import { styleFor } from '../output/style.ts';
import { allowHint, callEnd, callStart } from '../output/tool-text.ts';
import type { ChatOptions } from './chat-options.ts';
import type { Context } from './context.ts';
import type { RunTools } from './open-tools.ts';

/** Says on standard error what becomes of calls, and in `stream-json` on standard output. */
export function showCalls(
  tools: RunTools,
  options: ChatOptions,
  { streams: { stdout, stderr }, env }: Context,
): { see: (event: CallEvent) => void; warn: (text: string) => void } {
  const style = styleFor(stderr, env);
  const say = (tone: 'dim' | 'yellow', text: string): void => void (options.isQuiet || stderr.write(`${style(tone, text)}\n`));
  return {
    warn: (text) => say('yellow', text),
    see(event) {
      if (event.type === 'start') {
        // One that was asked about stands on the screen already.
        if (!tools.asks(event.call)) say('dim', callStart(event.call));
        return;
      }
      const { call } = event;
      if (options.format === 'stream-json') stdout.write(jsonLine({ type: 'tool_result', ...toolResultJson(call) }));
      const text = callEnd(call);
      // What a tool gives is for the screen; a script has it in --json.
      say(call.state === 'done' ? 'dim' : 'yellow', options.showsReceipt ? text : text.split('\n')[0]!);
      if (call.state === 'refused' && !tools.canAsk) say('yellow', allowHint(call));
    },
  };
}
