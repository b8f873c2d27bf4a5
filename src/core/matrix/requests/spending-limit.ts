import { decimal, type Decimal } from '../../../decimal.ts';

/**
 * Keeps a run below an amount of money. Every request reserves the most that it can cost before it is sent, so that the amount is
 * never exceeded, however many requests run at once.
 */
export class SpendingLimit {
  readonly most: Decimal;
  #spent: Decimal;
  #reserved: Decimal = decimal(0);
  #waiters: (() => void)[] = [];

  /** `spent`: what the run has already cost. Amounts are USD. */
  constructor(most: Decimal, spent: Decimal) {
    this.most = most;
    this.#spent = spent;
  }

  get spent(): Decimal {
    return this.#spent;
  }

  /**
   * Reserves an amount. Waits while running requests may still give money back, and returns false if it does not fit after all of
   * them have ended.
   */
  async reserve(amount: Decimal): Promise<boolean> {
    for (;;) {
      if (this.#spent.plus(this.#reserved).plus(amount).lte(this.most)) {
        this.#reserved = this.#reserved.plus(amount);
        return true;
      }
      if (this.#reserved.eq(0)) return false;
      await new Promise<void>((resolve) => void this.#waiters.push(resolve));
    }
  }

  /** Releases a reservation, and counts the actual cost of the request. If that is not known, the whole reservation counts. */
  settle(reserved: Decimal, cost: Decimal | undefined): void {
    this.#reserved = this.#reserved.minus(reserved);
    this.#spent = this.#spent.plus(cost ?? reserved);
    const waiters = this.#waiters;
    this.#waiters = [];
    for (const wake of waiters) wake();
  }
}
