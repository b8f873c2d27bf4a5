import type { ReasoningPart } from '../../../apis/message.ts';
import { addReasoningParts } from '../../../core/answer/reasoning-parts.ts';
import { sealReasoning } from '../sealed-reasoning.ts';
import type { BlockWriter } from './block-writer.ts';
import { ANTHROPIC_REASONING } from './names.ts';

/**
 * Reasoning as blocks. What Anthropic has signed or encrypted comes as Anthropic sends it. Of other vendors the text can be read like any thinking,
 * and the field of the signature holds what the vendor wants back: clients return it unread.
 */
export class ThinkingBlocks {
  /** The model that reasons. */
  answeredBy: string | undefined;
  readonly #writer: BlockWriter;
  #open: number | undefined;
  /** The text of the open block. */
  #shown = '';
  #isSigned = false;
  /** What no block has told yet. */
  #parts: readonly ReasoningPart[] = [];
  /** Anthropic's texts whose signature had not come when their block was over. */
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

  /** Something else begins. */
  stop(): void {
    if (this.#open === undefined) return;
    if (!this.#isSigned) this.#writer.delta(this.#open, { type: 'signature_delta', signature: this.#seal() });
    this.#writer.stop(this.#open);
    this.#open = undefined;
    this.#shown = '';
    this.#isSigned = false;
  }

  /** The answer is over. */
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
    // A signature holds for its own text and no other: one whose text has other text around it stands in the seal.
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

/** A text of the kind that Anthropic signs. */
function isSignedText({ kind, format }: ReasoningPart): boolean {
  return kind === 'text' && format === ANTHROPIC_REASONING;
}
