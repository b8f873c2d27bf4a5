import type { ReasoningPart } from '../../../apis/message.ts';
import { addReasoningParts } from '../../../core/answer/reasoning-parts.ts';
import { sealReasoning } from '../sealed-reasoning.ts';
import type { BlockWriter } from './block-writer.ts';
import { ANTHROPIC_REASONING } from './names.ts';

/**
 * Encodes reasoning as blocks. Reasoning that Anthropic has signed or encrypted keeps Anthropic's form. The text of other vendors
 * becomes ordinary thinking, with everything that the vendor requires back sealed in the signature field, which clients return
 * unread.
 */
export class ThinkingBlocks {
  /** The model that reasons. */
  answeredBy: string | undefined;
  readonly #writer: BlockWriter;
  #open: number | undefined;
  /** The text of the open block. */
  #shown = '';
  #isSigned = false;
  /** Parts that are in no block yet. */
  #parts: readonly ReasoningPart[] = [];
  /** Indexes of Anthropic's texts whose signature had not come when their block ended. */
  readonly #unsigned = new Set<number | undefined>();

  constructor(writer: BlockWriter) {
    this.#writer = writer;
  }

  addText(thinking: string): void {
    if (thinking === '') return;
    // A signature ends its text.
    if (this.#isSigned) this.stop();
    this.#writer.delta(this.#block(), { type: 'thinking_delta', thinking });
    this.#shown += thinking;
  }

  addParts(parts: readonly ReasoningPart[]): void {
    for (const part of parts) this.#addPart(part);
  }

  /** Ends the open block, because something else begins. */
  stop(): void {
    if (this.#open === undefined) return;
    if (!this.#isSigned) this.#writer.delta(this.#open, { type: 'signature_delta', signature: this.#seal() });
    this.#writer.stop(this.#open);
    this.#open = undefined;
    this.#shown = '';
    this.#isSigned = false;
  }

  /** Ends the answer. */
  end(): void {
    this.stop();
    if (this.#parts.length > 0) this.#writer.whole({ type: 'redacted_thinking', data: this.#seal() });
  }

  #addPart(part: ReasoningPart): void {
    const isOwn = part.format === ANTHROPIC_REASONING;
    if (isOwn && part.kind === 'encrypted' && part.encrypted !== undefined) {
      this.stop();
      this.#writer.whole({ type: 'redacted_thinking', data: part.encrypted });
      return;
    }
    this.#parts = addReasoningParts(this.#parts, [part]);
    if (!isSignedText(part) || part.signature === undefined || this.#unsigned.has(part.index)) return;
    // A signature is valid only for exactly its own text: if the block contains other text too, the signed text goes into the
    // seal.
    const signed = this.#parts.findLast((one) => isSignedText(one) && one.signature === part.signature);
    const { signature = '' } = signed ?? {};
    if (signature === '' || (signed?.text ?? '') !== this.#shown) return;
    this.#writer.delta(this.#block(), { type: 'signature_delta', signature });
    this.#isSigned = true;
    this.#parts = this.#parts.filter((one) => one !== signed);
  }

  #block(): number {
    this.#open ??= this.#writer.start({ type: 'thinking', thinking: '', signature: '' });
    return this.#open;
  }

  #seal(): string {
    const parts = this.#parts;
    this.#parts = [];
    for (const { index, signature } of parts.filter(isSignedText)) if (signature === undefined) this.#unsigned.add(index);
    return sealReasoning({ parts, answeredBy: this.answeredBy });
  }
}

/** Returns whether a part is a text of the kind that Anthropic signs. */
function isSignedText({ kind, format }: ReasoningPart): boolean {
  return kind === 'text' && format === ANTHROPIC_REASONING;
}
