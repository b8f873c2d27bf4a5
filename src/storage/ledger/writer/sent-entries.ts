/**
 * The entries of requests that a server has sent, and that its thread writes to the ledger a moment later. If the process is killed, the next
 * command takes them over (storage/journal/take-over.ts).
 */
export interface OpenedEntries {
  /** Appends an entry that will be the job with this number: a LedgerJob of kind `open` as JSON text. Throws the system's error. */
  note: (job: string, number: number) => void;
  /** All jobs up to this number are in the ledger. `isIdle`: no request is expected soon. */
  forget: (number: number, isIdle: boolean) => void;
  /** Leaves the files that are still needed to the next command. */
  close: () => void;
}
