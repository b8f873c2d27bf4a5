import { randomUUID } from 'node:crypto';
import type { CompletionEvent } from '../../../apis/completion.ts';
import type { BlockWriter } from './block-writer.ts';

type CallDelta = Extract<CompletionEvent, { type: 'tool-call-delta' }>;

interface CallBlock {
  /** Undefined until the name is known. */
  block: number | undefined;
  id: string | undefined;
  name: string | undefined;
  arguments: string;
  isOver: boolean;
}

/**
 * Encodes calls as blocks. A call ends when another begins and its arguments are complete. If a vendor interleaves the pieces of
 * several calls, their blocks stay open in parallel, each piece with the index of its block.
 */
export class CallBlocks {
  readonly #writer: BlockWriter;
  readonly #calls = new Map<number, CallBlock>();

  constructor(writer: BlockWriter) {
    this.#writer = writer;
  }

  get hasCalls(): boolean {
    return this.#calls.size > 0;
  }

  add({ index, id, name, arguments: text }: CallDelta): void {
    const known = this.#calls.get(index);
    if (known === undefined) this.stopWhole();
    const call = known ?? { block: undefined, id: undefined, name: undefined, arguments: '', isOver: false };
    this.#calls.set(index, call);
    call.id ??= nonEmpty(id);
    call.name ??= nonEmpty(name);
    call.arguments += text;
    if (call.block !== undefined && !call.isOver) this.#tell(call.block, text);
    else if (call.block === undefined && call.name !== undefined) this.#start(call);
  }

  /** Ends the complete calls, because something else begins. */
  stopWhole(): void {
    for (const call of this.#calls.values()) if (!call.isOver && isWhole(call.arguments)) this.#stop(call);
  }

  /** Ends all calls at the end of the answer, including calls without a name. */
  stop(): void {
    for (const call of this.#calls.values()) this.#stop(call);
  }

  #start(call: CallBlock): number {
    const id = call.id ?? `toolu_${randomUUID().replaceAll('-', '')}`;
    const block = this.#writer.start({ type: 'tool_use', id, name: call.name ?? '', input: {} });
    call.block = block;
    this.#tell(block, call.arguments);
    return block;
  }

  #tell(block: number, text: string): void {
    if (text !== '') this.#writer.delta(block, { type: 'input_json_delta', partial_json: text });
  }

  #stop(call: CallBlock): void {
    if (call.isOver) return;
    this.#writer.stop(call.block ?? this.#start(call));
    call.isOver = true;
  }
}

function nonEmpty(text: string | undefined): string | undefined {
  return text === '' ? undefined : text;
}

/** Empty arguments are incomplete: some may follow. */
function isWhole(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}
