/**
 * The holder of the terminal of a drawn conversation: its own work (questions, comparisons), or the user (an editor, a shell).
 */
export type Borrower = 'work' | 'user';

export type LendTerminal = <T>(who: Borrower, use: () => Promise<T>) => Promise<T>;

/**
 * Returns a function that lends the terminal to one holder at a time: a tool's question waits until the user's editor is closed.
 * Work that already holds the terminal gets it at once. `lend` hides the screen and restores it.
 */
export function createTerminalLoan(lend: <T>(use: () => Promise<T>) => Promise<T>): LendTerminal {
  let holder: Borrower | undefined;
  let last: Promise<unknown> = Promise.resolve();
  return (who, use) => {
    if (holder === who) return use();
    const turn = last.then(async () => {
      holder = who;
      try {
        return await lend(use);
      } finally {
        holder = undefined;
      }
    });
    last = turn.catch(() => undefined);
    return turn;
  };
}
