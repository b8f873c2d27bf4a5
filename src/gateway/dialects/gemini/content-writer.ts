import type { ChatRequest, CompletionEvent, Usage } from '../../../apis/completion.ts';
import type { Annotation, ReasoningPart } from '../../../apis/message.ts';
import { addReasoningParts } from '../../../core/answer/reasoning-parts.ts';
import { exactJson, parseExact } from '../../../text/exact-json.ts';
import { memberText, withMembers } from '../../../text/json-members.ts';
import { type FieldValues, isFields } from '../fields.ts';
import { sealReasoning } from '../sealed-reasoning.ts';
import { askedForm } from './parse-request.ts';

type Part = FieldValues;
type CallPiece = Extract<CompletionEvent, { type: 'tool-call-delta' }>;

interface CallSoFar {
  id?: string | undefined;
  name: string;
  arguments: string;
}

/** Google's finish reasons, by orx's. */
const FINISH_REASONS: Readonly<Record<string, string>> = { length: 'MAX_TOKENS', content_filter: 'SAFETY' };
const NATIVE_FILTERS = /^(SAFETY|RECITATION|LANGUAGE|BLOCKLIST|PROHIBITED_CONTENT|SPII|IMAGE_[A-Z_]+)$/;
/** Audio arrives as pieces of raw samples. */
const AUDIO_TYPE = 'audio/L16;codec=pcm;rate=24000';

/**
 * Encodes the events of an answer as responses of generateContent. Calls are sent complete, at the end. Reasoning that a vendor
 * requires back is sealed in the signature of the first part that clients keep.
 */
export class ContentWriter {
  readonly #showsThoughts: boolean;
  #head: FieldValues;
  #answeredBy = '';
  #usage: Usage | undefined;
  #reasoning: readonly ReasoningPart[] = [];
  readonly #calls: CallSoFar[] = [];
  readonly #sources: Annotation[] = [];
  #hasShown = false;

  constructor(request: ChatRequest) {
    this.#showsThoughts = askedForm(request).showsThoughts;
    this.#head = { modelVersion: request.model };
    this.#answeredBy = request.model;
  }

  /** Returns the response for an event, or undefined for one that is not sent, or not yet. */
  encode(event: CompletionEvent): FieldValues | undefined {
    switch (event.type) {
      case 'response-start':
        this.#start(event);
        return undefined;
      case 'usage':
        this.#usage = event.usage;
        return undefined;
      case 'text-delta':
        return this.#show({ text: event.text });
      case 'reasoning-delta':
        return this.#showsThoughts ? this.#show({ text: event.text, thought: true }) : undefined;
      case 'reasoning-parts':
        this.#reasoning = addReasoningParts(this.#reasoning, event.parts);
        return undefined;
      case 'tool-call-delta':
        this.#addCall(event);
        return undefined;
      case 'image':
        return this.#show(imagePart(event.url));
      case 'audio':
        return this.#show({ inlineData: { mimeType: AUDIO_TYPE, data: event.data } });
      case 'annotation':
        if (event.annotation.kind === 'citation') this.#sources.push(event.annotation);
        return undefined;
      case 'response-end':
        return this.#end(event);
      default:
        return undefined;
    }
  }

