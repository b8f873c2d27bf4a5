/** A view that controls the terminal. */
export interface HeldScreen {
  /** Restores the terminal, because another program writes to it next. */
  release: () => void;
  /** Takes the terminal again, whose size may have changed, and redraws the view. */
  retake: () => void;
}

/** Shares the terminal with the shell that started the process. */
export interface JobControl {
  /**
   * Gives a view the terminal: it releases the terminal before the process is suspended, by Ctrl-Z or by a signal, and retakes it
   * when the process continues. Returns a function that ends this.
   */
  hold: (screen: HeldScreen) => () => void;
  /** Suspends the foreground process group, as the terminal does for Ctrl-Z when no program reads its keys. */
  suspend: () => void;
}
