import { toUnits } from '../cost-units.ts';
import type { EntryRow } from '../entry-row.ts';
import { tagsIn } from '../labeling.ts';
import type { SliceChange } from '../writer/budget-slices.ts';
import type { PeriodSpan } from './budget.ts';
import type { HeldLease, Lease, LeaseHolder } from './known.ts';
import type { Owner } from '../../files/owner.ts';
import type { SqlValue } from '../../sqlite/sql.ts';
import type { Store } from '../store.ts';
import { texts } from '../../sqlite/stored-text.ts';

/** How long an entry without reserved money, which is never renewed, counts as alive while its process runs. */
const LEASE_MS = 15 * 60 * 1000;

/**
 * Values of `is_kept`. A kept lease has a settled entry, and stays until it expires. A slice does so only while its process runs: it is
 * money for further requests of that process.
 */
const KEPT = 1;
const SLICE = 2;

interface LeaseRow {
  entry: number;
  expires_at: number;
  pid: number;
  host: string;
  amount: string | null;
  models: string;
  is_kept: number;
}

/** A lease as read, and whether it is undamaged. */
type ReadLease = LeaseRow & { is_sound: number };

/** All data columns of a lease, in the order of the index that repeats them. */
export const LEASE_COLUMNS = ['expires_at', 'pid', 'host', 'amount', 'models', 'is_kept'] as const;

// A changed byte makes the row differ from the index. Then it is not known how much is reserved, and until when.
const IS_SOUND = `EXISTS (SELECT 1 FROM lease copy INDEXED BY lease_copy WHERE copy.entry = lease.entry
  AND ${LEASE_COLUMNS.map((column) => `copy.${column} IS lease.${column}`).join(' AND ')}) is_sound`;

/** Creates or replaces the lease of an entry. Without an amount it reserves no money. */
export function storeLease(
  { sql, owner, book }: Store,
  entry: number,
  of: LeaseHolder,
  lease: { from: number; expiresAt?: number | undefined; amount?: string | undefined; models: readonly string[] },
): void {
  const { models, amount } = lease;
  const expiresAt = Math.ceil(lease.expiresAt ?? lease.from + LEASE_MS);
  sql.run(
    `INSERT INTO lease (entry, expires_at, pid, host, amount, models) VALUES (?, ?, ?, ?, ?, ?) ON CONFLICT (entry) DO UPDATE SET
     expires_at = excluded.expires_at, pid = excluded.pid, host = excluded.host, amount = excluded.amount, models = excluded.models`,
    [entry, expiresAt, owner.pid, owner.host, amount, JSON.stringify(models)],
  );
  book?.leases.set(entry, {
    project: of.project,
    profile: of.profile,
    vendor: of.vendor,
    clientKey: of.clientKey,
    tags: of.tags,
    conversation: of.conversation,
    openedAt: of.openedAt,
    entry,
    expires_at: expiresAt,
    pid: owner.pid,
    host: owner.host,
    is_kept: 0,
    is_sound: 1,
    units: amount === undefined ? undefined : toUnits(amount),
    models,
  });
}

/** Returns the amount that an entry reserves, in units; 0 for none. */
export function amountReserved({ sql, book }: Store, entry: number): bigint {
  const known = book?.leases.get(entry);
  if (known !== undefined) return known.units ?? 0n;
  return toUnits(
    sql.first<Pick<LeaseRow, 'amount'>>(`SELECT ${texts('amount')} FROM lease WHERE entry = ?`, [entry])?.amount ?? undefined,
  );
}

/** Ends a lease. With `remaining`, this amount stays reserved until that moment, whether the process runs or not. */
export function endLease({ sql, book }: Store, entry: number, remaining?: { amount: string; until: number }): void {
  const known = book?.leases.get(entry);
  if (known?.is_kept === SLICE) return;
  if (remaining === undefined) book?.leases.delete(entry);
  else if (known !== undefined)
    book?.leases.set(entry, {
      ...known,
      units: toUnits(remaining.amount),
      expires_at: Math.ceil(remaining.until),
      is_kept: KEPT,
    });
  if (remaining === undefined) sql.run(`DELETE FROM lease WHERE entry = ? AND is_kept <> ${SLICE}`, [entry]);
  else
    sql.run('UPDATE lease SET amount = ?, expires_at = ?, is_kept = 1 WHERE entry = ?', [
      remaining.amount,
      Math.ceil(remaining.until),
      entry,
    ]);
}

/** Turns the lease of an entry that is being settled into a slice. */
export function keepSlice({ sql, book }: Store, entry: number): void {
  const known = book?.leases.get(entry);
  if (known !== undefined) book?.leases.set(entry, { ...known, is_kept: SLICE });
  sql.run(`UPDATE lease SET is_kept = ${SLICE} WHERE entry = ?`, [entry]);
}

