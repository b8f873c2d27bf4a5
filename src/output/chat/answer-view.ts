import { encodeAnnotation } from '../../apis/annotations.ts';
import type { Writable } from 'node:stream';
import type { Outcome } from '../../core/answer/collect.ts';
import type { OutputFormat } from '../../core/settings/settings.ts';
import type { CompletionEvent } from '../../apis/completion.ts';
import { answerJson, errorJson, fallbackJson } from './answer-json.ts';
import { batchWriter } from '../text/batch-writer.ts';
import { visibleTextStream } from '../text/visible.ts';
import { writeJson } from '../text/write-json.ts';

/** Where an answer's events go while it comes, and what is left to write when it is over. */
export interface AnswerView {
  see: (event: CompletionEvent) => void | Promise<void>;
  /** `facts` are further fields for the JSON of the answer. */
  end: (outcome: Outcome, facts?: Readonly<Record<string, unknown>>) => Promise<void>;
}

/** Shows nothing: something made of the answer is shown instead. */
export const silentView: AnswerView = { see: () => undefined, end: async () => undefined };

/** Shows an answer when it is over. */
export function wholeView(view: AnswerView): AnswerView {
  return {
    see: () => undefined,
    async end(outcome, facts) {
      await view.see({ type: 'text-delta', text: outcome.answer.text });
      await view.end(outcome, facts);
    },
  };
}

/**
 * The views without a screen: text as it comes, one object at the end, or one object a line for every event. `session` is asked each time it is
 * written: a conversation that cannot be stored is found out when the request is sent.
 */
export function answerView(
  format: OutputFormat,
  stdout: Writable & { isTTY?: boolean },
  asked: string,
  session: () => string | null | undefined = () => undefined,
): AnswerView {
  switch (format) {
    case 'text':
      return plainAnswer(stdout);
    case 'json':
      return {
        see: () => undefined,
        end: ({ answer, error }, facts) => writeJson(stdout, { ...answerJson(answer, asked, error, session()), ...facts }),
      };
    case 'stream-json':
      return {
        see(event) {
          const line = eventJson(event, session());
          return line === undefined ? undefined : writeJson(stdout, line, { isLine: true });
        },
        end: ({ answer, error }, facts) =>
          writeJson(stdout, { type: 'result', ...answerJson(answer, asked, error, session()), ...facts }, { isLine: true }),
      };
  }
}

/** The text exactly (made visible on a terminal), and a newline at the end where it has none; nothing else, whatever happens. */
function plainAnswer(stdout: Writable & { isTTY?: boolean }): AnswerView {
  const visible = stdout.isTTY === true ? visibleTextStream() : undefined;
  const writer = batchWriter(stdout);
  let last = '';
  return {
    see(event) {
      if (event.type !== 'text-delta' || event.text === '') return;
      last = event.text;
      return writer.add(visible === undefined ? event.text : visible.push(event.text));
    },
    async end() {
      const rest = visible?.end() ?? '';
      await writer.add(last === '' || last.endsWith('\n') ? rest : `${rest}\n`);
      await writer.end();
    },
  };
}

/** An event as one line of `stream-json`. The last line is the `result` that `-o json` prints. */
function eventJson(event: CompletionEvent, session: string | null | undefined): Record<string, unknown> | undefined {
  switch (event.type) {
    case 'response-start':
      return {
        type: 'start',
        ...(session === undefined ? {} : { session_id: session }),
        id: event.id,
        model: event.model,
        provider: event.provider ?? null,
      };
    case 'text-delta':
      return { type: 'text', text: event.text };
    case 'reasoning-delta':
      return { type: 'reasoning', text: event.text };
    case 'tool-call-delta':
      return {
        type: 'tool_call',
        index: event.index,
        id: event.id ?? null,
        name: event.name ?? null,
        arguments: event.arguments,
      };
    case 'image':
      return { type: 'image', url: event.url };
    case 'annotation':
      return { type: 'annotation', annotation: encodeAnnotation(event.annotation) };
    case 'retry':
      return {
        type: 'retry',
        attempt: event.attempt,
        wait_ms: Math.round(event.waitMs),
        error: errorJson(event.error),
      };
    case 'fallback':
      return { type: 'fallback', ...fallbackJson(event) };
    case 'dropped':
      return { type: 'dropped', text: event.text };
    default:
      return undefined;
  }
}
