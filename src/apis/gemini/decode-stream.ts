import { randomUUID } from 'node:crypto';
import type { OrxError } from '../../errors.ts';
import { parseExact } from '../../text/exact-json.ts';
import type { CompletionEvent, Usage } from '../completion.ts';
import type { AnswerDecoder, DecodeOptions } from '../dialect.ts';
import type { Vendor } from '../vendors.ts';
import { answerDecoder, type AnswerReader, type ReplyPiece } from '../wire/decode-answer.ts';
import { decodeApiError } from '../wire/errors/decode-error.ts';
import { asArray, asObject, asObjects, asText, type WireObject } from '../wire/wire-value.ts';
import { Sources } from './decode-sources.ts';
import { decodeUsageMetadata, laterUsageMetadata } from './decode-usage.ts';
import { brokenAnswer, geminiFinishReason } from './finish.ts';
import { FunctionCalls } from './function-calls.ts';
import { bareModel } from './model-facts.ts';
import { GEMINI_REASONING, type Signed, signaturePart } from './signatures.ts';

/**
 * Yields a streamed or whole answer of generateContent as events. The stream has no end marker: it is complete once it has a
 * finish reason.
 */
export function geminiStreamDecoder(options: DecodeOptions, vendor: Vendor): AnswerDecoder {
  return answerDecoder(options, new GeminiReader(options, vendor));
}

class GeminiReader implements AnswerReader {
  readonly #options: DecodeOptions;
  readonly #vendor: Vendor;
  readonly #calls: FunctionCalls;
  readonly #sources = new Sources();
  #id: string | undefined;
  #usage: WireObject | undefined;
  #images = 0;
  /** The index of the candidate that is the answer. */
  #followed: number | undefined;
  readonly #candidates = new Set<number>();
  #finishReason: string | undefined;
  #nativeFinishReason: string | undefined;