/** See Ledger.setSlice. */
export function changeSlice({ sql, book, owner }: Store, { row, amount, expiresAt }: SliceChange): void {
  const known = book?.leases.get(row);
  const until = Math.ceil(expiresAt);
  if (amount === undefined && known?.is_kept === SLICE) book?.leases.delete(row);
  else if (known !== undefined) book?.leases.set(row, { ...known, units: toUnits(amount), expires_at: until });
  if (amount === undefined) sql.run(`DELETE FROM lease WHERE entry = ? AND pid = ? AND is_kept = ${SLICE}`, [row, owner.pid]);
  sql.run(`UPDATE lease SET amount = ?, expires_at = ? WHERE entry = ? AND pid = ? AND is_kept <> ${KEPT}`, [
    amount ?? '0',
    until,
    row,
    owner.pid,
  ]);
}

/** Returns all reservations at this moment, without those that have expired, are damaged, or belong to a process that has ended. */
export function readReserved(store: Store, now: number): Lease[] {
  const isAlive = livenessOf(store.owner, now);
  return readLeases(store, 'amount IS NOT NULL AND expires_at > ?', [now]).filter(isAlive) as (HeldLease & Lease)[];
}

/** Returns all leases, or those that match a condition, with their entries' properties. */
export function readLeases({ sql, labels }: Store, condition = 'TRUE', values: readonly SqlValue[] = []): HeldLease[] {
  return sql
    .all<ReadLease & EntryRow>(
      `SELECT lease.entry, expires_at, pid, is_kept, ${IS_SOUND}, project, profile, vendor, client, tags, opened_at, ${texts('host', 'amount', 'models', 'conversation')}
       FROM lease JOIN entry ON entry.row = lease.entry
       WHERE ${condition}`,
      values,
    )
    .map((row) => ({
      entry: row.entry,
      expires_at: row.expires_at,
      pid: row.pid,
      host: row.host,
      is_kept: row.is_kept,
      is_sound: row.is_sound,
      units: row.amount === null ? undefined : toUnits(row.amount),
      models: modelsIn(row.models),
      project: labels.text(Number(row['project'])),
      profile: labels.text(Number(row['profile'])),
      vendor: labels.text(Number(row['vendor'])),
      clientKey: row['client'] === null ? undefined : labels.text(Number(row['client'])),
      tags: row['tags'] === null ? undefined : tagsIn(labels.text(Number(row['tags']))),
      conversation: String(row['conversation']),
      openedAt: row.opened_at,
    }));
}

/** Returns whether a lease reserves money at this moment. */
export function isHeld(lease: HeldLease, now: number): lease is HeldLease & Lease {
  return lease.units !== undefined && lease.expires_at > now;
}

/**
 * Returns open entries whose lease has expired, is damaged or missing. Deletes kept reservations that have expired, and slices of processes that
 * have ended. `ended`: the processes of this machine to which they belonged, and which no longer run.
 */
export function lostEntries({ sql, owner }: Store, now: number): { rows: number[]; ended: ReadonlySet<number> } {
  sql.run(`DELETE FROM lease WHERE is_kept = ${KEPT} AND expires_at <= ?`, [now]);
  const isAlive = livenessOf(owner, now);
  const slices = sql
    .all<ReadLease>(`SELECT entry, expires_at, pid, is_kept, ${IS_SOUND}, ${texts('host')} FROM lease WHERE is_kept = ${SLICE}`)
    .filter((slice) => !isAlive(slice));
  for (const { entry } of slices) sql.run('DELETE FROM lease WHERE entry = ?', [entry]);
  const entries = sql
    .all<Partial<ReadLease> & { row: number }>(
      `SELECT row, expires_at, pid, is_kept, ${IS_SOUND}, ${texts('host')} FROM entry INDEXED BY entry_open LEFT JOIN lease ON lease.entry = entry.row WHERE outcome IS NULL`,
    )
    .filter((row) => !isAlive(row));
  const pids = new Set([...slices, ...entries].flatMap(({ host, pid }) => (host === owner.host ? [Number(pid)] : [])));
  const ended = new Set([...pids].filter((pid) => pid !== owner.pid && !owner.isRunning(pid)));
  return { rows: entries.map(({ row }) => row), ended };
}

// Undefined if the text is damaged: then it is not known which budgets for models it belongs to.
function modelsIn(text: string): string[] | undefined {
  try {
    return JSON.parse(text) as string[];
  } catch {
    return undefined;
  }
}

/** Returns whether an entry was opened within a range of time. */
export function isWithin({ openedAt }: { openedAt: number }, { start, end }: PeriodSpan): boolean {
  return openedAt >= start && openedAt < end;
}

type Liveness = { [Key in 'expires_at' | 'host' | 'pid' | 'is_kept' | 'is_sound']?: SqlValue };

// Checks each process only once, however many leases it has.
export function livenessOf(owner: Owner, now: number): (lease: Liveness) => boolean {
  const known = new Map<number, boolean>([[owner.pid, true]]);
  return ({ expires_at: expiresAt, host, pid, is_kept: isStored, is_sound: isSound }) => {
    if (isSound !== 1 || typeof expiresAt !== 'number' || expiresAt <= now) return false;
    if (isStored === KEPT || host !== owner.host) return true;
    const id = Number(pid);
    const isRunning = known.get(id) ?? owner.isRunning(id);
    known.set(id, isRunning);
    return isRunning;
  };
}
