import { unwatchFile, watchFile as watchStat } from 'node:fs';
import { resolve } from 'node:path';

const INTERVAL_MS = 500;

/**
 * Calls back when a file has changed. Watches the path, so that an editor that replaces the file and a link with a new target
 * count as changes. Also calls back once after it has begun to watch. Does not keep the process running.
 */
export function watchFile(path: string, onChange: () => void): () => void {
  const absolute = resolve(path);
  const listener = (): void => onChange();
  watchStat(absolute, { interval: INTERVAL_MS, persistent: false }, listener);
  // Node compares with what its first look finds. This call covers a change between the caller's reading of the file and that look.
  const timer = setTimeout(listener, INTERVAL_MS).unref();
  return () => {
    clearTimeout(timer);
    unwatchFile(absolute, listener);
  };
}
