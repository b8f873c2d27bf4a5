/** Who can have the terminal of a drawn conversation: what runs in it (questions, comparisons), or the user (an editor, a shell). */
export type Borrower = 'work' | 'user';

export type LendTerminal = <T>(who: Borrower, use: () => Promise<T>) => Promise<T>;

/**
 * Lends the terminal to one at a time: a question of a tool waits until the user's editor is closed. What asks inside of work that has the
 * terminal gets it at once. `lend` takes the screen away, and brings it back.
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
