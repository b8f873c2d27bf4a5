import type { OrxError } from '../../errors.ts';
import type { CompletionEvent, Usage } from '../completion.ts';
import type { AnswerDecoder, DecodeOptions } from '../dialect.ts';
import type { Vendor } from '../vendors.ts';
import { answerDecoder, type AnswerReader, type ReplyPiece } from '../wire/decode-answer.ts';
import { decodeApiError } from '../wire/errors/decode-error.ts';
import { asArray, asCount, asNumber, asObject, asText, type WireObject } from '../wire/wire-value.ts';
import { CallItems } from './call-items.ts';
import { madeImage } from './made-image.ts';
import { MessageItems } from './message-items.ts';
import { ReasoningItems } from './reasoning-items.ts';
import { decodeResponsesUsage } from './responses-usage.ts';

/** Decodes a reply of `/responses`: its events, or a whole response as one piece. */
export function responsesStreamDecoder(options: DecodeOptions, vendor: Vendor): AnswerDecoder {
  return answerDecoder(options, new ResponsesReader(options, vendor));
}

type Events = readonly CompletionEvent[];

/** Reads an event of an item. Items are identified by their index, because GitHub Copilot changes their id with every event. */
type EventReader = (wire: WireObject, item: string) => Events;

class ResponsesReader implements AnswerReader {
  readonly #options: DecodeOptions;
  readonly #vendor: Vendor;
  readonly #messages = new MessageItems();
  readonly #reasoning = new ReasoningItems();
  readonly #calls: CallItems;
  readonly #readers: Readonly<Record<string, EventReader>>;
  #hasStarted = false;
  #hasItems = false;
  #usage: Usage | undefined;
  /** The final response. */
  #response: WireObject | undefined;

  constructor(options: DecodeOptions, vendor: Vendor) {
    this.#options = options;
    this.#vendor = vendor;
    this.#calls = new CallItems(options.toolNames);
    this.#readers = this.#eventReaders();
  }

