import type { Writable } from 'node:stream';
import { write } from './write-stream.ts';

/**
 * Collects the text of one turn of the event loop and writes it at once, because one write per token would cost more time. Writes the first text
 * immediately: the reader waits for it.
 */
export interface BatchWriter {
  /** Adds text. If it returns a promise, wait for it: the reader is slower. */
  add: (text: string) => void | Promise<void>;
  /** Writes the remaining text. */
  end: () => Promise<void>;
}

/** In UTF-16 units. A longer text is written at once and waited for. */
const LONGEST_AT_ONCE = 64 * 1024;

/** `soon` calls its argument at the end of the turn. */
export function batchWriter(stream: Writable, soon: (flush: () => void) => void = setImmediate): BatchWriter {
  let pending = '';
  let isFirst = true;
  let isScheduled = false;
  // Half a surrogate pair at the end waits for its other half, because it would be lost if written alone.
  const take = (): string => {
    const last = pending.charCodeAt(pending.length - 1);
    const end = last >= 0xd800 && last <= 0xdbff ? pending.length - 1 : pending.length;
    const text = pending.slice(0, end);
    pending = pending.slice(end);
    return text;
  };
  const flush = (): void => {
    isScheduled = false;
    const text = take();
    if (text !== '') stream.write(text);
  };
  return {
    add(text) {
      pending += text;
      if (stream.writableNeedDrain || pending.length > LONGEST_AT_ONCE) return write(stream, take());
      if (isFirst && pending !== '') {
        isFirst = false;
        return flush();
      }
      if (!isScheduled && pending !== '') {
        isScheduled = true;
        soon(flush);
      }
    },
    end() {
      const rest = pending;
      pending = '';
      return write(stream, rest);
    },
  };
}
