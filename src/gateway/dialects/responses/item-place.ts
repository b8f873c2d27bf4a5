import { randomUUID } from 'node:crypto';
import type { FieldValues } from '../fields.ts';

/** Sends an event to the client. */
export type EmitEvent = (type: string, fields: FieldValues) => void;

export type ItemStatus = 'completed' | 'incomplete';

/** An output item: it is opened, extended, and closed once. */
export class ItemPlace {
  readonly id: string;
  readonly #index: number;
  readonly #emit: EmitEvent;

  /** `kind`: the prefix of the item's id. */
  constructor(index: number, kind: string, emit: EmitEvent) {
    this.id = `${kind}_${randomUUID().replaceAll('-', '')}`;
    this.#index = index;
    this.#emit = emit;
  }

  /** Emits an event about this item. */
  emit(type: string, fields: FieldValues): void {
    this.#emit(type, { item_id: this.id, output_index: this.#index, ...fields });
  }

  open(item: FieldValues): void {
    this.#emit('response.output_item.added', {
      output_index: this.#index,
      item: { id: this.id, ...item, status: 'in_progress' },
    });
  }

  /** Closes the item. Returns the complete item. */
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
