import type { MessageEvent, StartedBlock } from './message-events.ts';

/** Numbers the blocks of an answer, and collects the events that tell them. */
export class BlockWriter {
  #events: MessageEvent[] = [];
  #count = 0;

  /** Returns the number of the block. */
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

  /** A block that is told at once. */
  whole(block: StartedBlock): void {
    this.stop(this.start(block));
  }

  take(): readonly MessageEvent[] {
    const events = this.#events;
    this.#events = [];
    return events;
  }
}
