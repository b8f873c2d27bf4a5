import type { Writable } from 'node:stream';
import { write } from './write-stream.ts';

/** Gathers what is to be written in one turn of the event loop and writes it at once: a write for every token would cost more. */
export interface BatchWriter {
  /** A promise holds the caller back until a slower reader has caught up. */
  add: (text: string) => void | Promise<void>;
  /** Writes what is left. */
  end: () => Promise<void>;
}

/** In UTF-16 units. More is written at once, and waited for. */
const LONGEST_AT_ONCE = 64 * 1024;

export function batchWriter(stream: Writable): BatchWriter {
  let pending = '';
  let isScheduled = false;
  // Half a character at the end waits for its other half: written alone it would be lost.
  const take = (): string => {
    const end = /[\ud800-\udbff]$/.test(pending) ? pending.length - 1 : pending.length;
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
      if (!isScheduled && pending !== '') {
        isScheduled = true;
        setImmediate(flush);
      }
    },
    end() {
      const rest = pending;
      pending = '';
      return write(stream, rest);
    },
  };
}
