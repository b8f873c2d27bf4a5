/** What a running gateway has to say, one line each: about its configuration and its certificate. */
export class ServerNotes {
  #lines: string[] = [];
  #onLine: () => void = () => undefined;

  add(...lines: readonly string[]): void {
    this.#lines.push(...lines);
    if (lines.length > 0) this.#onLine();
  }

  /** Returns the lines since the last call. */
  drain(): readonly string[] {
    const lines = this.#lines;
    this.#lines = [];
    return lines;
  }

  /** Calls back for each later line. */
  listen(onLine: () => void): void {
    this.#onLine = onLine;
  }
}
