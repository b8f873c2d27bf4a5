import { randomUUID } from 'node:crypto';
import type { CompletionEvent } from '../../../apis/completion.ts';
import type { FieldValues } from '../fields.ts';
import { unwrappedInput } from './custom-tools.ts';
import type { ItemPlace, ItemStatus, OpenItem } from './item-place.ts';

export type CallDelta = Extract<CompletionEvent, { type: 'tool-call-delta' }>;

/** A call of a function. */
export class FunctionCallOutput implements OpenItem {
  readonly #place: ItemPlace;
  readonly #call: { call_id: string; name: string };
  #arguments = '';

  constructor(place: ItemPlace, { id, name = '' }: CallDelta) {
    this.#place = place;
    this.#call = { call_id: id ?? `call_${randomUUID()}`, name };
    place.open({ type: 'function_call', ...this.#call, arguments: '' });
  }

  add({ id, name, arguments: text }: CallDelta): void {
    if (id !== undefined) this.#call.call_id = id;
    if (name !== undefined) this.#call.name = name;
    if (text === '') return;
    this.#arguments += text;
    this.#place.emit('response.function_call_arguments.delta', { delta: text });
  }

  close(status: ItemStatus): FieldValues {
    const { name } = this.#call;
    // Without arguments is an empty object, which clients parse.
    if (this.#arguments === '' && status === 'completed') this.add({ type: 'tool-call-delta', index: 0, arguments: '{}' });
    this.#place.emit('response.function_call_arguments.done', { name, arguments: this.#arguments });
    return this.#place.close({ type: 'function_call', ...this.#call, arguments: this.#arguments }, status);
  }
}

/** A call of a tool that takes free text. The model writes JSON around it, so that it is told when it is whole. */
export class CustomCallOutput implements OpenItem {
  readonly #place: ItemPlace;
  readonly #call: { call_id: string; name: string };
  #arguments = '';

  constructor(place: ItemPlace, { id, name = '' }: CallDelta) {
    this.#place = place;
    this.#call = { call_id: id ?? `call_${randomUUID()}`, name };
    place.open({ type: 'custom_tool_call', ...this.#call, input: '' });
  }

  add({ arguments: text }: CallDelta): void {
    this.#arguments += text;
  }

  close(status: ItemStatus): FieldValues {
    const input = unwrappedInput(this.#arguments);
    if (input !== '') this.#place.emit('response.custom_tool_call_input.delta', { delta: input });
    this.#place.emit('response.custom_tool_call_input.done', { input });
    return this.#place.close({ type: 'custom_tool_call', ...this.#call, input }, status);
  }
}
