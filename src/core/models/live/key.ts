/** A key as the terminal tells it: a name, or one character; `ctrl-` before it where that was pressed. */
export interface LiveKey {
  name: string;
  /** A character that can be typed into the query. */
  text?: string | undefined;
}
