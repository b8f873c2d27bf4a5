/** Returns the typed flags that select the profile, the catalogue and the ledger, so that completion uses the same ones. */
export function connectionFlags(words: readonly string[]): Record<string, unknown> {
  const flags: Record<string, unknown> = {};
  words.forEach((word, at) => {
    if (word === '--sandbox') flags['sandbox'] = true;
    if (word === '--no-sandbox') flags['sandbox'] = false;
    if (word === '--profile') flags['profile'] = words[at + 1];
    if (word.startsWith('--profile=')) flags['profile'] = word.slice('--profile='.length);
    if (word === '--base-url') flags['base-url'] = words[at + 1];
    if (word.startsWith('--base-url=')) flags['base-url'] = word.slice('--base-url='.length);
  });
  return flags;
}
