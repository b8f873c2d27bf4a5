import type { MessageEvent, StartedBlock } from './message-events.ts';

/** Numbers the blocks of an answer, and collects their events. */
export class BlockWriter {
  #events: MessageEvent[] = [];
  #count = 0;

  /** Starts a block. Returns its index. */
  start(block: StartedBlock): number {
    const index = this.#count;
    this.#count += 1;
    this.#events.push({ type: 'content_block_start', index, content_block: block });
    return index;
  }

  delta(index: number, delta: StartedBlock): void {
    this.#events.push({ type: 'content_block_delta', index, delta });
  }

  stop(index: number): void {
    this.#events.push({ type: 'content_block_stop', index });
  }

  /** Adds a complete block. */
  whole(block: StartedBlock): void {
    this.stop(this.start(block));
  }

  take(): readonly MessageEvent[] {
    const events = this.#events;
    this.#events = [];
    return events;
  }
}
