import type { Writable } from 'node:stream';
import type { CompletionEvent } from '../../apis/completion.ts';
import { batchWriter } from '../text/batch-writer.ts';
import { visibleTextStream } from '../text/visible.ts';

/** Writes an answer's text as it comes. */
export interface PlainAnswer {
  see: (event: CompletionEvent) => void | Promise<void>;
  end: () => Promise<void>;
}

/** The text exactly (made visible on a terminal), and a newline at the end where it has none; nothing else, whatever happens. */
export function plainAnswer(stdout: Writable & { isTTY?: boolean }): PlainAnswer {
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
