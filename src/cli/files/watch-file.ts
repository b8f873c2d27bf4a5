import { unwatchFile, watchFile as watchStat } from 'node:fs';
import { resolve } from 'node:path';

const INTERVAL_MS = 500;

/**
 * Calls back when a file has changed, looking at its path: an editor that writes another file in its place, and a link that points elsewhere, are
 * changes too. Does not keep the process running.
 */
export function watchFile(path: string, onChange: () => void): () => void {
  const absolute = resolve(path);
  const listener = (): void => onChange();
  watchStat(absolute, { interval: INTERVAL_MS, persistent: false }, listener);
  return () => unwatchFile(absolute, listener);
}
