export interface InOrderOptions {
  /** Most items that are worked on at the same time. */
  atOnce: number;
  /** Most items that are worked on or wait for an earlier one. */
  ahead: number;
}

/**
 * Yields the result of each item in the order of the items, while several are worked on. `work` must not reject. A failure of the
 * items is thrown after the results of those before it.
 */
export async function* inOrder<Item, Result>(
  items: AsyncIterable<Item>,
  work: (item: Item) => Promise<Result>,
  { atOnce, ahead }: InOrderOptions,
): AsyncGenerator<Result, void, undefined> {
  const queue: Promise<Result>[] = [];
  let active = 0;
  let end: { error?: unknown } | undefined;
  let isLeft = false;
  const waiters: (() => void)[] = [];
  const changed = (): Promise<void> => new Promise((resolve) => void waiters.push(resolve));
  const notify = (): void => {
    for (const resolve of waiters.splice(0)) resolve();
  };
  const mustWait = (): boolean => !isLeft && (active >= atOnce || queue.length >= ahead);
  const start = async (): Promise<void> => {
    for await (const item of items) {
      while (mustWait()) await changed();
      if (isLeft) return;
      active += 1;
      queue.push(
        work(item).finally(() => {
          active -= 1;
          notify();
        }),
      );
      notify();
    }
  };
  void start()
    .then(
      () => (end = {}),
      (error: unknown) => (end = { error }),
    )
    .then(() => notify());
  try {
    for (;;) {
      const head = queue.shift();
      if (head !== undefined) {
        notify();
        yield await head;
      } else if (end === undefined) await changed();
      else if ('error' in end) throw end.error;
      else return;
    }
  } finally {
    isLeft = true;
    notify();
  }
}
