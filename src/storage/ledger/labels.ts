import { clean } from '../sqlite/clean-text.ts';
import { tagsIn } from './labeling.ts';
import type { Sql } from '../sqlite/sql.ts';
import { texts } from '../sqlite/stored-text.ts';

/** Texts that repeat in many entries, each stored once under a small number. They are never changed or deleted. */
export class Labels {
  readonly #sql: Sql;
  readonly #ids = new Map<string, number>();
  readonly #texts = new Map<number, string>();

  constructor(sql: Sql) {
    this.#sql = sql;
  }

  /** The number of a text, which is stored if it is new: inside a write transaction only. */
  store(text: string): number {
    const known = this.find(text);
    if (known !== undefined) return known;
    return this.#remember(this.#sql.insert('INSERT INTO label (text) VALUES (?)', [clean(text)]), clean(text));
  }

  find(text: string): number | undefined {
    const known = this.#ids.get(clean(text));
    if (known !== undefined) return known;
    const row = this.#sql.first<{ id: number }>('SELECT id FROM label WHERE text = ?', [clean(text)]);
    return row === undefined ? undefined : this.#remember(row.id, clean(text));
  }

  /** `` for a number that a damaged database no longer explains. */
  text(id: number): string {
    const known = this.#texts.get(id);
    if (known !== undefined) return known;
    const row = this.#sql.first<{ text: string }>(`SELECT ${texts('text')} FROM label WHERE id = ?`, [id]);
    if (row === undefined) return '';
    this.#remember(id, row.text);
    return row.text;
  }

  /** The numbers of all texts that match. */
  matching(matches: (text: string) => boolean): number[] {
    return this.#sql
      .all<{ id: number; text: string }>(`SELECT id, ${texts('text')} FROM label`)
      .filter(({ text }) => matches(text))
      .map(({ id }) => id);
  }

  /** The numbers of all lists of tags that hold this one. */
  withTag(tag: string): number[] {
    return this.matching((text) => tagsIn(text)?.includes(clean(tag)) === true);
  }

  /** After a transaction was undone: texts that it stored have no number. */
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
