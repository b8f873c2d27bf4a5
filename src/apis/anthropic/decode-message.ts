import { OrxError } from '../../errors.ts';
import { TRY_AGAIN_OR_FALLBACK } from '../../hints.ts';
import { parseExact } from '../../text/exact-json.ts';
import type { CompletionEvent, Usage } from '../completion.ts';
import type { AnswerDecoder, DecodeOptions } from '../dialect.ts';
import type { Vendor } from '../vendors.ts';
import { answerDecoder, type AnswerReader, type ReplyPiece } from '../wire/decode-answer.ts';
import { decodeApiError } from '../wire/errors/decode-error.ts';
import { commentFlood, emptyStream, MAX_COMMENTS } from '../wire/stream-failure.ts';
import { asArray, asCount, asObject, asText, type WireObject } from '../wire/wire-value.ts';
import { ContentBlocks } from './content-blocks.ts';
import { decodeMessageUsage, finishReasonOf, laterCounts } from './message-usage.ts';

/** Yields a message of Anthropic's API, streamed or whole, as events. */
export function messageDecoder(options: DecodeOptions, vendor: Vendor): AnswerDecoder {
  return answerDecoder(options, new MessageReader(options, vendor));
}

interface Head {
  id: string | undefined;
  model: string | undefined;
}

class MessageReader implements AnswerReader {
  readonly #options: DecodeOptions;
  readonly #vendor: Vendor;
  readonly #blocks: ContentBlocks;
  #head: Head | undefined;
  /** `response-start` is held back until the next piece, which names a fallback that answers instead of the model. */
  #hasSentHead = false;
  #counts: WireObject | undefined;
  #areCountsFinal = false;
  #stopReason: string | undefined;
  #isDone = false;
  #pings = 0;

  constructor(options: DecodeOptions, vendor: Vendor) {
    this.#options = options;
    this.#vendor = vendor;
    this.#blocks = new ContentBlocks(options.toolNames);
  }

  isDone(): boolean {
    return this.#isDone;
  }

  read({ wire, data, events, hasShown }: ReplyPiece): OrxError | undefined {
    if (wire['type'] === 'error' || asObject(wire['error']) !== undefined) {
      if (this.#head !== undefined) this.#tellHead(events);
      return this.#failure(wire, hasShown);
    }
    const index = asCount(wire['index']) ?? 0;
    switch (wire['type']) {
      case 'message_start':
        return this.#start(asObject(wire['message']) ?? {}, () => asObject(asObject(parseExact(data))?.['message']), events);
      case 'message':
        this.#start(wire, () => asObject(parseExact(data)), events);
        this.#tellHead(events);
        this.#areCountsFinal = true;
        this.#isDone = true;
        return undefined;
      case 'ping':
        this.#pings += 1;
        if (this.#pings > MAX_COMMENTS) return commentFlood();
        events.push({ type: 'heartbeat', generationId: this.#head?.id ?? this.#options.requestId });
        return undefined;
      case 'content_block_start': {
        const block = asObject(wire['content_block']) ?? {};
        if (block['type'] === 'fallback') this.#fallBack(block);
        else {
          this.#tellHead(events);
          this.#blocks.start(index, block, () => asObject(parseExact(data))?.['content_block'], events);
        }
        return undefined;
      }
      case 'content_block_delta':
        this.#tellHead(events);
        this.#blocks.delta(index, asObject(wire['delta']) ?? {}, events);
        return undefined;
      case 'content_block_stop':
        this.#blocks.stop(index, events);
        return undefined;
      case 'message_delta':
        this.#tellHead(events);
        this.#stopReason = asText(asObject(wire['delta'])?.['stop_reason']) ?? this.#stopReason;
        this.#areCountsFinal ||= asObject(wire['usage']) !== undefined;
        this.#counts = laterCounts(this.#counts, wire['usage']);
        return undefined;
      case 'message_stop':
        if (this.#head !== undefined) this.#tellHead(events);
        this.#areCountsFinal = true;
        this.#isDone = true;
        return undefined;
      default:
        return undefined;
    }
  }

  /** The first counts cover only the prompt: the cost is unknown until the counts of the answer arrive. */
  usage(): Usage | undefined {
    return this.#hasSentHead && this.#areCountsFinal ? decodeMessageUsage(this.#counts) : undefined;
  }

  end(): CompletionEvent {
    if (this.#head === undefined) throw emptyStream(this.#options.requestId, true);
    return {
      type: 'response-end',
      finishReason: finishReasonOf(this.#stopReason, this.#blocks.isUnwrapped),
      nativeFinishReason: this.#stopReason,
    };
  }

  #start(message: WireObject, exact: () => WireObject | undefined, events: CompletionEvent[]): OrxError | undefined {
    const head: Head = { id: asText(message['id']), model: asText(message['model']) };
    if (this.#head !== undefined) return head.id === this.#head.id ? undefined : this.#mixedUp();
    this.#head = head;
    this.#counts = laterCounts(this.#counts, message['usage']);
    this.#stopReason = asText(message['stop_reason']);
    const content = asArray(message['content']);
    if (content.length > 0) {
      this.#tellHead(events);
      this.#blocks.whole(content, (at) => asArray(exact()?.['content'])[at], events);
    }
    return undefined;
  }

  #tellHead(events: CompletionEvent[]): void {
    if (this.#hasSentHead) return;
    this.#hasSentHead = true;
    this.#head ??= { id: undefined, model: undefined };
    const { id, model } = this.#head;
    events.push({ type: 'response-start', id: id ?? this.#options.requestId ?? '', model: model ?? '' });
  }

  #fallBack(block: WireObject): void {
    const model = asText(asObject(block['to'])?.['model']);
    if (this.#head !== undefined && model !== undefined) this.#head.model = model;
  }

  #failure(wire: WireObject, hasShown: boolean): OrxError {
    const requestId = asText(wire['request_id']) ?? this.#head?.id ?? this.#options.requestId;
    return decodeApiError({ status: 200, body: wire, requestId, afterCommit: hasShown, vendor: this.#vendor });
  }

  /** Blocks of both answers have the same indexes, so they cannot be told apart. */
  #mixedUp(): OrxError {
    return new OrxError('invalid stream: a second response starts before the first one ends', {
      kind: 'provider',
      code: 'mixed-answers',
      provider: this.#vendor.label,
      requestId: this.#head?.id ?? this.#options.requestId,
      hints: [TRY_AGAIN_OR_FALLBACK],
    });
  }
}
