import { randomUUID } from 'node:crypto';
import type { CompletionEvent } from '../../../apis/completion.ts';
import type { FieldValues } from '../fields.ts';
import { unwrappedInput } from './custom-tools.ts';
import type { ItemPlace, ItemStatus, OpenItem } from './item-place.ts';
import type { ClientTool } from './namespaces.ts';

export type CallDelta = Extract<CompletionEvent, { type: 'tool-call-delta' }>;

interface CalledTool {
  name: string;
  namespace?: string;
}

function calledTool(name: string, tools: ReadonlyMap<string, ClientTool>): CalledTool {
  const tool = tools.get(name);
  return { name: tool?.name ?? name, ...(tool?.namespace !== undefined && { namespace: tool.namespace }) };
}

/** A function call. */
export class FunctionCallOutput implements OpenItem {
  readonly #place: ItemPlace;
  readonly #tools: ReadonlyMap<string, ClientTool>;
  #call: CalledTool & { call_id: string };
  #arguments = '';

  constructor(place: ItemPlace, { id, name = '' }: CallDelta, tools: ReadonlyMap<string, ClientTool>) {
    this.#place = place;
    this.#tools = tools;
    this.#call = { call_id: id ?? `call_${randomUUID()}`, ...calledTool(name, tools) };
    place.open({ type: 'function_call', ...this.#call, arguments: '' });
  }

  add({ id, name, arguments: text }: CallDelta): void {
    if (id !== undefined) this.#call.call_id = id;
    if (name !== undefined) this.#call = { call_id: this.#call.call_id, ...calledTool(name, this.#tools) };
    if (text === '') return;
    this.#arguments += text;
    this.#place.emit('response.function_call_arguments.delta', { delta: text });
  }

  close(status: ItemStatus): FieldValues {
    const { name } = this.#call;
    // Missing arguments become an empty object, because clients parse them.
    if (this.#arguments === '' && status === 'completed') this.add({ type: 'tool-call-delta', index: 0, arguments: '{}' });
    this.#place.emit('response.function_call_arguments.done', { name, arguments: this.#arguments });
    return this.#place.close({ type: 'function_call', ...this.#call, arguments: this.#arguments }, status);
  }
}

/** A call of a tool with free text. The model wraps the text in JSON, so it is sent when it is complete. */
export class CustomCallOutput implements OpenItem {
  readonly #place: ItemPlace;
  readonly #call: CalledTool & { call_id: string };
  #arguments = '';

  constructor(place: ItemPlace, { id, name = '' }: CallDelta, tools: ReadonlyMap<string, ClientTool>) {
    this.#place = place;
    this.#call = { call_id: id ?? `call_${randomUUID()}`, ...calledTool(name, tools) };
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
