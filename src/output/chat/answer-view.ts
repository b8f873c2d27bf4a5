import { encodeAnnotation } from '../../apis/annotations.ts';
import type { Writable } from 'node:stream';
import type { Outcome } from '../../core/answer/collect.ts';
import type { OutputFormat } from '../../core/settings/settings.ts';
import type { CompletionEvent } from '../../apis/completion.ts';
import { answerJson, errorJson, fallbackJson } from './answer-json.ts';
import { batchWriter } from '../text/batch-writer.ts';
import { visibleTextStream } from '../text/visible.ts';
import { writeJson } from '../text/write-json.ts';

/** Receives the events of an answer while it streams, and writes the rest when it ends. */
export interface AnswerView {
  see: (event: CompletionEvent) => void | Promise<void>;
  /** Ends the answer. `facts` are additional fields for its JSON. */
  end: (outcome: Outcome, facts?: Readonly<Record<string, unknown>>) => Promise<void>;
}

/** Shows nothing, for callers that show something made from the answer. */
export const silentView: AnswerView = { see: () => undefined, end: async () => undefined };

/** Returns a view that shows the whole answer when it ends. */
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
 * Returns a view without a screen: the text as it streams, one JSON object at the end, or one JSON line for every event. Calls
 * `session` for every write, because a conversation that cannot be stored is discovered only when the request is sent.
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

/** Returns a view that writes only the exact text (made visible on a terminal), and a final newline if the text has none. */
function plainAnswer(stdout: Writable & { isTTY?: boolean }): AnswerView {
  const visible = stdout.isTTY === true ? visibleTextStream() : undefined;
  const writer = batchWriter(stdout, afterRead);
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

/** What one read of the connection has brought is handled before promises. Waiting until the end of the turn would ask the system once more. */
function afterRead(flush: () => void): void {
  void READ.then(flush);
}

const READ = Promise.resolve();

/** Returns an event as one line of `stream-json`. The last line is the `result`, which `-o json` prints too. */
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
    case 'waiting':
      return { type: 'waiting', wait_ms: Math.round(event.waitMs) };
    case 'fallback':
      return { type: 'fallback', ...fallbackJson(event) };
    case 'dropped':
      return { type: 'dropped', text: event.text };
    default:
      return undefined;
  }
}
