/** Turns the event loop often enough for everything pending in this process to happen, however slow the machine is. */
export async function turns(count = 50): Promise<void> {
  for (let turn = 0; turn < count; turn += 1) await new Promise((resolve) => setImmediate(resolve));
}

/** Keeps a server or a process waiting. No expectation may depend on how long this takes. */
export function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
