/** What a running gateway has to say, one line each: about its configuration, its certificate, its client keys and its cache. */
export class ServerNotes {
  #lines: string[] = [];
  #onLine: () => void = () => undefined;
  #last = '';

  add(...lines: readonly string[]): void {
    this.#lines.push(...lines);
    if (lines.length > 0) this.#onLine();
  }

  /** Adds a problem that each request may have, unless it is the last one that was added here. */
  addOnce(problem: string): void {
    if (problem !== this.#last) this.add(problem);
    this.#last = problem;
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
