import type { CostSource, EntryOutcome, LedgerEntry } from '../../storage/ledger/entry.ts';

/**
 * Settled entries in a form that another thread receives quickly: numbers and places of texts are handed over without a copy, and a text that many
 * entries have exists once. Copying the objects takes several times as long.
 */
export interface EntryBatch {
  count: number;
  texts: readonly string[];
  /** For each entry, its texts in a fixed order, as their places in `texts` plus one; 0 for none. */
  places: Uint32Array<ArrayBuffer>;
  /** For each entry, its numbers in a fixed order; NaN for none. */
  numbers: Float64Array<ArrayBuffer>;
}

const TEXTS = 25;
const NUMBERS = 13;
const TAG_SEPARATOR = ',';

/** Collects entries of `recordEntry`. */
export class EntryPacker {
  readonly #places: Uint32Array<ArrayBuffer>;
  readonly #numbers: Float64Array<ArrayBuffer>;
  readonly #texts: string[] = [];
  readonly #known = new Map<string, number>();
  #count = 0;
  #place = 0;
  #number = 0;
  #size = 0;

  constructor(capacity: number) {
    this.#places = new Uint32Array(capacity * TEXTS);
    this.#numbers = new Float64Array(capacity * NUMBERS);
  }

  get count(): number {
    return this.#count;
  }

  /** The characters of all texts. */
  get size(): number {
    return this.#size;
  }

  // Each field by its name, as `recordEntry` writes them: fields of computed names are slow.
  add(entry: LedgerEntry): void {
    this.#count += 1;
    this.#single(entry.id);
    this.#single(entry.conversation);
    this.#single(entry.turn);
    this.#single(entry.generationId);
    this.#single(entry.cost);
    this.#single(entry.expectedCost);
    this.#single(entry.upstreamCost);
    this.#shared(entry.command);
    this.#shared(entry.profile);
    this.#shared(entry.project);
    this.#shared(entry.api);
    this.#shared(entry.requestedModel);
    this.#shared(entry.family);
    this.#shared(entry.template);
    this.#shared(entry.vendor);
    this.#shared(entry.clientKey);
    this.#shared(entry.tags?.join(TAG_SEPARATOR));
    this.#shared(entry.fallbackFrom);
    this.#shared(entry.fallbackReason);
    this.#shared(entry.servedModel);
    this.#shared(entry.provider);
    this.#shared(entry.finishReason);
    this.#shared(entry.errorKind);
    this.#shared(entry.outcome);
    this.#shared(entry.costSource);
    this.#add(entry.openedAt);
    this.#add(entry.estimatedPromptTokens);
    this.#add(entry.estimatedExtraTokens);
    this.#add(entry.promptTokens);
    this.#add(entry.cachedTokens);
    this.#add(entry.cacheWriteTokens);
    this.#add(entry.completionTokens);
    this.#add(entry.reasoningTokens);
    this.#add(entry.timeToFirstTokenMs);
    this.#add(entry.durationMs);
    this.#add(entry.throughput);
    this.#add(entry.attempts);
    this.#add(entry.isByok === undefined ? undefined : Number(entry.isByok));
  }

  /** Returns what was added, and what can be handed over without a copy. Nothing can be added afterwards. */
  sealed(): { batch: EntryBatch; transfer: ArrayBuffer[] } {
    const [places, numbers] = [this.#places, this.#numbers];
    return { batch: { count: this.#count, texts: this.#texts, places, numbers }, transfer: [places.buffer, numbers.buffer] };
  }

  /** Adds a text that hardly any other entry has. */
  #single(text: string | undefined): void {
    this.#places[this.#place] = text === undefined ? 0 : this.#store(text);
    this.#place += 1;
  }

  #shared(text: string | undefined): void {
    let place = 0;
    if (text !== undefined) {
      place = this.#known.get(text) ?? 0;
      if (place === 0) this.#known.set(text, (place = this.#store(text)));
    }
    this.#places[this.#place] = place;
    this.#place += 1;
  }

  #store(text: string): number {
    this.#size += text.length;
    return this.#texts.push(text);
  }

  #add(number: number | undefined): void {
    this.#numbers[this.#number] = number ?? NaN;
    this.#number += 1;
  }
}

/** Yields entries equal to those that were added. */
export function* unpackEntries({ count, texts, places, numbers }: EntryBatch): Generator<LedgerEntry> {
  const text = (at: number): string | undefined => texts[places[at]! - 1];
  const number = (at: number): number | undefined => (Number.isNaN(numbers[at]!) ? undefined : numbers[at]);
  for (let index = 0; index < count; index += 1) {
    const first = index * TEXTS;
    const from = index * NUMBERS;
    const byok = number(from + 12);
    yield {
      id: text(first) ?? '',
      conversation: text(first + 1) ?? '',
      turn: text(first + 2),
      generationId: text(first + 3),
      cost: text(first + 4),
      expectedCost: text(first + 5),
      upstreamCost: text(first + 6),
      command: text(first + 7) ?? '',
      profile: text(first + 8) ?? '',
      project: text(first + 9) ?? '',
      api: text(first + 10) ?? '',
      requestedModel: text(first + 11) ?? '',
      family: text(first + 12) ?? '',
      template: text(first + 13),
      vendor: text(first + 14) ?? '',
      clientKey: text(first + 15),
      tags: text(first + 16)?.split(TAG_SEPARATOR),
      fallbackFrom: text(first + 17),
      fallbackReason: text(first + 18),
      servedModel: text(first + 19),
      provider: text(first + 20),
      finishReason: text(first + 21),
      errorKind: text(first + 22),
      outcome: (text(first + 23) ?? 'lost') as EntryOutcome,
      costSource: text(first + 24) as CostSource,
      openedAt: numbers[from]!,
      estimatedPromptTokens: numbers[from + 1]!,
      estimatedExtraTokens: number(from + 2),
      promptTokens: number(from + 3),
      cachedTokens: number(from + 4),
      cacheWriteTokens: number(from + 5),
      completionTokens: number(from + 6),
      reasoningTokens: number(from + 7),
      timeToFirstTokenMs: number(from + 8),
      durationMs: number(from + 9),
      throughput: number(from + 10),
      attempts: number(from + 11) ?? 1,
      isByok: byok === undefined ? undefined : byok === 1,
      state: 'settled',
    };
  }
}
