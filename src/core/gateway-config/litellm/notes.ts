/** Collects the parts of a LiteLLM file that orx does not support: each once, with its number of occurrences. */
export class ConversionNotes {
  readonly #counts = new Map<string, number>();

  add(line: string): void {
    this.#counts.set(line, (this.#counts.get(line) ?? 0) + 1);
  }

  get lines(): readonly string[] {
    return [...this.#counts].map(([line, count]) => (count === 1 ? line : `${line} (${count} times)`));
  }
}

export type LiteLlmFields = Readonly<Record<string, unknown>>;

export function asFields(value: unknown): LiteLlmFields | undefined {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as LiteLlmFields) : undefined;
}

export function asNonEmptyText(value: unknown): string | undefined {
  return typeof value === 'string' && value.trim() !== '' ? value.trim() : undefined;
}
