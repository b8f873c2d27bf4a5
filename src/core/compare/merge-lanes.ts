/** What one lane of several did: something came, it failed, or it is over. `end` or `failure` is a lane's last. */
export type LaneEvent<T> =
  | { type: 'event'; lane: number; event: T }
  | { type: 'failure'; lane: number; error: unknown }
  | { type: 'end'; lane: number };

/** Starts a lane. The signal is aborted when the lane is no longer wanted; the stream must then end or throw soon. */
export type OpenLane<T> = (signal: AbortSignal) => AsyncIterable<T>;

/**
 * Runs all lanes at once and yields what they give in the order in which it arrives, tagged with the lane's index. A lane that
 * fails is told as data and is not the end of the others. Nothing starts before the first `next()`. An abort reaches the lanes,
 * which then fail with its reason; leaving the loop early aborts them all and waits for none. What has arrived and is not yet
 * taken is buffered without limit: the answers are buffered whole by whoever reads them anyway.
 */
export async function* mergeLanes<T>(lanes: readonly OpenLane<T>[], signal?: AbortSignal): AsyncGenerator<LaneEvent<T>> {
  const abandon = new AbortController();
  const laneSignal = signal === undefined ? abandon.signal : AbortSignal.any([signal, abandon.signal]);
  let arrived: LaneEvent<T>[] = [];
  let wake = (): void => undefined;
  const tell = (event: LaneEvent<T>): void => {
    arrived.push(event);
    wake();
  };

  let running = lanes.length;
  try {
    lanes.forEach((open, lane) => void pump(() => open(laneSignal), lane, abandon.signal, tell));
    while (running > 0) {
      if (arrived.length === 0) await new Promise<void>((resolve) => (wake = resolve));
      const batch = arrived;
      arrived = [];
      for (const event of batch) {
        if (event.type !== 'event') running -= 1;
        yield event;
      }
    }
  } finally {
    abandon.abort();
  }
}

/** Never rejects: what a lane throws is told like everything else. */
async function pump<T>(
  open: () => AsyncIterable<T>,
  lane: number,
  abandoned: AbortSignal,
  tell: (event: LaneEvent<T>) => void,
): Promise<void> {
  try {
    for await (const event of open()) {
      // The loop was left, and this lane did not hear the abort: leaving here closes it.
      if (abandoned.aborted) return;
      tell({ type: 'event', lane, event });
    }
    tell({ type: 'end', lane });
  } catch (error) {
    tell({ type: 'failure', lane, error });
  }
}
