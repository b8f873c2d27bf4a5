import { exactJson, parseExact } from '../../../text/exact-json.ts';
import { type FieldValues, isFields } from '../fields.ts';
import { anyNumber, anyText } from '../../../text/any-text.ts';

type Wire = Record<string, unknown>;

/** Fields of deltas that are appended to the block's value; other fields replace it. */
const ADDED = new Set(['text', 'thinking']);

/** The fields of an event at the end; any others belong to the message. */
const END_FIELDS = new Set(['type', 'delta', 'usage']);

/** Merges the events of a stream into the message that the API would have sent whole. Keeps fields that orx does not know. */
export class MessageFold {
  #message: Wire = {};
  #hasBegun = false;
  /** Blocks at the start of the message: calls that Anthropic's own tools have made. */
  #first: readonly unknown[] = [];
  readonly #blocks: Wire[] = [];
  /** The input of calls as JSON text, by block index. */
  readonly #inputs = new Map<number, string>();

  /** `event` may contain exact numbers. */
  add(event: unknown): void {
    if (!isFields(event)) return;
    const index = anyNumber(event['index'] ?? 0);
    switch (event['type']) {
      case 'message_start':
        this.#start(event['message']);
        break;
      case 'content_block_start':
        if (isFields(event['content_block'])) this.#blocks[index] = { ...event['content_block'] };
        break;
      case 'content_block_delta':
        if (isFields(event['delta'])) this.#addDelta(index, event['delta']);
        break;
      case 'content_block_stop':
        this.#stop(index);
        break;
      case 'message_delta':
        this.#end(event);
        break;
      default:
    }
  }

  /** Returns the message as JSON text. `more` is added to its usage. */
  body(more: FieldValues = {}): string {
    const usage = { ...(isFields(this.#message['usage']) ? this.#message['usage'] : {}), ...more };
    return exactJson({
      ...this.#message,
      content: [...this.#first, ...this.#blocks.filter((block) => block !== undefined)],
      usage,
    });
  }

  #start(message: unknown): void {
    if (!isFields(message) || this.#hasBegun) return;
    this.#hasBegun = true;
    this.#message = { ...message };
    this.#first = Array.isArray(message['content']) ? message['content'] : [];
  }

  #addDelta(index: number, { type, ...delta }: FieldValues): void {
    const block = (this.#blocks[index] ??= {});
    if (type === 'input_json_delta') {
      this.#inputs.set(index, (this.#inputs.get(index) ?? '') + anyText(delta['partial_json'] ?? ''));
    } else if (type === 'citations_delta') {
      const before = Array.isArray(block['citations']) ? (block['citations'] as unknown[]) : [];
      block['citations'] = [...before, delta['citation']];
    } else {
      for (const [name, value] of Object.entries(delta)) {
        const before = block[name];
        block[name] = ADDED.has(name) && typeof before === 'string' && typeof value === 'string' ? before + value : value;
      }
    }
  }

  #stop(index: number): void {
    const text = this.#inputs.get(index);
    const block = this.#blocks[index];
    if (text === undefined || block === undefined) return;
    block['input'] = inputOf(text);
  }

  /** Later values replace earlier ones, except null. */
  #end(event: FieldValues): void {
    const { delta, usage } = event;
    const more = Object.fromEntries(Object.entries(event).filter(([name]) => !END_FIELDS.has(name)));
    const counts = Object.entries(isFields(usage) ? usage : {}).filter(([, value]) => value !== null);
    this.#message = {
      ...this.#message,
      ...(isFields(delta) && delta),
      ...more,
      usage: { ...(isFields(this.#message['usage']) && this.#message['usage']), ...Object.fromEntries(counts) },
    };
  }
}

/** Returns an empty object if the model broke off inside the arguments: a client cannot use half an object. */
function inputOf(text: string): unknown {
  try {
    const value = parseExact(text);
    return isFields(value) ? value : {};
  } catch {
    return {};
  }
}
