/** Lets the event loop turn so often that everything of this process that is due has happened, however slow the machine is. */
export async function turns(count = 50): Promise<void> {
  for (let turn = 0; turn < count; turn += 1) await new Promise((resolve) => setImmediate(resolve));
}

/** Keeps a server or a process waiting. No expectation may depend on how long that takes. */
export function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
