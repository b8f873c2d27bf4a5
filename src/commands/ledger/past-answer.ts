/** Returns the usual length in tokens of this model's answers, from the ledger; undefined if it is not known. */
export function pastAnswer(
  ledger: { outputLength: (model: string) => { median: number } | undefined } | undefined,
  model: string,
): number | undefined {
  try {
    return ledger?.outputLength(model)?.median;
  } catch {
    // A damaged ledger only makes the quote less precise.
    return undefined;
  }
}
