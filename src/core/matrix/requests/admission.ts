import { decimal, type Decimal } from '../../../decimal.ts';
import { OrxError } from '../../../errors.ts';
import type { ChatRequest } from '../../../apis/completion.ts';
import { AdaptiveLimit } from './adaptive-limit.ts';
import { type HaltScope, NotAsked, type RunHalts } from './run-halts.ts';
import type { SpendingLimit } from './spending-limit.ts';

export interface AdmissionOptions {
  /** Returns how many requests a connection takes at the start and at most. */
  limitOf: (connection: string) => { start: number; most: number };
  /** Limits the cost of the run; undefined: no limit. */
  spending?: SpendingLimit | undefined;
  /** Returns the highest possible cost of an attempt, for `spending`. */
  mostCost: (request: ChatRequest) => Promise<Decimal>;
  /** Milliseconds. */
  monotonic: () => number;
  sleep: (ms: number, signal?: AbortSignal) => Promise<void>;
  random: () => number;
}

/** The right to send one attempt. */
export interface Ticket {
  limit: AdaptiveLimit;
  /** Money that is reserved for it. */
  reserved: Decimal | undefined;
}

/** Decides when an attempt may be sent: its connection has a place, its highest cost fits the limit, and nothing has halted its lane. */
export class Admission {
  readonly #options: AdmissionOptions;
  readonly #halts: RunHalts;
  readonly #limits = new Map<string, AdaptiveLimit>();

  constructor(options: AdmissionOptions, halts: RunHalts) {
    this.#options = options;
    this.#halts = halts;
  }

  /** Milliseconds until a connection continues that a server has asked to wait; 0 if none is paused. */
  get pauseMs(): number {
    return Math.max(0, ...[...this.#limits.values()].map(({ pauseMs }) => pauseMs));
  }

  /** Waits for the right to send one attempt. Throws NotAsked if it must not be sent. */
  async enter(request: ChatRequest, scope: HaltScope, isRepeated: boolean): Promise<Ticket> {
    const limit = this.#limitOf(scope.connection);
    this.#halts.check(scope);
    const reserved = await this.reserve(request);
    try {
      await limit.enter(this.#halts.signal, { isRepeated });
    } catch (error) {
      this.settle(reserved, decimal(0));
      throw error;
    }
    try {
      // Another request may have halted the lane while this one waited.
      this.#halts.check(scope);
    } catch (error) {
      this.giveBack({ limit, reserved });
      throw error;
    }
    return { limit, reserved };
  }

  /** Returns the reserved money of one attempt; undefined without a limit. */
  async reserve(request: ChatRequest): Promise<Decimal | undefined> {
    const { spending, mostCost } = this.#options;
    if (spending === undefined) return undefined;
    const most = await mostCost(request);
    if (await spending.reserve(most)) return most;
    this.#halts.stop(overLimit(spending));
    throw new NotAsked(this.#halts.stopped!);
  }

  /** Returns reserved money, and counts what the attempt cost; undefined: it is not known. */
  settle(reserved: Decimal | undefined, cost: Decimal | undefined): void {
    if (reserved !== undefined) this.#options.spending?.settle(reserved, cost);
  }

  /** Returns a ticket that is not used any more. */
  giveBack({ limit, reserved }: Ticket): void {
    limit.leave();
    this.settle(reserved, decimal(0));
  }

  /** Ends the waits of paused connections. */
  close(): void {
    for (const limit of this.#limits.values()) limit.close();
  }

  #limitOf(connection: string): AdaptiveLimit {
    const known = this.#limits.get(connection);
    if (known !== undefined) return known;
    const { monotonic, sleep, random, limitOf } = this.#options;
    const limit = new AdaptiveLimit({ ...limitOf(connection), monotonic, sleep, random });
    this.#limits.set(connection, limit);
    return limit;
  }
}

function overLimit({ most }: SpendingLimit): OrxError {
  return new OrxError(`stopped before --max-cost ${most.toFixed()}`, {
    kind: 'credits',
    code: 'max-cost',
    hints: [
      'continue with a higher limit: orx compare --prompts FILE --resume --max-cost 5',
      'limit each answer: --max-tokens N',
    ],
  });
}
