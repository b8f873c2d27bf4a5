/** Counts work that runs concurrently with the loop that starts it. */
export class OpenWork {
  #count = 0;
  #wake: (() => void) | undefined;

  add(work: Promise<void>): void {
    this.#count += 1;
    void work.finally(() => {
      this.#count -= 1;
      this.#wake?.();
    });
  }

  /** Resolves when fewer than this number are open. */
  async below(most: number): Promise<void> {
    while (this.#count >= most) await new Promise<void>((resolve) => (this.#wake = resolve));
  }
}
