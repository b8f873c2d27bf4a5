interface Closable {
  close: () => void | Promise<void>;
}

export interface OncePerKey<Options, Opened> {
  /** Opens what the key stands for. The first call for a key decides with which options. */
  open: (key: string, options: Options) => Promise<Opened>;
  /** Closes all that was opened. What could not be opened has said so already. */
  close: () => Promise<void>;
}

/** Opens each thing once, however often it is asked for. */
export function createOncePerKey<Options, Opened extends Closable>(
  openNew: (key: string, options: Options) => Promise<Opened>,
): OncePerKey<Options, Opened> {
  const known = new Map<string, Promise<Opened>>();
  return {
    open(key, options) {
      const opening = known.get(key) ?? openNew(key, options);
      known.set(key, opening);
      return opening;
    },
    async close() {
      for (const opening of known.values()) await (await opening.catch(() => undefined))?.close();
    },
  };
}
