import { expect, test } from 'vitest';
import { openTerminal } from './terminal.ts';

/** More than Linux returns per read of a terminal, less than it stores. */
const WRITTEN_BYTES = [5000, 8000];
/** A terminal may store less: then the program ends only once it is read, which shows nothing but is no fault. */
const LONGEST_WAIT_MS = 5000;

test.each(WRITTEN_BYTES)('a reader that comes after the end of the program receives all %d bytes', async (length) => {
  const program = ['/bin/sh', '-c', `head -c ${length} /dev/zero | tr '\\0' a`];
  const terminal = openTerminal([], { program, isUnread: true });
  // Nothing is read during this loop; the program is waited for in another thread.
  for (const end = Date.now() + LONGEST_WAIT_MS; isAlive(terminal.pid) && Date.now() < end;) continue;
  expect(await terminal.exit).toBe(0);
  expect(terminal.bytes()).toHaveLength(length);
});

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}