  constructor(options: DecodeOptions, vendor: Vendor) {
    this.#options = options;
    this.#vendor = vendor;
    this.#calls = new FunctionCalls(
      (index) => `call_${this.#id === undefined || this.#id === '' ? randomId() : this.#id}_${index}`,
    );
  }

  read({ wire, data, events, hasShown }: ReplyPiece): OrxError | undefined {
    if (wire['error'] !== undefined && wire['error'] !== null) {
      const { requestId } = this.#options;
      return decodeApiError({ status: 200, body: wire, requestId, afterCommit: hasShown, vendor: this.#vendor });
    }
    if (!isResponse(wire)) return undefined;
    this.#start(wire, events);
    this.#usage = laterUsageMetadata(this.#usage, wire['usageMetadata']);
    const blockReason = asText(asObject(wire['promptFeedback'])?.['blockReason']);
    if (blockReason !== undefined) {
      this.#finishReason = 'content_filter';
      this.#nativeFinishReason = blockReason;
    }
    for (const { candidate, at } of this.#pick(wire['candidates'])) {
      const failure = this.#readCandidate(candidate, () => candidateAt(parseExact(data), at), events);
      if (failure !== undefined) return failure;
    }
    return undefined;
  }

  isDone(): boolean {
    return false;
  }

  isWhole(): boolean {
    return this.#finishReason !== undefined;
  }

  usage(): Usage | undefined {
    return decodeUsageMetadata(this.#usage);
  }

  end(): CompletionEvent {
    const answers = this.#candidates.size;
    return {
      type: 'response-end',
      finishReason: this.#finishReason,
      nativeFinishReason: this.#nativeFinishReason,
      ...(answers > 1 && { answers }),
    };
  }

  #start(wire: WireObject, events: CompletionEvent[]): void {
    if (this.#id !== undefined) return;
    this.#id = asText(wire['responseId']) ?? this.#options.requestId ?? '';
    const created = Date.parse(asText(wire['createTime']) ?? '');
    events.push({
      type: 'response-start',
      id: this.#id,
      model: bareModel(asText(wire['modelVersion']) ?? ''),
      ...(Number.isFinite(created) && { created: Math.floor(created / 1000) }),
    });
  }

  #pick(candidates: unknown): readonly { candidate: WireObject; at: number }[] {
    return asArray(candidates).flatMap((item, at) => {
      const candidate = asObject(item);
      if (candidate === undefined) return [];
      const index = typeof candidate['index'] === 'number' ? candidate['index'] : at;
      this.#candidates.add(index);
      this.#followed ??= index;
      return index === this.#followed ? [{ candidate, at }] : [];
    });
  }

  #readCandidate(candidate: WireObject, exact: () => WireObject | undefined, events: CompletionEvent[]): OrxError | undefined {
    const parts = partsOf(candidate);
    // JSON.parse rounds numbers in arguments that a double cannot represent.
    const read = parts.some((part) => asObject(part['functionCall']) !== undefined) ? partsOf(exact() ?? candidate) : parts;
    for (const part of read) this.#readPart(part, events);
    if (this.#calls.isBroken) return this.#broken('MALFORMED_FUNCTION_CALL', 'invalid part of a tool call');
    for (const annotation of this.#sources.next(candidate)) events.push({ type: 'annotation', annotation });
    const reason = asText(candidate['finishReason']);
    if (reason === undefined) return undefined;
    this.#calls.close(events);
    this.#nativeFinishReason = reason;
    this.#finishReason = geminiFinishReason(reason, this.#calls.count > 0);
    return this.#finishReason === undefined ? this.#broken(reason, asText(candidate['finishMessage'])) : undefined;
  }

  #readPart(part: WireObject, events: CompletionEvent[]): void {
    const signature = asText(part['thoughtSignature']);
    const text = asText(part['text']);
    if (part['thought'] === true) {
      if (text !== undefined) events.push({ type: 'reasoning-delta', text });
      if (text === undefined && signature === undefined) return;
      events.push({
        type: 'reasoning-parts',
        parts: [{ kind: 'text', text: text ?? '', ...(signature && { signature }), format: GEMINI_REASONING }],
      });
      return;
    }
    const signed = this.#readContent(part, text, events);
    if (signature !== undefined) events.push({ type: 'reasoning-parts', parts: [signaturePart(signature, signed)] });
  }

  /** Adds the events of a part. Returns what its signature belongs to. */
  #readContent(part: WireObject, text: string | undefined, events: CompletionEvent[]): Signed {
    const call = asObject(part['functionCall']);
    if (call !== undefined) {
      this.#calls.add(call, events);
      const { lastId } = this.#calls;
      return lastId === undefined ? 'text' : { callId: lastId };
    }
    if (text !== undefined) events.push({ type: 'text-delta', text });
    const medium = mediumOf(part);
    if (medium === undefined) return 'text';
    events.push(medium);
    if (medium.type !== 'image') return 'text';
    this.#images += 1;
    return { image: this.#images - 1 };
  }

  #broken(reason: string, detail: string | undefined): OrxError {
    return brokenAnswer(reason, detail, this.#vendor, this.#options.requestId);
  }
}

/** Returns false for data that orx does not know, which is ignored: Google may send other kinds. */
function isResponse(wire: WireObject): boolean {
  return ['candidates', 'promptFeedback', 'usageMetadata'].some((name) => typeof wire[name] === 'object' && wire[name] !== null);
}

function candidateAt(response: unknown, at: number): WireObject | undefined {
  return asObject(asArray(asObject(response)?.['candidates'])[at]);
}

function partsOf(candidate: WireObject): readonly WireObject[] {
  return asObjects(asObject(candidate['content'])?.['parts']);
}

function mediumOf(part: WireObject): Extract<CompletionEvent, { type: 'image' | 'audio' }> | undefined {
  const inline = asObject(part['inlineData']);
  const file = asObject(part['fileData']);
  const type = asText(inline?.['mimeType']) ?? asText(file?.['mimeType']) ?? '';
  const data = asText(inline?.['data']);
  if (type.startsWith('audio/')) return data === undefined ? undefined : { type: 'audio', data };
  if (!type.startsWith('image/')) return undefined;
  const address = asText(file?.['fileUri']);
  const url = data === undefined ? address : `data:${type};base64,${data}`;
  return url === undefined ? undefined : { type: 'image', url };
}

function randomId(): string {
  return randomUUID().replaceAll('-', '').slice(0, 20);
}
