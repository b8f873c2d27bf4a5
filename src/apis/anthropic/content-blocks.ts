import { exactJson } from '../../text/exact-json.ts';
import type { CompletionEvent } from '../completion.ts';
import { asArray, asObject, asText, type WireObject } from '../wire/wire-value.ts';
import { decodeCitation } from './citations.ts';
import { JSON_TOOL, THINKING_FORMAT } from './names.ts';

/** A content block that has started. `answer`: a call of the tool whose input is the answer. */
interface OpenBlock {
  kind: 'text' | 'thinking' | 'call' | 'answer' | 'ignored';
  /** Index of the call. */
  slot: number;
  /** The call's input at the start of the block, as JSON; "" for none. */
  input: string;
  hasPieces: boolean;
}

/**
 * Converts the blocks of an answer to events. Calls have their own numbering, because a block's index also counts texts and
 * reasoning. Tools that Anthropic runs itself (searches, code, MCP servers) and their results are not part of the answer; their
 * citations come with the text.
 */
export class ContentBlocks {
  readonly #open = new Map<number, OpenBlock>();
  readonly #toolNames: readonly string[];
  #calls = 0;
  #hasAnswerTool = false;

  constructor(toolNames: readonly string[] = []) {
    this.#toolNames = toolNames;
  }

  /** The only call was that of the tool whose input is the answer. */
  get isUnwrapped(): boolean {
    return this.#hasAnswerTool && this.#calls === 0;
  }

  /** `exact` returns the block with the numbers that JSON.parse rounds. */
  start(index: number, block: WireObject, exact: () => unknown, events: CompletionEvent[]): void {
    const open: OpenBlock = { kind: this.#kindOf(block), slot: this.#calls, input: '', hasPieces: false };
    this.#open.set(index, open);
    switch (open.kind) {
      case 'text':
        this.#addText(asText(block['text']), events);
        for (const citation of asArray(block['citations'])) addCitation(citation, events);
        return;
      case 'thinking':
        startThinking(index, block, events);
        return;
      case 'call':
        this.#calls += 1;
        events.push({
          type: 'tool-call-delta',
          index: open.slot,
          id: asText(block['id']),
          name: asText(block['name']),
          arguments: '',
        });
        open.input = inputText(block, exact);
        return;
      case 'answer':
        this.#hasAnswerTool = true;
        open.input = inputText(block, exact);
        return;
      case 'ignored':
    }
  }

  delta(index: number, delta: WireObject, events: CompletionEvent[]): void {
    const open = this.#open.get(index);
    if (open?.kind === 'ignored') return;
    switch (delta['type']) {
      case 'text_delta':
        this.#addText(asText(delta['text']), events);
        return;
      case 'thinking_delta':
        addThinking(index, asText(delta['thinking']), undefined, events);
        return;
      case 'signature_delta':
        addThinking(index, undefined, asText(delta['signature']), events);
        return;
      case 'citations_delta':
        addCitation(delta['citation'], events);
        return;
      case 'input_json_delta': {
        const text = asText(delta['partial_json']);
        if (open === undefined || text === undefined) return;
        open.hasPieces = true;
        addInput(open, text, events);
        return;
      }
      default:
    }
  }

  stop(index: number, events: CompletionEvent[]): void {
    const open = this.#open.get(index);
    this.#open.delete(index);
    // A call without arguments has no input deltas.
    if (open !== undefined && !open.hasPieces) addInput(open, open.input === '' ? '{}' : open.input, events);
  }

  /** Reads complete blocks. */
  whole(blocks: readonly unknown[], exact: (at: number) => unknown, events: CompletionEvent[]): void {
    for (const [at, item] of blocks.entries()) {
      const block = asObject(item);
      if (block === undefined) continue;
      this.start(at, block, () => exact(at), events);
      this.stop(at, events);
    }
  }

  #addText(text: string | undefined, events: CompletionEvent[]): void {
    if (text !== undefined) events.push({ type: 'text-delta', text });
  }

  #kindOf(block: WireObject): OpenBlock['kind'] {
    switch (block['type']) {
      case 'text':
        return 'text';
      case 'thinking':
      case 'redacted_thinking':
        return 'thinking';
      case 'tool_use':
        return block['name'] === JSON_TOOL && !this.#toolNames.includes(JSON_TOOL) ? 'answer' : 'call';
      default:
        return 'ignored';
    }
  }
}

function startThinking(index: number, block: WireObject, events: CompletionEvent[]): void {
  const encrypted = asText(block['data']);
  if (block['type'] === 'thinking') addThinking(index, asText(block['thinking']), asText(block['signature']), events);
  else if (encrypted !== undefined)
    events.push({ type: 'reasoning-parts', parts: [{ kind: 'encrypted', encrypted, format: THINKING_FORMAT, index }] });
}

function addThinking(index: number, text: string | undefined, signature: string | undefined, events: CompletionEvent[]): void {
  if (text !== undefined) events.push({ type: 'reasoning-delta', text });
  if ((text ?? signature) === undefined) return;
  const part = { ...(text !== undefined && { text }), ...(signature !== undefined && { signature }) };
  events.push({ type: 'reasoning-parts', parts: [{ kind: 'text', ...part, format: THINKING_FORMAT, index }] });
}

function addCitation(value: unknown, events: CompletionEvent[]): void {
  const annotation = decodeCitation(value);
  if (annotation !== undefined) events.push({ type: 'annotation', annotation });
}

function addInput({ kind, slot }: OpenBlock, text: string, events: CompletionEvent[]): void {
  if (kind === 'call') events.push({ type: 'tool-call-delta', index: slot, arguments: text });
  if (kind === 'answer') events.push({ type: 'text-delta', text });
}

/** Returns the input at the start of a block: the whole input when the block came complete, else "". */
function inputText(block: WireObject, exact: () => unknown): string {
  const input = asObject(block['input']);
  if (input === undefined || Object.keys(input).length === 0) return '';
  return exactJson(asObject(exact())?.['input'] ?? input);
}
