import { turns } from './turns.ts';

/** Returns a sleep that ends when nothing else is left to do. The shortest sleep ends first, and no test really waits. */
export function virtualSleep(): (ms: number, signal?: AbortSignal) => Promise<void> {
  let now = 0;
  let isDriven = false;
  const sleepers = new Map<() => void, number>();
  const drive = async (): Promise<void> => {
    isDriven = true;
    while (sleepers.size > 0) {
      await turns(5);
      const [first] = [...sleepers].toSorted(([, one], [, other]) => one - other);
      if (first === undefined) break;
      now = first[1];
      first[0]();
    }
    isDriven = false;
  };
  return (ms, signal) =>
    new Promise((resolve, reject) => {
      const wake = (): void => {
        sleepers.delete(wake);
        resolve();
      };
      const onAbort = (): void => {
        sleepers.delete(wake);
        reject(signal?.reason as Error);
      };
      if (signal?.aborted === true) return onAbort();
      signal?.addEventListener('abort', onAbort, { once: true });
      sleepers.set(wake, now + ms);
      if (!isDriven) void drive();
    });
}
