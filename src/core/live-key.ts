/** A key press as reported by the terminal: a name or one character, prefixed with `ctrl-` if Ctrl was pressed. */
export interface LiveKey {
  name: string;
  /** A character that can be typed into the query. */
  text?: string | undefined;
}
