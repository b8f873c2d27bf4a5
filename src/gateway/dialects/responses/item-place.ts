import { randomUUID } from 'node:crypto';
import type { FieldValues } from '../fields.ts';

/** Tells the client an event. */
export type EmitEvent = (type: string, fields: FieldValues) => void;

export type ItemStatus = 'completed' | 'incomplete';

/** An item of the answer: it is opened, grows, and is closed once. */
export class ItemPlace {
  readonly id: string;
  readonly #index: number;
  readonly #emit: EmitEvent;

  /** `kind`: what ids of such items begin with. */
  constructor(index: number, kind: string, emit: EmitEvent) {
    this.id = `${kind}_${randomUUID().replaceAll('-', '')}`;
    this.#index = index;
    this.#emit = emit;
  }

  /** An event about this item. */
  emit(type: string, fields: FieldValues): void {
    this.#emit(type, { item_id: this.id, output_index: this.#index, ...fields });
  }

  open(item: FieldValues): void {
    this.#emit('response.output_item.added', {
      output_index: this.#index,
      item: { id: this.id, ...item, status: 'in_progress' },
    });
  }

  /** Returns the whole item. */
  close(item: FieldValues, status: ItemStatus): FieldValues {
    const whole = { id: this.id, ...item, status };
    this.#emit('response.output_item.done', { output_index: this.#index, item: whole });
    return whole;
  }
}

/** An item that is being written. */
export interface OpenItem {
  close: (status: ItemStatus) => FieldValues;
}
