const SECONDS = 60;

/** The sum of the amounts added in the last 60 seconds. Its memory does not grow with the number of amounts. */
export class MinuteWindow {
  readonly #sums = new Float64Array(SECONDS);
  #second = 0;

  /** `now` is in milliseconds and must not decrease. */
  add(now: number, amount: number): void {
    this.#turn(now);
    this.#sums[this.#second % SECONDS]! += amount;
  }

  sum(now: number): number {
    this.#turn(now);
    let total = 0;
    for (const one of this.#sums) total += one;
    return total;
  }

  /** Returns the wait until the sum is below the limit, in milliseconds: at most a minute. */
  belowInMs(now: number, limit: number): number {
    let left = this.sum(now);
    if (left < limit) return 0;
    for (let second = this.#second - SECONDS + 1; second < this.#second; second += 1) {
      left -= this.#sums[(second + SECONDS) % SECONDS]!;
      if (left < limit) return (second + SECONDS) * 1000 - now;
    }
    return (this.#second + SECONDS) * 1000 - now;
  }

  clear(): void {
    this.#sums.fill(0);
  }

  #turn(now: number): void {
    const second = Math.floor(now / 1000);
    const passed = second - this.#second;
    if (passed <= 0) return;
    if (passed >= SECONDS) this.#sums.fill(0);
    else for (let step = 1; step <= passed; step += 1) this.#sums[(this.#second + step) % SECONDS] = 0;
    this.#second = second;
  }
}