  read({ wire, events, hasShown }: ReplyPiece): OrxError | undefined {
    const type = asText(wire['type']) ?? '';
    const isWhole = type === '' && (wire['object'] === 'response' || Array.isArray(wire['output']));
    const response = isWhole ? wire : asObject(wire['response']);
    if (type === 'error' || (type === '' && !isWhole && isPresent(wire['error']))) return this.#failure(errorOf(wire), hasShown);
    if (!isWhole && !type.startsWith('response.')) return undefined;
    if (!this.#hasStarted) {
      this.#hasStarted = true;
      events.push(startOf(response, this.#options.requestId));
    }
    const reader = Object.hasOwn(this.#readers, type) ? this.#readers[type] : undefined;
    if (reader !== undefined) {
      this.#hasItems = true;
      events.push(...reader(wire, itemKey(wire)));
    } else if (response !== undefined && (isWhole || ENDS.has(type))) return this.#readEnd(response, events, hasShown);
    return undefined;
  }

  isDone(): boolean {
    return this.#response !== undefined;
  }

  usage(): Usage | undefined {
    return this.#usage;
  }

  end(): CompletionEvent {
    const status = asText(this.#response?.['status']);
    const reason = asText(asObject(this.#response?.['incomplete_details'])?.['reason']);
    const isCut = status === 'incomplete' || reason !== undefined;
    const whole = this.#calls.count > 0 ? 'tool_calls' : 'stop';
    return {
      type: 'response-end',
      finishReason: isCut ? (REASONS[reason ?? ''] ?? 'stop') : whole,
      nativeFinishReason: reason ?? status,
      ...(this.#messages.isRefusal && { isRefusal: true }),
    };
  }

  #eventReaders(): Readonly<Record<string, EventReader>> {
    const [messages, reasoning, calls] = [this.#messages, this.#reasoning, this.#calls];
    const text = (wire: WireObject, field: string): string => asText(wire[field]) ?? '';
    const part = (wire: WireObject): number => asCount(wire['content_index']) ?? 0;
    const paragraph = (wire: WireObject): number => asCount(wire['summary_index']) ?? 0;
    return {
      'response.output_item.added': (wire, item) => this.#openItem(item, asObject(wire['item']) ?? {}),
      'response.output_item.done': (wire, item) => this.#closeItem(item, asObject(wire['item']) ?? {}),
      'response.output_text.delta': (wire, item) => messages.add(item, part(wire), text(wire, 'delta')),
      'response.output_text.done': (wire, item) => messages.complete(item, part(wire), text(wire, 'text')),
      'response.output_text.annotation.added': (wire) => messages.cite(wire['annotation']),
      'response.refusal.delta': (wire, item) => messages.add(item, part(wire), text(wire, 'delta'), true),
      'response.refusal.done': (wire, item) => messages.complete(item, part(wire), text(wire, 'refusal'), true),
      'response.reasoning_summary_text.delta': (wire, item) =>
        reasoning.add(item, 'summary', paragraph(wire), text(wire, 'delta')),
      'response.reasoning_summary_text.done': (wire, item) =>
        reasoning.complete(item, 'summary', paragraph(wire), text(wire, 'text')),
      'response.reasoning_text.delta': (wire, item) => reasoning.add(item, 'text', part(wire), text(wire, 'delta')),
      'response.reasoning_text.done': (wire, item) => reasoning.complete(item, 'text', part(wire), text(wire, 'text')),
      'response.function_call_arguments.delta': (wire, item) => calls.add(item, text(wire, 'delta')),
      'response.custom_tool_call_input.delta': (wire, item) => calls.add(item, text(wire, 'delta'), true),
    };
  }

  #openItem(item: string, wire: WireObject): Events {
    if (!isCall(wire)) return [];
    return this.#calls.open(item, callFacts(wire), wire['type'] === 'custom_tool_call');
  }

  #closeItem(item: string, wire: WireObject): Events {
    switch (wire['type']) {
      case 'message':
        return this.#messages.close(item, wire['content']);
      case 'reasoning':
        return [
          ...paragraphs(wire['summary']).flatMap((text, at) => this.#reasoning.complete(item, 'summary', at, text)),
          ...paragraphs(wire['content']).flatMap((text, at) => this.#reasoning.complete(item, 'text', at, text)),
          ...this.#reasoning.close(item, asText(wire['id']), asText(wire['encrypted_content'])),
        ];
      case 'function_call':
      case 'custom_tool_call':
        return this.#calls.close(item, callFacts(wire), wire['type'] === 'custom_tool_call');
      case 'image_generation_call': {
        const url = madeImage(wire);
        return url === undefined ? [] : [{ type: 'image', url }];
      }
      // The answer's text reports what the vendor's own tools did.
      default:
        return [];
    }
  }

  #readEnd(response: WireObject, events: CompletionEvent[], hasShown: boolean): OrxError | undefined {
    this.#usage = decodeResponsesUsage(response['usage']);
    // Some hosts send the answer only at its end.
    const output = this.#hasItems ? [] : asArray(response['output']);
    for (const [index, item] of output.entries()) events.push(...this.#closeItem(String(index), asObject(item) ?? {}));
    if (response['status'] === 'failed' || isPresent(response['error'])) {
      const error = isPresent(response['error']) ? response['error'] : { message: 'the response failed without an explanation' };
      return this.#failure({ error, id: response['id'] }, hasShown);
    }
    // In an answer that was cut short, an open call is incomplete.
    if (response['status'] !== 'incomplete') events.push(...this.#calls.closeAll());
    this.#response = response;
    return undefined;
  }

  #failure(body: WireObject, hasShown: boolean): OrxError {
    const { requestId } = this.#options;
    return decodeApiError({ status: 200, body, requestId, afterCommit: hasShown, vendor: this.#vendor });
  }
}

const ENDS: ReadonlySet<string> = new Set(['response.completed', 'response.incomplete', 'response.failed']);
const REASONS: Readonly<Record<string, string>> = { max_output_tokens: 'length', content_filter: 'content_filter' };

function startOf(response: WireObject | undefined, requestId: string | undefined): CompletionEvent {
  return {
    type: 'response-start',
    id: asText(response?.['id']) ?? requestId ?? '',
    model: asText(response?.['model']) ?? '',
    created: asNumber(response?.['created_at']),
  };
}

function itemKey(wire: WireObject): string {
  const place = asCount(wire['output_index']);
  return place === undefined ? `id ${asText(wire['item_id']) ?? asText(asObject(wire['item'])?.['id']) ?? ''}` : String(place);
}

function isCall(wire: WireObject): boolean {
  return wire['type'] === 'function_call' || wire['type'] === 'custom_tool_call';
}

function callFacts(wire: WireObject): { id?: string | undefined; name?: string | undefined; arguments?: string | undefined } {
  return {
    id: asText(wire['call_id']) ?? asText(wire['id']),
    name: asText(wire['name']),
    arguments: asText(wire['arguments']) ?? asText(wire['input']),
  };
}

function paragraphs(parts: unknown): readonly string[] {
  return asArray(parts).map((item) => asText(asObject(item)?.['text']) ?? '');
}

/** Returns the error of an event. In the SDK's types, its fields are part of the event; OpenAI sends them in an object. */
function errorOf(wire: WireObject): WireObject {
  if (isPresent(wire['error'])) return { error: wire['error'] };
  const { code, message, param } = wire;
  return { error: { code, message, param } };
}

function isPresent(value: unknown): boolean {
  return value !== undefined && value !== null;
}
