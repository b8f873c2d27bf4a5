import type { CompletionEvent } from '../../apis/completion.ts';
import type { Annotation, ToolCall } from '../../apis/message.ts';
import { type Answer, EMPTY_ANSWER, reduceAnswer } from './answer.ts';

const PIECES_AT_ONCE = 512;
const UNITS_AT_ONCE = 256 * 1024;

/**
 * Builds a text from pieces. A string built by thousands of concatenations keeps all its pieces in memory, and a piece may keep the whole chunk
 * that it was cut from: so pieces are joined from time to time. Text beyond `limit` UTF-16 units is counted and discarded.
 */
export class GatheredText {
  length = 0;
  readonly #limit: number;
  /** Each was joined from several pieces. */
  readonly #blocks: string[] = [];
  #joined = '';
  #pieces: string[] = [];
  /** Total length of the pieces. */
  #size = 0;

  constructor(limit = Number.POSITIVE_INFINITY) {
    this.#limit = limit;
  }

  add(piece: string): void {
    const room = this.#limit - this.length;
    this.length += piece.length;
    if (room <= 0) return;
    this.#pieces.push(piece.length > room ? piece.slice(0, room) : piece);
    this.#size += piece.length;
    if (this.#pieces.length === PIECES_AT_ONCE || this.#size >= UNITS_AT_ONCE) this.text();
  }

  blocks(): readonly string[] {
    this.text();
    return this.#blocks;
  }

  text(): string {
    if (this.#pieces.length > 0) {
      const block = this.#pieces.join('');
      this.#blocks.push(block);
      this.#joined += block;
      this.#pieces = [];
      this.#size = 0;
    }
    return this.#joined;
  }
}

/** The texts of answers, as the blocks that they were built from. */
const BLOCKS = new WeakMap<Answer, readonly string[]>();

/** Returns the text of an answer in parts. Slicing the text itself would first copy all of it into one flat string. */
export function textBlocks(answer: Answer): readonly string[] {
  return BLOCKS.get(answer) ?? [answer.text];
}

/** Reduces the events of one completion to its answer, as reduceAnswer does. Time and memory grow only with the length of the answer. */
export class AnswerGatherer {
  text: GatheredText;
  reasoning: GatheredText;
  readonly #limit: number | undefined;
  #answer: Answer = EMPTY_ANSWER;
  readonly #arguments: GatheredText[] = [];
  readonly #images: string[] = [];
  readonly #audio: string[] = [];
  readonly #annotations: Annotation[] = [];

  /** Keeps at most `limit` UTF-16 units each of text and of reasoning. */
  constructor(limit?: number) {
    this.#limit = limit;
    this.text = new GatheredText(limit);
    this.reasoning = new GatheredText(limit);
  }

  see(event: CompletionEvent): void {
    switch (event.type) {
      case 'text-delta':
        return this.text.add(event.text);
      case 'reasoning-delta':
        return this.reasoning.add(event.text);
      case 'tool-call-delta': {
        const index = Math.min(event.index, this.#arguments.length);
        (this.#arguments[index] ??= new GatheredText()).add(event.arguments);
        if ((event.id ?? event.name) === undefined && this.#answer.toolCalls[index] !== undefined) return;
        this.#answer = reduceAnswer(this.#answer, { ...event, index, arguments: '' });
        return;
      }
      case 'image':
        return void this.#images.push(event.url);
      case 'audio':
        return void this.#audio.push(event.data);
      case 'annotation':
        return void this.#annotations.push(event.annotation);
      case 'fallback':
        if (event.restarts === true) this.#clear();
        break;
      default:
    }
    this.#answer = reduceAnswer(this.#answer, event);
  }

  /** Removes what the model has answered, because another one answers from the beginning. */
  #clear(): void {
    this.text = new GatheredText(this.#limit);
    this.reasoning = new GatheredText(this.#limit);
    for (const list of [this.#arguments, this.#images, this.#audio, this.#annotations]) list.length = 0;
  }

  answer(): Answer {
    const withArguments = (call: ToolCall, index: number): ToolCall => ({
      ...call,
      arguments: this.#arguments[index]?.text() ?? '',
    });
    const answer: Answer = {
      ...this.#answer,
      text: this.text.text(),
      reasoning: this.reasoning.text(),
      toolCalls: this.#answer.toolCalls.map(withArguments),
      images: [...this.#images],
      audio: [...this.#audio],
      annotations: [...this.#annotations],
    };
    BLOCKS.set(answer, this.text.blocks());
    return answer;
  }
}
