import type { AccountingNote } from '../../core/budget/accounting.ts';

/** The notes of a command about its records and budgets, until they are printed. */
export class AccountingNotes {
  #notes: AccountingNote[] = [];

  readonly add = (note: AccountingNote): void => void this.#notes.push(note);

  /** Returns the notes since the last call, without duplicates: every lane of a comparison may add the same one. */
  readonly drain = (): readonly AccountingNote[] => {
    const taken = this.#notes.map((note) => [note.type === 'warning' ? 'warning' : JSON.stringify(note), note] as const);
    this.#notes = [];
    return [...new Map(taken).values()];
  };
}
