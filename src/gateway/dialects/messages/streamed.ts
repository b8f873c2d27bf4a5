import type { CompletionEvent } from '../../../apis/completion.ts';
import type { FieldValues } from '../fields.ts';
import type { EncoderOptions, StreamEncoder, StreamPiece } from '../served-dialect.ts';
import { withRouterMetadata } from '../with-router-metadata.ts';
import { MessageEncoder } from './encode-events.ts';
import { withMessageCost } from './encode-usage.ts';
import { messageError } from './message-error.ts';

type Chunk = Extract<CompletionEvent, { type: 'chunk' }>;

const NOTHING: readonly StreamPiece[] = [];
const PING: readonly StreamPiece[] = [{ event: 'ping', data: '{"type": "ping"}' }];

/**
 * Encodes a message as a stream. The events of a vendor with the same dialect are forwarded unchanged, except for the cost, which is
 * added to the last counts.
 */
export class StreamedMessage implements StreamEncoder {
  readonly #encoder: MessageEncoder;
  readonly #options: EncoderOptions;
  /** A vendor's events from its last counts on: the cost is known after them. */
  #tail: { event: string; data: string }[] = [];
  #isPassed = false;
  #hasBegun = false;

  constructor(model: string, options: EncoderOptions) {
    this.#encoder = new MessageEncoder(model);
    this.#options = options;
  }

  encode(event: CompletionEvent): readonly StreamPiece[] {
    if (event.type === 'chunk') return this.#pass(event);
    if (event.type === 'heartbeat') return PING;
    if (this.#isPassed) return this.#seePassed(event);
    return this.#send(this.#encoder.encode(event).map((wire) => ({ event: wire.type, data: JSON.stringify(wire) })));
  }

  fail(error: unknown, more: FieldValues): readonly StreamPiece[] {
    const data = JSON.stringify({ ...messageError(error, this.#options.requestId), ...more });
    return [...this.#tail.splice(0), { event: 'error', data }];
  }

  end(): readonly StreamPiece[] {
    return this.#tail.splice(0);
  }

  #seePassed(event: CompletionEvent): readonly StreamPiece[] {
    if (event.type === 'usage')
      this.#tail = this.#tail.map(({ event: name, data }) => ({ event: name, data: withMessageCost(data, event.usage) }));
    return this.#send(event.type === 'response-end' ? this.#tail.splice(0) : NOTHING);
  }

  /** Skips a vendor's pings and errors, which orx sends itself. */
  #pass({ dialect, event, data }: Chunk): readonly StreamPiece[] {
    if (dialect !== 'anthropic' || event === undefined) return NOTHING;
    this.#isPassed = true;
    // Some hosts send the start of a message twice, which clients treat as a broken stream.
    const isAgain = event === 'message_start' && this.#hasBegun;
    this.#hasBegun ||= event === 'message_start';
    if (isAgain || event === 'ping' || event === 'error') return NOTHING;
    if (event === 'message_stop' && this.#tail.length > 0) {
      this.#tail.push({ event, data });
      return NOTHING;
    }
    const before = this.#tail.splice(0);
    if (event !== 'message_delta') return this.#send([...before, { event, data }]);
    this.#tail.push({ event, data });
    return this.#send(before);
  }

  #send(sent: readonly StreamPiece[]): readonly StreamPiece[] {
    return this.#options.routerMetadata === undefined ? sent : sent.map((piece) => this.#withMetadata(piece));
  }

  /** As in OpenRouter's API, router metadata comes with the last event. */
  #withMetadata(piece: StreamPiece): StreamPiece {
    if (!('data' in piece) || piece.event !== 'message_stop') return piece;
    return { ...piece, data: withRouterMetadata(piece.data, this.#options) };
  }
}
