import type { CompletionEvent } from '../../../apis/completion.ts';
import type { FieldValues } from '../fields.ts';
import { type CallDelta, CustomCallOutput, FunctionCallOutput } from './call-output.ts';
import { type EmitEvent, ItemPlace, type ItemStatus, type OpenItem } from './item-place.ts';
import type { ClientTool } from './namespaces.ts';
import { MessageOutput } from './message-output.ts';
import { ReasoningOutput } from './reasoning-output.ts';

/**
 * The output items of an answer. Reasoning and messages follow each other; calls stay open until the answer ends, because pieces
 * of several calls may alternate.
 */
export class OutputItems {
  readonly #emit: EmitEvent;
  readonly #tools: ReadonlyMap<string, ClientTool>;
  /** Closed items, at their indexes. */
  readonly #closed: FieldValues[] = [];
  #count = 0;
  #current: { at: number; item: MessageOutput | ReasoningOutput } | undefined;
  readonly #calls = new Map<number, { at: number; item: FunctionCallOutput | CustomCallOutput }>();
  /** The item that was extended last: if the answer is cut off, this item is incomplete. */
  #lastGrown: OpenItem | undefined;
  #answeredBy = '';

  /** `tools`: the client's tools by the names that the model sees. */
  constructor(emit: EmitEvent, tools: ReadonlyMap<string, ClientTool>) {
    this.#emit = emit;
    this.#tools = tools;
  }

  /** Returns the complete items, in the order in which they were opened. */
  get output(): readonly FieldValues[] {
    return this.#closed.filter((item) => item !== undefined);
  }

  see(event: CompletionEvent): void {
    switch (event.type) {
      case 'response-start':
        this.#answeredBy = event.model;
        break;
      case 'text-delta':
        this.#message().add(event.isRefusal === true ? 'refusal' : 'output_text', event.text);
        break;
      case 'reasoning-delta':
        this.#reasoning().add(event.text);
        break;
      case 'reasoning-parts':
        if (event.parts.length > 0) this.#reasoning().addParts(event.parts);
        break;
      case 'tool-call-delta':
        this.#addCall(event);
        break;
      case 'annotation':
        // Other annotations have no form in this dialect.
        if (event.annotation.kind === 'citation') this.#message().cite(event.annotation);
        break;
      case 'image':
        this.#addImage(event.url);
        break;
      case 'audio':
        this.#emit('response.audio.delta', { delta: event.data });
        break;
      default:
    }
  }

  /** Ends the answer. */
  finish(status: ItemStatus): void {
    const statusOf = (item: OpenItem): ItemStatus => (item === this.#lastGrown ? status : 'completed');
    this.#closeCurrent(statusOf);
    for (const { at, item } of this.#calls.values()) this.#closed[at] = item.close(statusOf(item));
    this.#calls.clear();
  }

  #message(): MessageOutput {
    if (!(this.#current?.item instanceof MessageOutput)) this.#begin((at) => new MessageOutput(this.#place(at, 'msg')));
    return this.#grown(this.#current!.item as MessageOutput);
  }

  #reasoning(): ReasoningOutput {
    if (!(this.#current?.item instanceof ReasoningOutput))
      this.#begin((at) => new ReasoningOutput(this.#place(at, 'rs'), this.#answeredBy));
    return this.#grown(this.#current!.item as ReasoningOutput);
  }

  #addCall(delta: CallDelta): void {
    let call = this.#calls.get(delta.index);
    if (call === undefined) {
      this.#closeCurrent();
      const at = this.#next();
      const item =
        this.#tools.get(delta.name ?? '')?.isCustom === true
          ? new CustomCallOutput(this.#place(at, 'ctc'), delta, this.#tools)
          : new FunctionCallOutput(this.#place(at, 'fc'), delta, this.#tools);
      call = { at, item };
      this.#calls.set(delta.index, call);
    }
    this.#grown(call.item).add(delta);
  }

  #addImage(url: string): void {
    this.#closeCurrent();
    const at = this.#next();
    const place = this.#place(at, 'ig');
    const [, format, data = url] = /^data:image\/([\w.+-]+);base64,(.*)$/s.exec(url) ?? [];
    const item = { type: 'image_generation_call', ...(format !== undefined && { output_format: format }) };
    place.open({ ...item, result: null });
    place.emit('response.image_generation_call.completed', {});
    this.#closed[at] = place.close({ ...item, result: data }, 'completed');
  }

  #begin(open: (at: number) => MessageOutput | ReasoningOutput): void {
    this.#closeCurrent();
    const at = this.#next();
    this.#current = { at, item: open(at) };
  }

  #closeCurrent(statusOf: (item: OpenItem) => ItemStatus = () => 'completed'): void {
    if (this.#current === undefined) return;
    const { at, item } = this.#current;
    this.#current = undefined;
    this.#closed[at] = item.close(statusOf(item));
  }

  #next(): number {
    this.#count += 1;
    return this.#count - 1;
  }

  #place(at: number, kind: string): ItemPlace {
    return new ItemPlace(at, kind, this.#emit);
  }

  #grown<T extends OpenItem>(item: T): T {
    this.#lastGrown = item;
    return item;
  }
}
