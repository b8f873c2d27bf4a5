import { randomUUID } from 'node:crypto';
import type { CompletionEvent, Usage } from '../../../apis/completion.ts';
import type { Annotation } from '../../../apis/message.ts';
import { BlockWriter } from './block-writer.ts';
import { CallBlocks } from './call-blocks.ts';
import { encodeMessageUsage, NO_COUNTS } from './encode-usage.ts';
import type { MessageEvent, StartedBlock } from './message-events.ts';
import { stopReason } from './stop-reason.ts';
import { ThinkingBlocks } from './thinking-blocks.ts';

type Start = Extract<CompletionEvent, { type: 'response-start' }>;
type End = Extract<CompletionEvent, { type: 'response-end' }>;

const DATA_URL = /^data:([^;,]+);base64,/i;

/** Encodes the events of an answer as those of Anthropic's Messages API, for an answer in another form. */
export class MessageEncoder {
  readonly #model: string;
  readonly #writer = new BlockWriter();
  readonly #thinking = new ThinkingBlocks(this.#writer);
  readonly #calls = new CallBlocks(this.#writer);
  #text: number | undefined;
  #usage: Usage | undefined;
  /** Citations that came before their text. */
  #citations: StartedBlock[] = [];

  /** `model` is the requested one, used when the API does not state which one answers. */
  constructor(model: string) {
    this.#model = model;
  }

  encode(event: CompletionEvent): readonly MessageEvent[] {
    switch (event.type) {
      case 'response-start':
        return [this.#start(event)];
      case 'usage':
        this.#usage = event.usage;
        return [];
      case 'response-end':
        return this.#end(event);
      default:
        this.#add(event);
        return this.#writer.take();
    }
  }

  #add(event: CompletionEvent): void {
    switch (event.type) {
      case 'text-delta':
        if (event.text !== '') this.#writer.delta(this.#textBlock(), { type: 'text_delta', text: event.text });
        return;
      case 'reasoning-delta':
        this.#stopText();
        this.#calls.stopWhole();
        this.#thinking.addText(event.text);
        return;
      case 'reasoning-parts':
        this.#thinking.addParts(event.parts);
        return;
      case 'tool-call-delta':
        this.#thinking.stop();
        this.#stopText();
        this.#calls.add(event);
        return;
      case 'annotation':
        this.#cite(event.annotation);
        return;
      case 'image':
        this.#thinking.stop();
        this.#stopText();
        this.#writer.whole(imageBlock(event.url));
        return;
      default:
    }
  }

  #start({ id, model, provider }: Start): MessageEvent {
    const answeredBy = model === '' ? this.#model : model;
    this.#thinking.answeredBy = answeredBy;
    return {
      type: 'message_start',
      message: {
        id: id === '' ? `msg_${randomUUID().replaceAll('-', '')}` : id,
        type: 'message',
        role: 'assistant',
        model: answeredBy,
        ...(provider !== undefined && { provider }),
        content: [],
        container: null,
        stop_reason: null,
        stop_sequence: null,
        stop_details: null,
        usage: NO_COUNTS,
      },
    };
  }

  #end(end: End): readonly MessageEvent[] {
    this.#thinking.end();
    this.#stopText();
    this.#calls.stop();
    return [
      ...this.#writer.take(),
      {
        type: 'message_delta',
        delta: { stop_reason: stopReason(end, this.#calls.hasCalls), stop_sequence: null, stop_details: null, container: null },
        usage: this.#usage === undefined ? NO_COUNTS : encodeMessageUsage(this.#usage),
      },
      { type: 'message_stop' },
    ];
  }

  #textBlock(): number {
    this.#thinking.stop();
    this.#calls.stopWhole();
    if (this.#text === undefined) {
      this.#text = this.#writer.start({ type: 'text', text: '' });
      for (const citation of this.#citations.splice(0)) this.#writer.delta(this.#text, { type: 'citations_delta', citation });
    }
    return this.#text;
  }

  #stopText(): void {
    if (this.#text !== undefined) this.#writer.stop(this.#text);
    this.#text = undefined;
  }

  #cite(annotation: Annotation): void {
    const citation = encodeCitation(annotation);
    if (citation === undefined) return;
    if (this.#text === undefined) this.#citations.push(citation);
    else this.#writer.delta(this.#text, { type: 'citations_delta', citation });
  }
}

/** Returns undefined for other annotations, and for citations in the form of another API. */
function encodeCitation({ kind, apiData, ...annotation }: Annotation): StartedBlock | undefined {
  const own = apiData?.['anthropic'];
  if (typeof own === 'object' && own !== null) return own as StartedBlock;
  if (kind !== 'citation' || !('url' in annotation)) return undefined;
  const { url, title = null } = annotation;
  return { type: 'web_search_result_location', url, title, cited_text: '', encrypted_index: '' };
}

/** Encodes an image in the form in which clients send images. Anthropic's own answers contain none. */
function imageBlock(url: string): StartedBlock {
  const [head, mediaType] = DATA_URL.exec(url.slice(0, 200)) ?? [];
  if (head === undefined) return { type: 'image', source: { type: 'url', url } };
  return { type: 'image', source: { type: 'base64', media_type: mediaType, data: url.slice(head.length) } };
}
