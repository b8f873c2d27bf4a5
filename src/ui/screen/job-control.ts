/** A view that has the terminal. */
export interface HeldScreen {
  /** Gives the terminal back as it was: another program writes to it next. */
  release: () => void;
  /** Takes it again, which may have another size, and draws what was there. */
  retake: () => void;
}

/** Sharing the terminal with the shell that started the process. */
export interface JobControl {
  /**
   * A view has the terminal from now on: it releases it before the process is suspended, by Ctrl-Z or by a signal, and retakes it when the
   * process continues. Returns what ends that.
   */
  hold: (screen: HeldScreen) => () => void;
  /** Suspends the foreground, as the terminal does for Ctrl-Z where no program reads its keys. */
  suspend: () => void;
}