  #start({ id, model, created }: Extract<CompletionEvent, { type: 'response-start' }>): void {
    if (model !== '') this.#answeredBy = model;
    this.#head = {
      modelVersion: this.#answeredBy,
      ...(id !== '' && { responseId: id }),
      ...(created !== undefined && { createTime: new Date(created * 1000).toISOString() }),
    };
  }

  #addCall({ index, id, name, arguments: text }: CallPiece): void {
    const call = (this.#calls[index] ??= { name: '', arguments: '' });
    call.id = id ?? call.id;
    call.name = name ?? call.name;
    call.arguments += text;
  }

  #show(part: Part): FieldValues {
    this.#hasShown = true;
    return { candidates: [{ content: { role: 'model', parts: [part] }, index: 0 }], ...this.#head };
  }

  #end({ finishReason = 'stop', nativeFinishReason = '' }: Extract<CompletionEvent, { type: 'response-end' }>): FieldValues {
    const usage = this.#usage === undefined ? {} : { usageMetadata: usageMetadata(this.#usage) };
    const filter = NATIVE_FILTERS.test(nativeFinishReason) ? nativeFinishReason : undefined;
    const isEmpty = !this.#hasShown && this.#calls.length === 0;
    // The prompt was blocked without any answer.
    if (isEmpty && finishReason === 'content_filter')
      return { promptFeedback: { blockReason: filter ?? 'OTHER' }, ...usage, ...this.#head };
    const parts = this.#calls.filter((call) => call !== undefined).map(callPart);
    const whole = parts.filter((part) => part !== undefined);
    const isBroken = whole.length < parts.length && finishReason !== 'length';
    const reason = (finishReason === 'content_filter' ? filter : undefined) ?? FINISH_REASONS[finishReason] ?? 'STOP';
    return {
      candidates: [
        {
          content: { role: 'model', parts: this.#signed(whole) },
          finishReason: isBroken ? 'MALFORMED_FUNCTION_CALL' : reason,
          ...(isBroken && { finishMessage: 'the arguments of a call are not a JSON object' }),
          index: 0,
          ...(this.#sources.length > 0 && { groundingMetadata: { groundingChunks: this.#sources.map(sourceOf) } }),
        },
      ],
      ...usage,
      ...this.#head,
    };
  }

  /**
   * Returns the last parts, with the seal on the first of them. An answer without calls ends with an empty text, as in Google's
   * API.
   */
  #signed(parts: readonly Part[]): readonly Part[] {
    if (this.#reasoning.length === 0) return parts.length > 0 ? parts : [{ text: '' }];
    const thoughtSignature = sealReasoning({ parts: this.#reasoning, answeredBy: this.#answeredBy });
    const [first = { text: '' }, ...rest] = parts;
    return [{ ...first, thoughtSignature }, ...rest];
  }
}

/** Returns undefined for arguments that are not an object, because Google has no form for them. */
function callPart({ id, name, arguments: text }: CallSoFar): Part | undefined {
  const args = parsedArguments(text);
  return args === undefined ? undefined : { functionCall: { ...(id !== undefined && { id }), name, args } };
}

function parsedArguments(text: string): FieldValues | undefined {
  if (text.trim() === '') return {};
  try {
    const value = parseExact(text);
    return isFields(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

function imagePart(url: string): Part {
  const [, mimeType, data] = /^data:([^;,]+);base64,(.*)$/s.exec(url) ?? [];
  return mimeType === undefined ? { fileData: { mimeType: 'image/*', fileUri: url } } : { inlineData: { mimeType, data } };
}

function sourceOf(annotation: Annotation): FieldValues {
  const { url, title } = annotation as Annotation & { kind: 'citation' };
  return { web: { uri: url, ...(title !== undefined && { title }) } };
}

/** Encodes counts with Google's names. Reasoning is not part of the candidates. `cost` is OpenRouter's field, in USD. */
function usageMetadata(usage: Usage): FieldValues {
  const { promptTokens, completionTokens, totalTokens, cachedTokens = 0, reasoningTokens = 0, cost } = usage;
  return {
    promptTokenCount: promptTokens,
    candidatesTokenCount: Math.max(0, completionTokens - reasoningTokens),
    totalTokenCount: totalTokens,
    ...(reasoningTokens > 0 && { thoughtsTokenCount: reasoningTokens }),
    ...(cachedTokens > 0 && { cachedContentTokenCount: cachedTokens }),
    ...(cost !== undefined && { cost: Number(cost) }),
  };
}

/** Returns a response of Google as JSON text, with the cost added to its counts and everything else as Google wrote it. */
export function withContentCost(response: string, { cost }: Usage): string {
  const counts = memberText(response, 'usageMetadata');
  if (cost === undefined || counts === undefined || !counts.startsWith('{')) return response;
  return withMembers(response, { usageMetadata: withMembers(counts, { cost: JSON.stringify(Number(cost)) }) });
}

/** Returns a response as JSON text, with numbers in arguments as the model wrote them. */
export function contentText(response: FieldValues): string {
  return exactJson(response);
}
