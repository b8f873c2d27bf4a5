import { clean } from '../sqlite/clean-text.ts';
import { tagsIn } from './labeling.ts';
import type { Sql } from '../sqlite/sql.ts';
import { texts } from '../sqlite/stored-text.ts';

/** Texts that occur in many entries, each stored once under a small number. They are never changed or deleted. */
export class Labels {
  readonly #sql: Sql;
  readonly #ids = new Map<string, number>();
  readonly #texts = new Map<number, string>();

  constructor(sql: Sql) {
    this.#sql = sql;
  }

  /** Returns the number of a text, and stores the text if it is new: only inside a write transaction. */
  store(text: string): number {
    const known = this.find(text);
    if (known !== undefined) return known;
    return this.#remember(this.#sql.insert('INSERT INTO label (text) VALUES (?)', [clean(text)]), clean(text));
  }

  find(text: string): number | undefined {
    // Only cleaned texts are known.
    const known = this.#ids.get(text) ?? this.#ids.get(clean(text));
    if (known !== undefined) return known;
    const row = this.#sql.first<{ id: number }>('SELECT id FROM label WHERE text = ?', [clean(text)]);
    return row === undefined ? undefined : this.#remember(row.id, clean(text));
  }

  /** Returns the text of a number; empty if a damaged database has lost it. */
  text(id: number): string {
    const known = this.#texts.get(id);
    if (known !== undefined) return known;
    const row = this.#sql.first<{ text: string }>(`SELECT ${texts('text')} FROM label WHERE id = ?`, [id]);
    if (row === undefined) return '';
    this.#remember(id, row.text);
    return row.text;
  }

  /** Returns the numbers of all matching texts. */
  matching(matches: (text: string) => boolean): number[] {
    return this.#sql
      .all<{ id: number; text: string }>(`SELECT id, ${texts('text')} FROM label`)
      .filter(({ text }) => matches(text))
      .map(({ id }) => id);
  }

  /** Returns the numbers of all lists of tags that contain this tag. */
  withTag(tag: string): number[] {
    return this.matching((text) => tagsIn(text)?.includes(clean(tag)) === true);
  }

  /** Clears the cache after a rollback, because labels stored in the transaction no longer exist. */
  forget(): void {
    this.#ids.clear();
    this.#texts.clear();
  }

  #remember(id: number, text: string): number {
    this.#ids.set(text, id);
    this.#texts.set(id, text);
    return id;
  }
}
