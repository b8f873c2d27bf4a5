/** What a lane did: it yielded an event, failed, or ended. `end` or `failure` is the last event of a lane. */
export type LaneEvent<T> =
  | { type: 'event'; lane: number; event: T }
  | { type: 'failure'; lane: number; error: unknown }
  | { type: 'end'; lane: number };

/** Starts a lane. The signal is aborted when the lane is no longer needed; the stream must then end or throw soon. */
export type OpenLane<T> = (signal: AbortSignal) => AsyncIterable<T>;

/**
 * Runs all lanes at once and yields their events in order of arrival, tagged with the lane's index. A lane that fails yields a `failure` event
 * and does not affect the others. An abort of a lane's own signal (`own`) affects only that lane. Nothing starts before the first `next()`. An abort is passed on to the lanes, which then fail with its reason;
 * leaving the loop early aborts all lanes without waiting for them. Events that have arrived and are not consumed yet are buffered without
 * limit: the consumers buffer whole answers anyway.
 */
export async function* mergeLanes<T>(
  lanes: readonly OpenLane<T>[],
  signal?: AbortSignal,
  own: readonly AbortSignal[] = [],
): AsyncGenerator<LaneEvent<T>> {
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
    lanes.forEach((open, lane) => {
      const alone = own[lane];
      const ends = alone === undefined ? laneSignal : AbortSignal.any([laneSignal, alone]);
      void pump(() => open(ends), lane, abandon.signal, tell);
    });
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

/** Never rejects: an error of the lane becomes an event. */
async function pump<T>(
  open: () => AsyncIterable<T>,
  lane: number,
  abandoned: AbortSignal,
  tell: (event: LaneEvent<T>) => void,
): Promise<void> {
  try {
    for await (const event of open()) {
      // The consumer left the loop, and this lane ignored the abort: returning closes it.
      if (abandoned.aborted) return;
      tell({ type: 'event', lane, event });
    }
    tell({ type: 'end', lane });
  } catch (error) {
    tell({ type: 'failure', lane, error });
  }
}
