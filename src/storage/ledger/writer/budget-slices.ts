import type { BudgetScope, Reservation } from '../budgets/budget.ts';
import { paidUnits, toUnits, unitsText } from '../cost-units.ts';
import type { EntryResult } from '../entry.ts';

/** Money that this process has reserved in advance for requests of one scope. In the ledger it is the lease of an entry. */
interface Slice {
  key: string;
  /** The row of that entry, and its id. */
  row: number;
  entry: string;
  units: bigint;
  /** The part of it that running requests hold. */
  held: bigint;
  expiresAt: number;
  /** Has admitted a request since the last sweep. */
  isUsed: boolean;
}

/** A change of a slice, for the ledger. Without an amount it ends. */
export interface SliceChange {
  row: number;
  amount?: string | undefined;
  expiresAt: number;
}

/** What a request asks for beyond its own reservation, as a multiple of it: as many requests as many clients send at once. */
const REQUESTS_PER_SLICE = 256n;
const MOST_SLICES = 1000;
/** A slice's lease is written again when a request needs it for this much longer. */
const EXTENSION_MS = 10_000;

/**
 * The slices of budgets that a process has reserved. A request that fits into one needs no transaction: it is admitted here, and the slice
 * becomes smaller by its cost when it ends. All slices are leases in the ledger, so other processes never get the same money.
 */
export class BudgetSlices {
  /** By the key of their scope. */
  readonly #slices = new Map<string, Slice>();
  /** Running requests that hold a part of a slice, by the id of their entry. */
  readonly #members = new Map<string, { slice: Slice; units: bigint }>();
  readonly #changed = new Set<Slice>();
  /** Slices that were replaced by a new one, as long as requests hold a part of them. */
  readonly #replaced = new Set<Slice>();

  get isEmpty(): boolean {
    return this.#slices.size === 0 && this.#replaced.size === 0;
  }

  /** Returns whether a slice has room for a request, which then holds its part. */
  admit(id: string, { amount, expiresAt }: Reservation, scope: BudgetScope): boolean {
    const slice = this.#slices.get(keyOf(scope));
    if (slice === undefined || scope.now >= slice.expiresAt) return false;
    const units = toUnits(amount);
    if (slice.units - slice.held < units) return false;
    this.#hold(slice, id, units, expiresAt);
    return true;
  }

  /** Returns the amount that a request may ask for beyond its own, for requests that follow. */
  spareFor({ amount }: Reservation): string | undefined {
    return this.#slices.size < MOST_SLICES ? unitsText(toUnits(amount) * REQUESTS_PER_SLICE) : undefined;
  }

  /** Begins a slice: the request `id` has got its own amount and a spare one. */
  begin(
    id: string,
    { amount, expiresAt }: Reservation,
    scope: BudgetScope,
    { row, spare }: { row: number; spare: string },
  ): void {
    const key = keyOf(scope);
    const before = this.#slices.get(key);
    const units = toUnits(amount);
    const slice = { key, row, entry: id, units: units + toUnits(spare), held: 0n, expiresAt, isUsed: true };
    this.#slices.set(key, slice);
    this.#hold(slice, id, units, expiresAt);
    if (before === undefined) return;
    this.#replaced.add(before);
    this.#shrink(before);
  }

  /** Returns whether the entry's lease is a slice, which must stay when the entry is settled. */
  isSlice(id: string): boolean {
    const slice = this.#members.get(id)?.slice;
    return slice?.entry === id && !this.#isOver(slice, slice.held - this.#members.get(id)!.units);
  }

  /** Ends a request's part of its slice. */
  settle(id: string, result: EntryResult): void {
    const member = this.#members.get(id);
    if (member === undefined) return;
    this.#members.delete(id);
    const { slice, units } = member;
    slice.held -= units;
    const left = slice.units - paidUnits(result);
    // The cost may have been higher than the reservation: the parts of the others stay reserved.
    slice.units = left < slice.held ? slice.held : left;
    this.#changed.add(slice);
    if (this.#replaced.has(slice)) this.#shrink(slice);
  }

  /** Ends the part of a request that was not sent. */
  leave(id: string): void {
    this.settle(id, { outcome: 'stopped', costSource: 'unknown', attempts: 1 });
  }

  /** Extends a request's part, or increases it. Returns undefined if it has none, else by how much the slice has to grow for it. */
  renew(id: string, { amount, expiresAt }: Reservation): { row: number; more: bigint; undo: () => void } | undefined {
    const member = this.#members.get(id);
    if (member === undefined) return undefined;
    const { slice } = member;
    const increase = toUnits(amount) - member.units;
    const free = slice.units - slice.held;
    const more = increase > free ? increase - free : 0n;
    const change = (units: bigint, grown: bigint): void => {
      member.units += units;
      slice.held += units;
      slice.units += grown;
      this.#changed.add(slice);
    };
    change(increase > 0n ? increase : 0n, more);
    slice.expiresAt = Math.max(slice.expiresAt, expiresAt);
    return { row: slice.row, more, undo: () => change(-increase, -more) };
  }

  /** Ends slices that no request has used since the last call. */
  sweep(): void {
    for (const slice of this.#slices.values()) {
      if (slice.isUsed || slice.held > 0n) slice.isUsed = false;
      else this.#end(slice);
    }
  }

  /** Ends all slices, except the parts that requests hold. */
  release(): void {
    for (const slice of this.#slices.values()) {
      this.#slices.delete(slice.key);
      this.#replaced.add(slice);
      this.#shrink(slice);
    }
  }

  /** Returns the changes since the last call. */
  changes(): readonly SliceChange[] {
    const changes = [...this.#changed].map(({ row, units, expiresAt }) => ({
      row,
      amount: units > 0n ? unitsText(units) : undefined,
      expiresAt,
    }));
    this.#changed.clear();
    return changes;
  }

  #hold(slice: Slice, id: string, units: bigint, expiresAt: number): void {
    slice.held += units;
    slice.isUsed = true;
    this.#members.set(id, { slice, units });
    if (expiresAt <= slice.expiresAt + EXTENSION_MS) return;
    slice.expiresAt = expiresAt;
    this.#changed.add(slice);
  }

  /** Gives back what no request holds. */
  #shrink(slice: Slice): void {
    slice.units = slice.held;
    this.#changed.add(slice);
    if (slice.held === 0n) this.#replaced.delete(slice);
  }

  #end(slice: Slice): void {
    this.#slices.delete(slice.key);
    this.#shrink(slice);
  }

  #isOver(slice: Slice, held: bigint): boolean {
    return held === 0n && this.#slices.get(slice.key) !== slice;
  }
}

/** Scopes with the same key have the same budgets in the same periods. */
function keyOf({ conversation, profile, project, models, vendor, clientKey, tags, spans }: BudgetScope): string {
  return `${vendor}\0${models.join('\n')}\0${clientKey ?? ''}\0${tags.join('\n')}\0${spans.day.start}\0${conversation}\0${profile}\0${project}`;
}
